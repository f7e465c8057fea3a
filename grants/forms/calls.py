"""Forms of the secretariat and the board: a call's terms, weights, sources, questions, dates."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.models import Contribution
from grants.forms.i18n import LANGUAGES, I18nForm, texts
from grants.models import Call, Criterion
from grants.services.calls import CallTerms
from grants.states import GrantType
from grants.words import amount
from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, ShownField, WholeNumberField
from kernel.numerals import AmountError, parse_whole
from kernel.places import Governorate
from kernel.sectors import Sector


class MonthsField(ShortTextField):
    """Durations, separated by commas: ``6, 12, 18``."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return sorted({parse_whole(part) for part in text.replace("،", ",").split(",") if part.strip()})
        except AmountError as error:
            raise ValidationError(_("Write whole months separated by commas, for example 6, 12, 18.")) from error


class CallTermsForm(I18nForm):
    """What a call says, pays and when it is open."""

    grant_type = forms.ChoiceField(label=_("Kind of grant"), choices=GrantType.choices)
    sectors = forms.MultipleChoiceField(label=_("Sectors"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple)
    governorates = forms.MultipleChoiceField(
        label=_("Governorates"), choices=Governorate.choices, widget=forms.CheckboxSelectMultiple
    )
    envelope_minor = AmountField(label=_("Money of the call"), min_minor=1)
    floor_minor = AmountField(label=_("Smallest grant"), min_minor=1)
    ceiling_minor = AmountField(label=_("Largest grant"), min_minor=1)
    months_allowed = MonthsField(max_length=60, label=_("Durations in months"), help_text=_("For example: 6, 12, 18"))
    logframe_from_minor = AmountField(
        label=_("Results framework asked from"),
        required=False,
        help_text=_(
            "Who asks for so much or more sets out outcomes, outputs and indicators. Empty: nobody does. The amount of the "
            "smallest grant: everybody does."
        ),
    )
    asks_places = forms.BooleanField(
        label=_("Ask for places by code"),
        required=False,
        help_text=_(
            "Applicants name the communities where they will work, as OCHA's list has them. Published is the governorate."
        ),
    )
    blind_applicants = forms.BooleanField(
        label=_("Scored without the applicants' names"),
        required=False,
        help_text=_(
            "Scorers read the applications without names and reference until the scoring is closed. What an applicant "
            "writes about itself in its answers cannot be hidden."
        ),
    )
    opens_on = DayField(label=_("Opens on"))
    opens_hour = forms.TimeField(
        label=_("Opens at"), initial=time(9), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    concepts_on = DayField(
        label=_("Concept notes until (calls in two stages)"),
        required=False,
        help_text=_(
            "Empty: one stage. With a day, organisations first send a short concept note, and only those who are invited "
            "write the full proposal until the call closes. Each page of the form then says in which stage it is asked."
        ),
    )
    concepts_hour = forms.TimeField(
        label=_("Concept notes until, at"), initial=time(16), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    closes_on = DayField(label=_("Closes on"))
    closes_hour = forms.TimeField(
        label=_("Closes at"), initial=time(16), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_text("title", _("Title"), most=200)
        self.add_text("summary", _("Summary"), most=600, long=True, hint=_("Two or three plain sentences."))
        self.add_text("text", _("What we fund and how we decide"), most=8000, long=True)
        texts_first = [name for name in self.fields if name.rpartition("_")[2] in LANGUAGES]
        self.order_fields([*texts_first, *self.fields])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        floor, ceiling, envelope = (cleaned.get(f"{name}_minor") for name in ("floor", "ceiling", "envelope"))
        if floor and ceiling and ceiling < floor:
            self.add_error("ceiling_minor", _("The largest grant must be at least the smallest one."))
        if ceiling and envelope and envelope < ceiling:
            self.add_error("envelope_minor", _("The money of the call must be at least the largest grant."))
        if self._has_dates(cleaned) and self.moment("closes") <= self.moment("opens"):
            self.add_error("closes_on", _("The call must close after it opens."))
        if cleaned.get("concepts_on") is not None and self._has_dates(cleaned):
            self._check_stages(cleaned)
        return cleaned

    def _check_stages(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("concepts_hour") is None:
            self.add_error("concepts_hour", _("Say until which hour concept notes are taken."))
        elif not self.moment("opens") < self.moment("concepts") < self.moment("closes"):
            self.add_error("concepts_on", _("Concept notes are taken after the call opens and before it closes."))

    @staticmethod
    def _has_dates(cleaned: dict[str, Any]) -> bool:
        return all(cleaned.get(name) is not None for name in ("opens_on", "opens_hour", "closes_on", "closes_hour"))

    def moment(self, name: str) -> datetime:
        """``opens``, ``concepts`` or ``closes`` as an aware moment in Damascus."""
        said = self.cleaned_data
        return timezone.make_aware(datetime.combine(said[f"{name}_on"], said[f"{name}_hour"]))

    def terms(self) -> CallTerms:
        """The valid form as the service takes it."""
        said = self.cleaned_data
        plain = (
            "grant_type", "sectors", "governorates", "envelope_minor", "floor_minor", "ceiling_minor", "months_allowed",
            "blind_applicants", "logframe_from_minor", "asks_places",
        )  # fmt: skip
        return CallTerms(
            **{name: said[name] for name in plain},
            title=self.text("title"),
            summary=self.text("summary"),
            text=self.text("text"),
            opens_at=self.moment("opens"),
            closes_at=self.moment("closes"),
            concept_closes_at=self.moment("concepts") if said["concepts_on"] else None,
        )


class NewCallForm(CallTermsForm):
    """The terms of a new call, and how its form begins."""

    proportional = forms.BooleanField(
        label=_("Ask less of small requests"),
        required=False,
        initial=True,
        help_text=_(
            "Questions that a small request can do without are asked from the charter's second band on. Every question can be "
            "changed in the draft."
        ),
    )


def initial_terms(call: Call) -> dict[str, Any]:
    """A call's terms as initial values of `CallTermsForm`."""
    opens, closes = timezone.localtime(call.opens_at), timezone.localtime(call.closes_at)
    concepts = timezone.localtime(call.concept_closes_at) if call.concept_closes_at else None
    same = (
        "grant_type", "sectors", "governorates", "envelope_minor", "floor_minor", "ceiling_minor", "blind_applicants",
        "logframe_from_minor", "asks_places",
    )  # fmt: skip
    return {
        **{name: getattr(call, name) for name in same},
        **texts("title", call.title),
        **texts("summary", call.summary),
        **texts("text", call.text),
        "months_allowed": ", ".join(map(str, call.months_allowed)),
        "opens_on": opens.date(),
        "opens_hour": opens.time(),
        **({"concepts_on": concepts.date(), "concepts_hour": concepts.time()} if concepts else {}),
        "closes_on": closes.date(),
        "closes_hour": closes.time(),
    }


class WeightsForm(forms.Form):
    """The weights of the criteria, which sum to 100."""

    def __init__(self, criteria: Iterable[Criterion], data: Any = None) -> None:
        super().__init__(data)
        for criterion in criteria:
            self.fields[criterion.key] = WholeNumberField(
                label=criterion.name, help_text=criterion.guidance, initial=criterion.weight, max_value=100
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and sum(cleaned.values()) != 100:  # shares of a hundred
            raise ValidationError(
                _("The weights sum to %(sum)s; they must sum to 100. A weight of 0 takes a criterion off the card."),
                params={"sum": sum(cleaned.values())},
            )
        return cleaned


class SourcesForm(forms.Form):
    """How much of each contribution the call wants."""

    def __init__(self, free: dict[Contribution, int], planned: dict[Any, int], data: Any = None, *, asked: int) -> None:
        super().__init__(data)
        self.contributions = {f"c-{one.pk}": one for one in free}
        self.asked = asked
        for name, one in self.contributions.items():
            restriction = one.get_restriction_class_display()
            self.fields[name] = AmountField(
                required=False,
                currency=one.currency,
                initial=planned.get(one.pk),
                max_minor=max(free[one], 0),
                label=f"{one.donor.name} · {one.reference}",
                help_text=_("%(restriction)s; free: %(free)s")
                % {"restriction": restriction, "free": amount(free[one], one.currency)},
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        total = sum(minor or 0 for minor in cleaned.values())
        if not self.errors and total != self.asked:
            raise ValidationError(
                _("The sources give %(total)s; the call needs exactly %(asked)s."),
                params={"total": amount(total, "USD"), "asked": amount(self.asked, "USD")},
            )
        return cleaned

    def amounts(self) -> dict[Contribution, int]:
        """Amounts in minor units by contribution."""
        return {one: self.cleaned_data[name] or 0 for name, one in self.contributions.items()}


class ReasonForm(forms.Form):
    """A reason that is recorded with the act."""

    reason = LongTextField(max_length=1000, rows=4, label=_("Reason"))

    def __init__(self, *args: Any, required: bool = True, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        self.fields["reason"].help_text = hint


class ApprovalForm(ReasonForm):
    """The board's approval of exactly what was shown."""

    content_sha256 = ShownField()


class ExtendForm(ReasonForm):
    """A later closing."""

    closes_on = DayField(
        label=_("Closes on"),
        help_text=_("In a call in two stages the closing that comes next; full proposals keep the time that they had."),
    )
    closes_hour = forms.TimeField(
        label=_("Closes at"), initial=time(16), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    field_order = ("closes_on", "closes_hour", "reason")

    def closes_at(self) -> datetime:
        """The new closing as an aware moment in Damascus."""
        said = self.cleaned_data
        return timezone.make_aware(datetime.combine(said["closes_on"], said["closes_hour"]))
