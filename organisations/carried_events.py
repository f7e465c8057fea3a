"""What happens to passports that leave the fund or come from another one."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class PassportKeyIntroduced(Event):
    type = "organisations.passport_key.introduced"
    sentence = _("began to sign passports with the key %(key_id)s")
    key_id: str


@register
class PassportKeyRetired(Event):
    type = "organisations.passport_key.retired"
    sentence = _("stopped signing passports with the key %(key_id)s; what it signed still holds")
    key_id: str


@register
class PassportKeyRevoked(Event):
    type = "organisations.passport_key.revoked"
    sentence = _("revoked the key of passports %(key_id)s: nothing that it signed holds any more")
    key_id: str


@register
class PassportFileAsked(Event):
    type = "organisations.passport_file.asked"
    sentence = _("asked the fund to sign its passport")


@register
class PassportFileSigned(Event):
    """``claims`` are names of what was signed, ``sha256`` the signed part; no value is in the record."""

    type = "organisations.passport_file.signed"
    sentence = _("signed the passport")
    key_id: str
    sha256: str
    claims: list[str]


@register
class PassportFileTaken(Event):
    """``disclosed`` names what the organisation chose to tell."""

    type = "organisations.passport_file.taken"
    sentence = _("downloaded the signed passport")
    disclosed: list[str]


@register
class PassportFileTakenWithAccounts(Event):
    type = "organisations.passport_file.taken_with_accounts"
    needs_second_factor = True
    sentence = _("downloaded the signed passport with bank details")
    disclosed: list[str]


@register
class TrustedFundRecorded(Event):
    type = "organisations.trusted_fund.recorded"
    needs_second_factor = True
    sentence = _("trusts passports of %(name)s (%(issuer)s)")
    name: str
    issuer: str
    keys: list[str]


@register
class TrustedFundEnded(Event):
    type = "organisations.trusted_fund.ended"
    needs_second_factor = True
    sentence = _("no longer trusts passports of %(name)s")
    name: str


@register
class PassportImported(Event):
    """``fund`` issued it; ``sha256`` is of the file, ``filled`` are the parts of the profile and the items that it gave."""

    type = "organisations.passport.imported"
    sentence = _("gave a signed passport of %(name)s")
    fund: UUID
    name: str
    serial: str
    sha256: str
    filled: list[str]
