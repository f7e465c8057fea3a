"""Reading signed passports, the keys that others verify them with, and which other funds are trusted."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from organisations.models import Organisation, PassportImport, PassportKey, SignedPassport, TrustedFund
from organisations.states import PassportFileState, PassportKeyState


def published_keys() -> dict[str, Any]:
    """The JWK set that verifies our passports: keys that sign, and retired ones; a revoked one is gone."""
    keys = PassportKey.objects.exclude(state=PassportKeyState.REVOKED).order_by("-moved_at", "key_id")
    return {"keys": [key.public for key in keys]}


def waiting_passport(organisation: Organisation) -> SignedPassport | None:
    """The passport that waits for its signature, if one does."""
    return organisation.signed_passports.filter(state=PassportFileState.ASKED).first()


def current_passport(organisation: Organisation) -> SignedPassport | None:
    """The newest signed passport that holds, its key not revoked, its contents not erased."""
    signed = organisation.signed_passports.filter(state=PassportFileState.SIGNED, ends_at__gt=timezone.now())
    signed = signed.exclude(key__state=PassportKeyState.REVOKED).filter(data_key__wrapped__isnull=False)
    return signed.select_related("data_key", "organisation").order_by("-moved_at").first()


def trusted_funds() -> QuerySet[TrustedFund]:
    """All funds that are or were trusted, present ones first."""
    return TrustedFund.objects.order_by("-state", "name", "-moved_at")


def imports_of(organisation: Organisation) -> QuerySet[PassportImport]:
    """What other funds vouched for, the newest first."""
    return organisation.imported_passports.select_related("fund").order_by("-recorded_at")
