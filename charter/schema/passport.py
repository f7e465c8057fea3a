"""What the passport of due diligence consists of: items, as the networks adopt them (domain specification §3.2)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from charter.schema.base import Count, Key, Rules, Words


class PassportItemRules(Rules):
    """One item that an organisation gives once, and again when it ends."""

    name: Words
    asks: Words
    """What to write or to add, in the words that the organisation reads."""
    asked_of: Literal["all", "registered", "unregistered"] = "all"
    required: bool = True
    """Whether the check cannot end before this is accepted or waived."""
    text: bool = False
    document: bool = False
    dated: bool = False
    """Whether the paper names the day on which it ends."""
    valid_months: Count = 0
    """Accepted for so many months; 0: until it is given anew."""
    names_people: bool = False
    """Whether people are named in its text; their names are compared with the lists of sanctions."""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.text and not self.document:
            raise ValueError("an item of the passport asks for a text or a document")
        return self


class PassportRules(Rules):
    """The items by their key, how many days before an end its people are reminded, and how long a signed passport holds."""

    items: dict[Key, PassportItemRules] = {}
    remind_days: Annotated[tuple[Count, ...], Field(min_length=1)] = (60, 30, 7)
    signed_months: Annotated[int, Field(ge=1, le=24)] = 3
    """A signed passport holds for so long: what changes later, its file cannot know."""
