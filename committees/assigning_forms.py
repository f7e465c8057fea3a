"""Forms round the assignment: another scorer in a proposal, what a member knows."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from committees.models import Seat
from committees.selectors.proposals import Known, ProposedRow
from kernel.fields import ShortTextField
from kernel.sectors import Sector


def _seat_label(seat: Seat) -> str:
    return f"{seat.user.full_name} · {seat.get_constituency_display()}"


class ChangeScorerForm(forms.Form):
    """Who scores instead of whom, and why."""

    before = forms.ChoiceField(label=_("Instead of"), widget=forms.RadioSelect)
    after = forms.ChoiceField(label=_("Scores now"))
    reason = ShortTextField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, row: ProposedRow, able: list[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = {str(one.pk): one for one in (*(scorer.seat for scorer in row.scorers), *able)}
        before: Any = self.fields["before"]
        after: Any = self.fields["after"]
        before.choices = [(str(one.seat.pk), _seat_label(one.seat)) for one in row.scorers]
        after.choices = [(str(one.pk), _seat_label(one)) for one in able]

    def seat(self, name: str) -> Seat:
        """The member chosen in a field."""
        return self.seats[self.cleaned_data[name]]


class ExpertiseForm(forms.Form):
    """Languages that a member reads and sectors that the member knows."""

    languages = forms.MultipleChoiceField(
        label=_("Reads applications in"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.MultipleChoiceField(
        label=_("Knows these sectors"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    @classmethod
    def of(cls, known: Known, data: Any = None) -> "ExpertiseForm":
        """The form with what is recorded."""
        return cls(data, initial={"languages": sorted(known.languages), "sectors": sorted(known.sectors)})
