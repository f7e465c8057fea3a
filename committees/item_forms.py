"""The form of an item of a meeting: discussion, amount, conditions."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.models import AgendaItem
from grants.conditions import Asked, ConditionDraft
from grants.states import ConditionBlocks
from kernel.fields import AmountField, DayField, LongTextField, WholeNumberField

CONDITION_LENGTH: Final = 300
"""As long as the column of a condition."""


class ItemForm(forms.Form):
    """The discussion in short, and what will be voted on."""

    discussion = LongTextField(label=_("Discussion in short"), max_length=4000, required=False)
    proposed_minor = AmountField(label=_("Amount that is voted on"))
    conditions = LongTextField(
        label=_("Conditions before the agreement is signed"),
        max_length=2000,
        rows=4,
        required=False,
        help_text=_("One condition a line. Without conditions nobody can vote for an approval with conditions."),
    )
    before_tranche = LongTextField(
        label=_("Conditions before a tranche"),
        max_length=2000,
        rows=2,
        required=False,
        help_text=_("One condition a line."),
    )
    tranche = WholeNumberField(label=_("Which tranche waits for them"), min_value=1, max_value=20, required=False)
    followed = LongTextField(
        label=_("Conditions that are only followed"),
        max_length=2000,
        rows=2,
        required=False,
        help_text=_("One condition a line. Nothing waits for them, but they are closed before the grant is."),
    )
    later_due = DayField(
        label=_("Day of the later conditions"),
        required=False,
        help_text=_("For conditions before a tranche and for those that are only followed."),
    )

    @classmethod
    def of(cls, item: AgendaItem, data: Any = None) -> "ItemForm":
        """The form with what is written down so far."""
        drafts = [ConditionDraft.of(one) for one in item.conditions]

        def lines(blocks: str) -> str:
            return "\n".join(one.text for one in drafts if one.blocks == blocks)

        return cls(
            data,
            initial={
                "discussion": item.discussion,
                "proposed_minor": item.proposed_minor,
                "conditions": lines(ConditionBlocks.SIGNATURE),
                "before_tranche": lines(ConditionBlocks.TRANCHE),
                "tranche": next((one.tranche for one in drafts if one.tranche), 2),
                "followed": lines(ConditionBlocks.NOTHING),
                "later_due": next((one.due for one in drafts if one.due), None),
            },
        )

    def clean(self) -> dict[str, Any]:
        """Later conditions have their day, those before a tranche its number; a line is no longer than its place."""
        data = self.cleaned_data
        if (self._lines("before_tranche") or self._lines("followed")) and not data.get("later_due"):
            self.add_error("later_due", _("Say by which day these conditions are to be met."))
        if self._lines("before_tranche") and not data.get("tranche"):
            self.add_error("tranche", _("Say which tranche waits."))
        for name in ("conditions", "before_tranche", "followed"):
            if any(len(line) > CONDITION_LENGTH for line in self._lines(name)):
                self.add_error(name, _("A condition has at most %(most)s characters.") % {"most": CONDITION_LENGTH})
        return data

    def _lines(self, name: str) -> list[str]:
        said = self.cleaned_data.get(name) or ""
        return [line.strip() for line in said.splitlines() if line.strip()]

    def conditions_listed(self) -> list[Asked]:
        """The conditions as the record keeps them."""
        due, number = self.cleaned_data["later_due"], self.cleaned_data["tranche"]
        blocks = ConditionBlocks
        return [
            *self._lines("conditions"),
            *(ConditionDraft(one, blocks.TRANCHE, number, due).said for one in self._lines("before_tranche")),
            *(ConditionDraft(one, blocks.NOTHING, None, due).said for one in self._lines("followed")),
        ]
