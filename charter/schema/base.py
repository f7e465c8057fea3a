"""What all parts of the charter are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Rules(BaseModel):
    """A part of the charter: frozen, and closed to names that the schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


Count = Annotated[int, Field(strict=True, ge=0, le=100_000)]
"""A whole number of things, days, months, hours or years; the field's name says which."""

Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
"""A share in whole percent."""

Minor = Annotated[int, Field(strict=True, ge=0, le=10**14)]
"""An amount in minor units (cents) of the charter's currency."""

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A name for software: small Latin letters, digits and underscores."""

FilledText = Annotated[str, Field(min_length=1, max_length=2000)]


class Words(Rules):
    """A text of the charter; Arabic and English are both required, Kurmanji may follow."""

    ar: FilledText
    en: FilledText
    ku: str = ""

    def in_language(self, language: str) -> str:
        """The text in ``language``, else in Arabic."""
        text: str = getattr(self, language, "") if language in type(self).model_fields else ""
        return text or self.ar


class Fraction(Rules):
    """An exact share such as two thirds."""

    numerator: Annotated[int, Field(strict=True, ge=0)]
    denominator: Annotated[int, Field(strict=True, ge=1)]

    def rounded_up(self, whole: int) -> int:
        """The smallest whole number that is at least this share of ``whole``."""
        return -(-whole * self.numerator // self.denominator)
