"""Forms of signed passports: what to disclose, a file of another fund, another fund's keys."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import ReasonField
from kernel.fields import LongTextField, ShortTextField
from organisations import carried, sdjwt
from organisations.models import Organisation, SignedPassport

MOST_KEYS = 16 * 1024


class DiscloseForm(forms.Form):
    """What of a signed passport goes into the file; bank accounts only where ``with_accounts`` asked for confirmation."""

    claims = forms.MultipleChoiceField(
        label=_("What the file tells"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, passport: SignedPassport, organisation: Organisation, with_accounts: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in passport.claims if with_accounts or not carried.is_account(name)]
        field: Any = self.fields["claims"]
        field.choices = [(name, carried.label(name, organisation)) for name in sorted(names, key=_order)]
        field.initial = [name for name in names if name in carried.OPEN or (with_accounts and carried.is_account(name))]


def _order(name: str) -> tuple[int, str]:
    """Facts of the profile first, in the order of the page; then documents, items, accounts."""
    known = list(carried.LABELS)
    return (known.index(name), "") if name in known else (len(known), name)


class BringForm(forms.Form):
    """A signed passport of another fund."""

    file = forms.FileField(label=_("Signed passport"), widget=forms.FileInput(attrs={"accept": ".sd-jwt,.txt"}))

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if upload.size > sdjwt.MOST_BYTES:
            raise ValidationError(_("This file is too large to be a passport."), code="size")
        try:
            text: str = upload.read().decode("ascii")
        except UnicodeDecodeError as error:
            raise ValidationError(
                _("This is no signed passport. Choose the file that the other fund gave you, unchanged."),
                code="content",
            ) from error
        return text


class TrustForm(forms.Form):
    """Another fund, the address under which it signs, and its public keys."""

    name = ShortTextField(label=_("Name of the fund"), max_length=120)
    issuer = forms.URLField(
        label=_("Address under which it signs"),
        max_length=200,
        assume_scheme="https",
        help_text=_("As it stands in its passports, for example: https://fund.example"),
    )
    keys = LongTextField(
        label=_("Its public keys"),
        max_length=MOST_KEYS,
        rows=8,
        help_text=_(
            "Open the address of its keys and paste what is there. Compare the ids by telephone with somebody you know there."
        ),
        widget=forms.Textarea(attrs={"data-ltr": "", "rows": 8}),
    )

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        if not issuer.startswith("https://"):
            raise ValidationError(_("Write an address that begins with https://."), code="scheme")
        return issuer

    def clean_keys(self) -> dict[str, Any]:
        try:
            keys = json.loads(self.cleaned_data["keys"])
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("This is no list of public keys (JWK set)."), code="keys") from error
        if not isinstance(keys, dict):
            raise ValidationError(_("This is no list of public keys (JWK set)."), code="keys")
        return keys


class EndTrustForm(forms.Form):
    """Why a fund's passports are taken no longer."""

    reason = ReasonField(required=True)
