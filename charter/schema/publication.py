"""What may be published, when, and how coarse, where names or amounts are withheld (domain specification §6.2, §6.3)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from charter.schema.base import Count, Key, Minor, Percent, Rules


class PublicationRules(Rules):
    """How much a published sum must hold so that nobody can be told from it."""

    least_partners: Annotated[int, Field(strict=True, ge=2, le=100)]
    """No published sum of a fund that hides its partners singles out fewer of them in a year."""
    least_candidates: Annotated[int, Field(strict=True, ge=2, le=100)]
    """Of at least so many places or sectors a reader cannot tell which one was withheld."""
    delay_days: Count
    """Calendar days after the end of the month of signature before a grant is told in public: exports cannot be recalled."""
    band_edges_minor: Annotated[tuple[Minor, ...], Field(min_length=1, max_length=20)]
    """Where a withheld amount is told as a band: the edges, rising."""
    least_uncertainty_percent: Percent
    """So much of its own amount must stay in doubt for every grant that is told in a sum."""
    sectors_withheld: tuple[Key, ...]
    """Sectors whose partners are not named unless they consent."""
    review_months: Count
    """After so many months each withholding is looked at again."""
    people_rounded_to: Annotated[int, Field(strict=True, ge=1, le=1000)]
    """People reached are told rounded to a multiple of this."""
    least_people: Count
    """Fewer people than this are not told at all: so small a number points at persons."""
    kept_versions: Annotated[int, Field(strict=True, ge=1, le=1000)]
    """So many versions of each public file stay at their own address, one a day on which it changed."""

    @model_validator(mode="after")
    def edges_rise(self) -> Self:
        """Refuse edges that do not rise."""
        if list(self.band_edges_minor) != sorted(set(self.band_edges_minor)):
            raise ValueError("the edges of the bands rise from one to the next")
        return self
