"""The box in which an application names its partners."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grants.partners import WHOLE, PartnerLine, read_line
from kernel.fields import LongTextField
from kernel.texts import clean_line

MOST_PARTNERS = 10
PARTNER_LENGTH = 200


class PartnersField(LongTextField):
    """Organisations, one a line, with their share of the money; no name twice."""

    def __init__(self, *args: Any, shared: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shared = shared
        """Whether every one needs its share."""

    def clean(self, value: Any) -> Any:
        """The partners in their order. Raises ValidationError for too many, too long ones, or one without its share."""
        lines = [read_line(clean_line(line)) for line in str(super().clean(value) or "").splitlines()]
        named = {line.key: line for line in reversed(lines) if line.key}
        if len(named) > MOST_PARTNERS or any(len(line.name) > PARTNER_LENGTH for line in lines):
            raise ValidationError(
                _("Write at most %(most)s partners, one name a line.") % {"most": MOST_PARTNERS}, code="partners"
            )
        without = next((line for line in named.values() if not self._has_part(line)), None)
        if without is not None:
            raise ValidationError(
                _("Write the share of “%(name)s” behind its name, for example: %(name)s 30%%") % {"name": without.name},
                code="share",
            )
        return list(reversed(named.values()))

    def _has_part(self, line: PartnerLine) -> bool:
        return not self.shared if line.percent is None else 0 < line.percent < WHOLE
