"""What may be published where partners' names are withheld (domain specification §6.3)."""

from typing import Annotated

from pydantic import Field

from charter.schema.base import Rules


class PublicationRules(Rules):
    """How much a published sum must hold so that nobody can be told from it."""

    least_partners: Annotated[int, Field(strict=True, ge=2, le=100)]
    """No published sum of a fund that hides its partners singles out fewer of them in a year."""
    least_candidates: Annotated[int, Field(strict=True, ge=2, le=100)]
    """Of at least so many places or sectors a reader cannot tell which one was withheld."""
