"""The forms of extensions of a grant: more time, more money."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disbursements.forms.tranches import HIGHEST_MINOR
from grants.models import Grant, ReportLine, Revision
from grants.selectors.revisions import budget_in_force
from grants.services.cost_extensions import added_by, end_with
from kernel.fields import AmountField, DayField, LongTextField
from kernel.money import Money, format_money
from kernel.permissions import Refused

MOST_MONTHS = 36
"""More than the longest grant runs: what is larger is a slip of the pen."""


class ExtensionForm(forms.Form):
    """How many months more, and why."""

    months = forms.IntegerField(
        min_value=1, max_value=MOST_MONTHS, label=_("Months more"),
        help_text=_("The budget stays. What is still to come moves with the end: tranches, reports."),
    )  # fmt: skip
    reason = LongTextField(
        max_length=2000, label=_("Why"), help_text=_("It is recorded, and the other side reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, revision: Revision | None = None, **kwargs: Any) -> None:
        if revision is not None:
            kwargs.setdefault("initial", {"months": revision.months, "reason": revision.reason})
        super().__init__(*args, **kwargs)


class CostExtensionForm(forms.Form):
    """How much more in which category, from when, how many months more, and why; the indirect cost follows."""

    def __init__(self, *args: Any, grant: Grant, revision: Revision | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grant, self.now, self.currency = grant, budget_in_force(grant), grant.currency
        asked = _increases(revision)
        for category, label in ReportLine.CATEGORIES:
            if category != ReportLine.INDIRECT:
                self.fields[category] = self._field(category, str(label), asked.get(category))
        self.fields["paid_from"] = DayField(
            label=_("The money is needed from"), initial=revision.paid_from if revision else None,
            help_text=_("One tranche more is planned for this day."),
        )  # fmt: skip
        self.fields["months"] = forms.IntegerField(
            min_value=0, max_value=MOST_MONTHS, label=_("Months more"), initial=revision.months if revision else 0,
            help_text=_("0 where the end of the grant stays."),
        )  # fmt: skip
        self.fields["reason"] = LongTextField(
            max_length=2000, label=_("Why"), help_text=_("It is recorded, and the other side reads it."),
            initial=revision.reason if revision else "",
        )  # fmt: skip

    def _field(self, category: str, label: str, initial: int | None) -> AmountField:
        budget = format_money(Money(self.now.get(category, 0), self.currency), (get_language() or "en")[:2])
        return AmountField(
            currency=self.currency, max_minor=HIGHEST_MINOR, label=label, initial=initial, required=False,
            help_text=_("Now: %(amount)s. How much more?") % {"amount": budget},
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What cannot be given stands beside the greatest amount, or beside the day."""
        if not self.errors:
            asked = self.wished()
            more: dict[str, int] = asked["more"]
            greatest = max(more, key=more.__getitem__) if more else next(iter(self.fields))
            self._told(greatest, lambda: added_by(self.grant, more))
            self._told("paid_from", lambda: end_with(self.grant, asked["months"], paid_from=asked["paid_from"]))
        return self.cleaned_data

    def _told(self, field: str, found: Callable[[], object]) -> None:
        try:
            found()
        except Refused as refusal:
            self.add_error(field, str(refusal.reason))

    def wished(self) -> dict[str, Any]:
        """What the service takes."""
        more = {one: self.cleaned_data.get(one) or 0 for one, _label in ReportLine.CATEGORIES if one in self.fields}
        return {
            "more": {one: minor for one, minor in more.items() if minor},
            **{name: self.cleaned_data[name] for name in ("paid_from", "months", "reason")},
        }


def _increases(revision: Revision | None) -> dict[str, int]:
    """What a request that came back added to each category."""
    rows = revision.amounts.filter(round=revision.round) if revision else ()
    return {one.category: one.after_minor - one.before_minor for one in rows if one.after_minor > one.before_minor}
