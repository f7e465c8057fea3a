"""The box in which an application names its places."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grants.selectors.places import resolve
from kernel.fields import LongTextField
from kernel.texts import clean_line

MOST_PLACES = 30


class PlacesField(LongTextField):
    """Places of OCHA's list, one a line by name or code; the value is their codes."""

    def __init__(self, *args: Any, governorates: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.governorates = governorates
        """Where they may lie."""

    def clean(self, value: Any) -> Any:
        """The codes in their order. Raises ValidationError with every line that names no place, or several."""
        said = [line for one in str(super().clean(value) or "").splitlines() if (line := clean_line(one))]
        if len(said) > MOST_PLACES:
            raise ValidationError(_("Name at most %(most)s places.") % {"most": MOST_PLACES}, code="places")
        codes, wrong = resolve(said, self.governorates) if said else ([], [])
        if wrong:
            raise ValidationError([ValidationError(str(text), code="place") for text in wrong])
        return codes
