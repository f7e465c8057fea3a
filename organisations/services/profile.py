"""Registering an organisation, its profile and its proofs."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle, vault
from audit.sealed import opened_or, sealed_names
from kernel.permissions import Refused
from kernel.texts import search_key
from kernel.uploads import check_upload
from organisations import events
from organisations.models import Organisation, RegistrationProof
from organisations.services.partnerships import follow_host
from organisations.services.people import add_person
from organisations.states import PersonRole

KEY_LENGTH = 200


class NameTaken(Refused):
    """Another organisation bears this name, or one that reads the same."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "An organisation with this name is registered already. Ask its signatory to invite you, or write the full name."
            )
        )


def name_key(name_ar: str) -> str:
    """The folded name under which look-alikes are found."""
    return search_key(name_ar)[:KEY_LENGTH]


def register(profile: dict[str, Any], *, actor: User) -> Organisation:
    """Register an organisation; ``actor`` becomes its first authorised signatory.

    ``profile`` has the model's fields (``name_ar``, ``type``, …). Raises `NameTaken` for a look-alike and `Refused`.
    """
    organisation = Organisation(**profile, name_key=name_key(profile["name_ar"]))
    event = events.OrganisationRegistered(name_ar=organisation.name_ar, name_latin=organisation.name_latin)
    try:
        with transaction.atomic():
            organisation.data_key = vault.key_for(organisation.pk)
            lifecycle.create(organisation, event, actor=actor)
            add_person(organisation, actor, PersonRole.SIGNATORY)
            follow_host(organisation, None)
    except IntegrityError as error:
        raise _understood(error) from error
    return organisation


def _understood(error: IntegrityError) -> Exception:
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    return NameTaken() if "name_key" in constraint else error


def _words(organisation: Organisation, name: str, value: Any) -> str:
    """A field's value as the record keeps it: of what is sealed only a digest under the organisation's own key."""
    if name in sealed_names(Organisation):
        return vault.digest(organisation.data_key, name, str(value)) if value else ""
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(getattr(value, "pk", value))


def change_profile(organisation: Organisation, changes: dict[str, Any], *, actor: User) -> Organisation:
    """Set fields of the profile; only what really changes is recorded, with its old and new value.

    Raises `NameTaken` and `Refused` (a field that is locked, a profile that is being checked).
    """
    try:
        with transaction.atomic():
            return _change(organisation, changes, actor=actor)
    except IntegrityError as error:
        raise _understood(error) from error


def _change(organisation: Organisation, changes: dict[str, Any], *, actor: User) -> Organisation:
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    before = {name: opened_or(locked, name, "") for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if not changed:
        return locked
    anew = _sealed_anew(locked)
    event = events.OrganisationProfileChanged(
        before={name: _words(locked, name, before[name]) for name in changed},
        after={name: _words(locked, name, value) for name, value in changed.items()},
    )
    lifecycle.note(locked, event, actor=actor)
    for name, value in changed.items():
        setattr(locked, name, value)
    fields = [*changed, *anew]
    if "name_ar" in changed:
        locked.name_key = name_key(locked.name_ar)
        fields.append("name_key")
    locked.save(update_fields=fields)
    if "fiscal_host" in changed:
        follow_host(locked, before["fiscal_host"] or None)
    return locked


def _sealed_anew(organisation: Organisation) -> list[str]:
    """After an erasure: give the organisation a new key and empty what the old one sealed; the fields to be saved."""
    if not organisation.is_erased:
        return []
    organisation.data_key = vault.key_for(organisation.pk)
    for name in sealed_names(Organisation):
        setattr(organisation, name, "")
    return ["data_key", *sealed_names(Organisation)]


def add_proof(
    organisation: Organisation,
    *,
    kind: str,
    issued_by: str,
    issued_on: date,
    file: "UploadedFile[Any]",
    actor: User,
    number: str = "",
    valid_until: date | None = None,
) -> RegistrationProof:
    """Add a document that proves the organisation's existence; it stays for ever, a later one takes its place.

    Raises `Refused`, and ValidationError for a file that is not taken.
    """
    checked = check_upload(file)
    proof = RegistrationProof(
        organisation=organisation,
        kind=kind,
        number=number,
        issued_by=issued_by,
        issued_on=issued_on,
        valid_until=valid_until,
        file=file,
        sha256=checked.sha256,
    )
    return lifecycle.create(proof, events.ProofAdded(kind=kind, sha256=checked.sha256), actor=actor)
