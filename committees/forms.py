"""Forms of committees: seats, declarations, scorecards, meetings, votes, decisions."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from accounts.selectors import person_with_address
from charter.calendar import add_months
from charter.schema import ScoringRules
from charter.selectors import networks_with_vote
from committees.models import Assignment, Committee, Seat
from committees.rules import facts
from committees.selectors.concepts import criteria_of as concept_criteria
from committees.selectors.scores import criteria_of
from committees.services.committees import Nomination
from committees.services.scores import Judgement
from committees.states import (
    HARD_GROUNDS,
    AssignmentState,
    ConflictGround,
    ConflictKind,
    Constituency,
    SeatOffice,
    VoteChoice,
)
from grants.models import Call, Criterion
from kernel.fields import DayField, LongTextField, ShortTextField
from kernel.numerals import western_digits
from kernel.places import Governorate
from kernel.uploads import UploadField

_EMPTY = [("", "—")]


class ReasonForm(forms.Form):
    """Why something is done: it goes into the record."""

    reason = LongTextField(label=_("Reason"), max_length=300, rows=3, help_text=_("It is kept in the record."))


class _ScorerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no arguments while running
    """One of an application's scorers, by name: the secretariat knows them."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.seat.user.full_name)


class ReassignForm(ReasonForm):
    """From which scorer an application is taken, and why."""

    assignment = _ScorerField(label=_("From whom"), queryset=None, empty_label=None, widget=forms.RadioSelect)
    field_order = ("assignment", "reason")

    def __init__(self, *args: Any, scorers: QuerySet[Assignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assignment"]
        field.queryset = scorers.filter(state=AssignmentState.ASSIGNED)


class CommitteeForm(forms.Form):
    """The name of a new committee."""

    name_ar = ShortTextField(label=_("Name in Arabic"), max_length=200)
    name_en = ShortTextField(label=_("Name in English"), max_length=200)
    name_ku = ShortTextField(label=_("Name in Kurmanji"), max_length=200, required=False)

    def name(self) -> LazyI18nString:
        """The name in the languages in which it was given."""
        names = {code: self.cleaned_data[f"name_{code}"] for code in ("ar", "en", "ku")}
        return LazyI18nString({code: name for code, name in names.items() if name})


class SeatForm(forms.Form):
    """Who takes a seat, for which constituency, nominated by whom, for how long."""

    email = forms.EmailField(
        label=_("E-mail address of the member"), help_text=_("The person needs an account; ask them to register first.")
    )
    constituency = forms.ChoiceField(label=_("Constituency"), choices=Constituency.choices)
    network: Any = forms.ModelChoiceField(
        label=_("Nominated by the network"),
        queryset=None,
        required=False,
        help_text=_("Seats of civil society are always nominated by a network."),
    )
    nomination = ShortTextField(
        label=_("Nomination"),
        max_length=300,
        help_text=_("For example: decision of the network's board no. 12 of 3 May 2026."),
    )
    evidence = UploadField(label=_("Document of the nomination"), required=False)
    alternate_of: Any = forms.ModelChoiceField(
        label=_("Alternate of"),
        queryset=None,
        required=False,
        help_text=_("Leave empty for a member. An alternate takes the place of a member of the same constituency."),
    )
    office = forms.ChoiceField(label=_("Function"), choices=SeatOffice.choices, initial=SeatOffice.MEMBER)
    starts_on = DayField(label=_("Term begins"))
    ends_on = DayField(label=_("Term ends"), required=False, help_text=_("Leave empty for the charter's full term."))
    governorate = forms.ChoiceField(label=_("Governorate"), choices=Governorate.choices)
    woman = forms.BooleanField(label=_("Woman"), required=False)
    under_30 = forms.BooleanField(label=_("Under 30"), required=False)
    displaced = forms.BooleanField(label=_("Displaced or returnee"), required=False)
    disability = forms.BooleanField(label=_("Person with a disability"), required=False)

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committee = committee
        fields: dict[str, Any] = self.fields
        fields["network"].queryset = networks_with_vote()
        members = [one.pk for one in facts.membership(committee).members]
        fields["alternate_of"].queryset = Seat.objects.filter(pk__in=members).select_related("user")
        fields["starts_on"].initial = facts.today

    def clean_email(self) -> str:
        person = person_with_address(self.cleaned_data["email"])
        if person is None:
            raise ValidationError(_("Nobody has an account with this address yet. Ask the person to register first."))
        self.cleaned_data["user"] = person
        return str(person.email)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        starts_on = data.get("starts_on")
        if starts_on and not data.get("ends_on"):
            years = facts.rules_of_version(self.committee.charter).committee.term.years
            data["ends_on"] = add_months(starts_on, 12 * years)
        if starts_on and data.get("ends_on") and data["ends_on"] <= starts_on:
            self.add_error("ends_on", _("The term ends after it begins."))
        if data.get("constituency") == Constituency.CIVIL_SOCIETY and not data.get("network"):
            self.add_error("network", _("Choose the network that nominated this member."))
        if data.get("constituency") == Constituency.CIVIL_SOCIETY and "evidence" in data and not data["evidence"]:
            self.add_error("evidence", _("Add the document in which the network nominates this member."))
        return data

    def nomination_made(self) -> Nomination:
        """What the form says, for the service."""
        data = {name: self.cleaned_data[name] for name in Nomination.__slots__}
        return Nomination(**data)


class PanelForm(forms.Form):
    """Which committee takes over a call."""

    committee: Any = forms.ModelChoiceField(
        label=_("Committee"), queryset=None, empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["committee"]
        field.queryset = Committee.objects.filter(state="constituted").order_by("-moved_at")


class DeclarationForm(forms.Form):
    """One application in the declaration round: names only."""

    kind = forms.ChoiceField(
        label=_("Your declaration"),
        widget=forms.RadioSelect,
        choices=[
            (ConflictKind.NONE, _("No link: I can judge freely")),
            (ConflictKind.SOFT, _("A link that I declare; I can judge freely")),
            (ConflictKind.HARD, _("A conflict of interest: I am out of this application")),
        ],
    )
    ground = forms.ChoiceField(label=_("Ground"), required=False)
    explanation = ShortTextField(label=_("In a few words"), max_length=300, required=False)

    def __init__(self, *args: Any, again: bool = False, found: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        grounds = [choice for choice in ConflictGround.choices if choice[0]]
        kind: Any = self.fields["kind"]
        if again and not found:  # what was declared stands; it is only added to
            kind.choices = [choice for choice in kind.choices if choice[0] != ConflictKind.NONE]
        field: Any = self.fields["ground"]
        field.choices = [("", _("No link")), *grounds]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("kind")
        if kind in {ConflictKind.SOFT, ConflictKind.HARD} and not data.get("ground"):
            self.add_error("ground", _("Say which link or conflict it is."))
        if kind == ConflictKind.SOFT and data.get("ground") in HARD_GROUNDS:
            self.add_error(
                "kind",
                _("This ground is a conflict of interest, not a mere link: with it you are out of the application."),
            )
        if kind == ConflictKind.NONE and self.found and not data.get("explanation"):
            self.add_error(
                "explanation", _("The fund's records show a possible link: say in a few words why it is none.")
            )
        if kind == ConflictKind.NONE and data.get("ground"):
            self.add_error("kind", _("You named a ground: choose a link or a conflict, or take the ground away."))
        return data


def _anchor(criterion: Criterion, points: int) -> str:
    text = criterion.anchors.get(str(points), "")
    return str(LazyI18nString(text)) if text else ""


class ScorecardForm(forms.Form):
    """Points and a sentence for each criterion; ``revision`` asks why the judgement changed."""

    def __init__(self, *args: Any, assignment: Assignment, revision: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call = assignment.application.call
        self._ask(criteria_of(call), facts.rules_of(call).scoring)
        if revision:
            self.fields["reason"] = ShortTextField(label=_("Why your judgement changed"), max_length=300)

    def _ask(self, criteria: list[Criterion], rules: ScoringRules) -> None:
        self.criteria = criteria
        scale = range(rules.least_points, rules.most_points + 1)
        for one in criteria:
            self.fields[f"points_{one.key}"] = forms.TypedChoiceField(
                label=format_html("{} <bdi>({} %)</bdi>", one.name, one.weight),
                help_text=str(one.guidance),
                coerce=int,
                widget=forms.RadioSelect,
                choices=[(points, _points_label(points, _anchor(one, points))) for points in scale],
                error_messages={"required": _("Give points from 0 to 5.")},
            )
            self.fields[f"why_{one.key}"] = _Sentence(
                least=rules.comment_least_characters,
                label=_("Why"),
                max_length=1000,
                rows=3,
                help_text=_("One sentence at least; the organisation will read it without your name."),
            )

    def judgement(self) -> Judgement:
        """Points and sentence by criterion."""
        data = self.cleaned_data
        return {one.key: (data[f"points_{one.key}"], data[f"why_{one.key}"]) for one in self.criteria}


class ConceptForm(ScorecardForm):
    """Points and a sentence for each criterion by which concept notes are judged."""

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self._ask(concept_criteria(call), facts.rules_of(call).scoring)


def _points_label(points: int, anchor: str) -> str:
    return f"{points} – {anchor}" if anchor else str(points)


class _Sentence(LongTextField):
    """A sentence with a least length, which the charter gives."""

    def __init__(self, *, least: int, **kwargs: Any) -> None:
        self.least = least
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and len(value.strip()) < self.least:
            raise ValidationError(
                _("Write at least %(least)s characters: why these points and not others?"), params={"least": self.least}
            )


_HOUR = re.compile(r"(\d{1,2}):(\d{2})")


class MeetingForm(forms.Form):
    """When and where a meeting is held, on the clocks of Damascus."""

    day = DayField(label=_("Day"))
    hour = ShortTextField(label=_("Hour"), max_length=5, help_text=_("On the clocks of Damascus, for example 16:00."))
    place = ShortTextField(label=_("Place or link"), max_length=200)

    def clean_hour(self) -> time:
        found = _HOUR.fullmatch(western_digits(self.cleaned_data["hour"]))
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError(_("Write hour and minutes, for example 16:00."))
        return time(int(found[1]), int(found[2]))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("day") and data.get("hour") is not None:
            held_at = datetime.combine(data["day"], data["hour"], tzinfo=timezone.get_default_timezone())
            if held_at < timezone.now():
                self.add_error("day", _("Choose a time that has not passed."))
            data["held_at"] = held_at
        return data


class PostponeForm(MeetingForm):
    """A new time for a meeting, and why."""

    reason = LongTextField(label=_("Reason"), max_length=300, rows=3)


class AdjournForm(forms.Form):
    """Why an item goes to another meeting."""

    cause = ShortTextField(label=_("Why the item is adjourned"), max_length=200)


class VoteForm(forms.Form):
    """A member's vote: one of the choices that are open for the item."""

    choice = forms.ChoiceField(label=_("Your vote"), widget=forms.RadioSelect)
    round = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: list[VoteChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["choice"]
        field.choices = [(one.value, one.label) for one in choices]
        field.error_messages["required"] = _("Choose one. To take no side, choose “Abstain”.")

    def said(self, round_: int) -> dict[str, Any]:
        """The choice, and the round in which the page showed it (``round_`` where it said none)."""
        return {"choice": self.cleaned_data["choice"], "round_": self.cleaned_data["round"] or round_}


class DecisionForm(forms.Form):
    """The reasons of a decision: what the organisation will read, and why the committee departed from the rank."""

    strengths = LongTextField(label=_("Strengths"), max_length=3000, rows=4)
    weaknesses = LongTextField(label=_("Weaknesses"), max_length=3000, rows=4)
    advice = LongTextField(label=_("What to change"), max_length=3000, rows=4)

    def __init__(self, *args: Any, departs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if departs:
            self.fields["deviation"] = LongTextField(
                label=_("Why the decision departs from the rank"),
                max_length=2000,
                rows=3,
                help_text=_("It stands in the minutes, not in the letter to the organisation."),
            )


class SignForm(forms.Form):
    """A signature under exactly these minutes."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    agree = forms.BooleanField(label=_("I have read these minutes; they tell what happened in the meeting."))
