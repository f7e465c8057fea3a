"""Forms about conflicts that were not declared."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.selectors import users_with_role
from committees.models import Seat
from committees.rules.cases import OWNERS
from committees.states import HARD_GROUNDS, ConflictGround
from grants.models import Application
from kernel.fields import LongTextField


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no arguments while running
    """A member by name, an application by its organisation, a person by name."""

    def label_from_instance(self, obj: Any) -> str:
        if isinstance(obj, Seat):
            return str(obj.user.full_name)
        if isinstance(obj, Application):
            return f"{obj.organisation.name} · {obj.reference}"
        return str(obj.full_name)


class CaseForm(forms.Form):
    """Who kept which conflict silent, what came to light, who answers for the case."""

    seat = _Named(label=_("Member"), queryset=None)
    application = _Named(label=_("Application"), queryset=None)
    ground = forms.ChoiceField(
        label=_("Ground"), choices=[(one.value, one.label) for one in ConflictGround if one in HARD_GROUNDS]
    )
    found = LongTextField(
        label=_("What came to light"),
        max_length=2000,
        rows=5,
        help_text=_("And where it can be checked. Only those who judge the case read it."),
    )
    owner = _Named(label=_("Who answers for the case"), queryset=None)

    def __init__(
        self, *args: Any, seats: list[Seat], applications: QuerySet[Application], reporter: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        others = [one.pk for one in seats if one.user_id != reporter.pk]
        fields["seat"].queryset = Seat.objects.filter(pk__in=others).select_related("user").order_by("number")
        fields["application"].queryset = applications
        owners = users_with_role(OWNERS[0])
        for role in OWNERS[1:]:
            owners |= users_with_role(role)
        fields["owner"].queryset = owners.distinct()


class OutcomeForm(forms.Form):
    """How a case ends."""

    outcome = LongTextField(label=_("Outcome"), max_length=2000, rows=4, help_text=_("It is kept in the record."))
