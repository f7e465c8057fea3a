"""How a person wants to be told, a number of hers, and the code that proves it."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.fields import ShortTextField
from kernel.numerals import western_digits
from notices import gateways, numbers, selectors
from notices.models import Wishes
from notices.states import Way


def _hour(label: Any, **kwargs: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


class WishesForm(forms.Form):
    """By which way, when, and with how many words."""

    way = forms.ChoiceField(label=_("Messages come by"), widget=forms.RadioSelect)
    titled = forms.BooleanField(
        label=_("On the telephone, show what a message is about"),
        required=False,
        help_text=_("Its title names calls and references. Without this it says only that a message waits."),
    )
    daily = forms.BooleanField(
        label=_("Once a day, all together"),
        required=False,
        help_text=_("What cannot wait, such as a deadline within a day, still comes at once."),
    )
    daily_at = _hour(_("Hour of the day's messages"), initial=time(8), required=False)
    quiet_from = _hour(_("Quiet from"), required=False, help_text=_("On the clocks of Damascus, also over midnight."))
    quiet_until = _hour(_("Quiet until"), required=False)

    def __init__(self, data: Any = None, *, user: Any) -> None:
        wishes = selectors.wishes_of(user)
        super().__init__(data, initial={name: getattr(wishes, name) for name in self.base_fields})
        ways = selectors.ways_of(user)
        field = self.fields["way"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(way.value, way.label) for way in ways]
        if wishes.way not in ways:
            self.initial["way"] = Way.EMAIL
        if ways == [Way.EMAIL]:
            del self.fields["titled"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begin, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (begin is None) != (end is None) and not self.errors:
            missing = "quiet_from" if begin is None else "quiet_until"
            self.add_error(missing, _("Quiet hours need both ends. Leave both empty for none."))
        elif begin is not None and begin == end:
            self.add_error("quiet_until", _("Quiet hours must end at another time than they begin."))
        cleaned["daily_at"] = cleaned.get("daily_at") or Wishes._meta.get_field("daily_at").get_default()
        return cleaned


class ChannelForm(forms.Form):
    """A number of the person's for one of the ways that the fund has."""

    channel = forms.ChoiceField(label=_("For which service"), widget=forms.RadioSelect)
    address = ShortTextField(
        max_length=30,
        label=_("Your number"),
        help_text=_(
            "A telephone number such as 0944 123 456 or +49 30 123456. For Telegram the number of your account: write to "
            "the bot @userinfobot, which tells it, and press Start in the bot of the fund."
        ),
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(way.value, way.label) for way in gateways.offered()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "channel" in cleaned and "address" in cleaned:
            read = numbers.account if cleaned["channel"] == Way.TELEGRAM else numbers.telephone
            try:
                cleaned["address"] = read(cleaned["address"])
            except numbers.UnreadableNumberError:
                self.add_error("address", _("Write the number with digits only, for example 0944 123 456."))
        return cleaned


class CodeForm(forms.Form):
    """The six digits that were sent."""

    code = forms.CharField(
        label=_("The code that we sent"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return western_digits(self.cleaned_data["code"]).replace(" ", "")
