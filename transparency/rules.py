"""Who may bring history in, with the reason when not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import has_role
from audit.rules import rule_for
from kernel.permissions import Allowed, Denied, PermissionResult
from transparency.events import HistoryImportConfirmed, HistoryImported
from transparency.models import HistoryImport

IMPORTERS = (Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR)


def may_import_history(actor: Any) -> PermissionResult:
    """Programme officers and administrators import public files of other funds."""
    if has_role(actor, *IMPORTERS):
        return Allowed()
    return Denied(_("Only programme officers and administrators import the history of other funds."))


def may_confirm_import(run: HistoryImport, *, actor: User) -> PermissionResult:
    """A rehearsed import without bad rows, or one that was asked to leave them out."""
    if not (right := may_import_history(actor)):
        return right
    if run.stage != "checked":
        return Denied(_("This import is not waiting for a confirmation."))
    if run.totals["bad"] and not run.skip_bad_rows:
        return Denied(_("The files have bad rows. Correct them and upload again, or choose to leave the bad rows out."))
    return Allowed()


def may_repeat_import(run: HistoryImport, *, actor: User) -> PermissionResult:
    """An upload that broke down, not by the fault of its files."""
    if not (right := may_import_history(actor)):
        return right
    if run.stage != "broken" or run.origin != HistoryImport.Origin.UPLOAD:
        return Denied(_("Only an upload that broke down is begun again."))
    return Allowed()


@rule_for(HistoryImported)
def history_imported(run: HistoryImport, *, actor: User | None, event: Any) -> PermissionResult:
    """The command line acts as the system; an upload needs a person who may import."""
    if actor is None and run.origin == HistoryImport.Origin.FOLDER:
        return Allowed()
    return may_import_history(actor) if actor else Denied(_("An upload is imported for the person who confirmed it."))


@rule_for(HistoryImportConfirmed)
def history_confirmed(run: HistoryImport, *, actor: User | None, event: Any) -> PermissionResult:
    """As `may_confirm_import`; never the system."""
    return may_confirm_import(run, actor=actor) if actor else Denied(_("A person confirms an import."))


def sees_imports(user: Any) -> bool:
    """Whether the navigation offers the imports to ``user``."""
    return bool(user.is_authenticated and may_import_history(user))
