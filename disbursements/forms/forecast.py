"""A scenario of one's own, kept in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disbursements.forecast import Scenario
from kernel.fields import WholeNumberField
from ledger.rates import POUND

MOST_MONTHS = 120


class ScenarioForm(forms.Form):
    """What goes wrong: who stops, how late receipts are, how much the pound loses."""

    stop = forms.MultipleChoiceField(label=_("These donors stop"), required=False, widget=forms.CheckboxSelectMultiple)
    late = WholeNumberField(label=_("Receipts come late by months"), required=False, max_value=MOST_MONTHS)
    fall = WholeNumberField(label=_("The Syrian pound loses percent"), required=False, max_value=99)

    def __init__(self, *args: Any, donors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stop"].choices = donors  # type: ignore[attr-defined]

    def scenario(self) -> Scenario:
        """What was asked for; what cannot be read changes nothing, and says so beside its field."""
        self.is_valid()
        asked = self.cleaned_data
        falls = {POUND: asked["fall"]} if asked.get("fall") else {}
        return Scenario(frozenset(asked.get("stop") or ()), asked.get("late") or 0, falls)

    @staticmethod
    def address(scenario: Scenario) -> dict[str, Any]:
        """The scenario as an address carries it."""
        return {
            "stop": sorted(scenario.stopped),
            "late": scenario.late_months or None,
            "fall": scenario.falls.get(POUND) or None,
        }
