"""Forms of the rapid window: who is on call, an alert, and the panel's answer."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.forms import DeclarationForm
from committees.models import Committee, Seat
from committees.selectors.alerts import seats_to_call
from committees.states import AlertKind, CommitteeState, ConflictKind, YesNo
from kernel.fields import DayField, LongTextField, ShortTextField, WholeNumberField
from kernel.places import Governorate
from kernel.uploads import UploadField
from organisations.models import Organisation

MOST_PEOPLE = 10_000_000
"""Above it a number of people affected is a slip of the pen: a bound of the form, not a rule of the fund."""


class _Seats(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # takes no arguments while running
    """Members by name and constituency."""

    def label_from_instance(self, obj: Seat) -> str:
        return f"{obj.user.full_name} · {obj.get_constituency_display()}"


class _Committees(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no arguments while running
    """Committees by name."""

    def label_from_instance(self, obj: Committee) -> str:
        return str(obj.name)


class _Organisations(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no arguments while running
    """Organisations by name."""

    def label_from_instance(self, obj: Organisation) -> str:
        return obj.name


class RotaForm(forms.Form):
    """From which day to which day who is on call; whole days on the clocks of Damascus, today from now on."""

    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))
    members = _Seats(
        label=_("On call"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As many as the charter says, civil society in the majority."),
    )
    stand_ins = _Seats(
        label=_("Stand in"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Called first when a member on call is silent or has a conflict; one of each constituency at least."
        ),
    )

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [one.pk for one in seats_to_call(committee)]
        fields: dict[str, Any] = self.fields
        for name in ("members", "stand_ins"):
            fields[name].queryset = Seat.objects.filter(pk__in=keys).select_related("user").order_by("number")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last:
            zone = timezone.get_default_timezone()
            data["starts_at"] = max(datetime.combine(first, time.min, tzinfo=zone), timezone.now())
            data["ends_at"] = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
            if last < first:
                self.add_error("last_day", _("The last day is not before the first."))
        return data


class RotaCommitteeForm(forms.Form):
    """Of which committee a rota is made."""

    committee = _Committees(
        label=_("Committee"),
        empty_label=None,
        queryset=Committee.objects.filter(state=CommitteeState.CONSTITUTED).order_by("moved_at"),
    )


class AlertForm(forms.Form):
    """What happened, where, and why it cannot wait."""

    organisation = _Organisations(label=_("Organisation"), queryset=None, empty_label=None)
    kind = forms.ChoiceField(label=_("What happened"), choices=AlertKind.choices)
    governorates = forms.MultipleChoiceField(
        label=_("Governorates"), choices=Governorate.choices, widget=forms.CheckboxSelectMultiple
    )
    place = ShortTextField(
        label=_("Place"),
        max_length=200,
        help_text=_("Town or neighbourhood. It stays with the fund; the public reads the governorate alone."),
    )
    reason = LongTextField(
        label=_("Why it cannot wait"),
        max_length=2000,
        rows=6,
        help_text=_("What happened, when, what is missing, what others already do. Name no person."),
    )
    people = WholeNumberField(label=_("People affected, about"), required=False, min_value=1, max_value=MOST_PEOPLE)
    evidence = UploadField(
        label=_("Evidence"), required=False, help_text=_("A photo, a message of the local council, a report.")
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations]).order_by("name_ar")
        if len(organisations) == 1:
            field.initial = organisations[0].pk


class AlertDeclarationForm(DeclarationForm):
    """A member's declaration on an alert."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        out = (ConflictKind.HARD, _("A conflict of interest: I am out of this alert"))
        kind.choices = [out if choice[0] == ConflictKind.HARD else choice for choice in kind.choices]


class AnswerForm(forms.Form):
    """A member's yes or no to an alert."""

    choice = forms.ChoiceField(label=_("Your answer"), choices=YesNo.choices, widget=forms.RadioSelect)
    sentence = ShortTextField(
        label=_("Why"),
        max_length=500,
        required=False,
        help_text=_("A no says why; the organisation reads it without your name."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("choice") == YesNo.NO and not data.get("sentence"):
            self.add_error("sentence", _("Say why not: the organisation reads it."))
        return data
