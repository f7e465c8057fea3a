"""The one table of who may open which URL: every app's ``access.ACCESS`` and the rows of the libraries' pages."""

from functools import cache
from importlib import import_module

from django.conf import settings
from django.utils.module_loading import module_has_submodule

from kernel.access import Access, merge, public, signed_in

HOUSE = {
    "healthz": public().reading(),
    "readyz": public().reading(),
    "set_language": public().acting(),
    "service_worker": public().reading().giving("js"),
    "work": signed_in("what waits for the person").reading(),
    "demo_sign_in": public("the holder of a signed link of the demonstration").reading(),
}

_self = signed_in("the person's own account")

ALLAUTH = {
    "account_login": public(),
    "account_confirm_login_code": public("who asked for the code"),
    "account_logout": public(),
    "account_signup": public(),
    "account_inactive": public().reading(),
    "account_email_verification_sent": public(),
    "account_confirm_email": public("the holder of the link in the mail"),
    "account_reset_password": public(),
    "account_reset_password_done": public().reading(),
    "account_reset_password_from_key": public("the holder of the link in the mail"),
    "account_reset_password_from_key_done": public().reading(),
    "account_reauthenticate": _self,
    "account_email": _self,
    "account_change_password": _self,
    "account_set_password": _self,
    "mfa_authenticate": public("who gave the right password a moment ago"),
    "mfa_login_webauthn": public().giving("html", "json"),
    "mfa_reauthenticate": _self,
    "mfa_reauthenticate_webauthn": _self,
    "mfa_index": _self.reading(),
    "mfa_activate_totp": _self,
    "mfa_deactivate_totp": _self,
    "mfa_view_recovery_codes": _self.reading(),
    "mfa_generate_recovery_codes": _self,
    "mfa_download_recovery_codes": _self.reading().giving("txt"),
    "mfa_list_webauthn": _self.reading(),
    "mfa_add_webauthn": _self,
    "mfa_remove_webauthn": _self,
    "mfa_edit_webauthn": _self,
    "usersessions_list": _self,
}


@cache
def table() -> dict[str, Access]:
    """URL name (with its namespace) -> access row; a name that stands in two tables is an error."""
    tables = [HOUSE, ALLAUTH]
    for label in settings.FUND_APPS:
        if module_has_submodule(import_module(label), "access"):
            rows = getattr(import_module(f"{label}.access"), "ACCESS", None)
            if rows is not None:
                tables.append(rows)
    return merge(tables)
