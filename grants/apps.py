from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = _("Grants")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit import erasure
        from grants import fsck, notice_texts, reactions, work  # noqa: F401 -- they register themselves
        from grants.rules import (  # noqa: F401 -- they register themselves
            applications,
            asking,
            calls,
            colleagues,
            erasures,
            extensions,
            grants,
            religious,
            reports,
            revisions,
        )
        from grants.services import documents  # noqa: F401 -- they register themselves

        erasure.also(_("Erased files"), "grants:file_erasure_list")
        _register_navigation()


def _register_navigation() -> None:
    from accounts.roles import Role
    from accounts.selectors import has_role
    from kernel.navigation import NavItem, Place, anyone, register
    from organisations.rules import memberships_of

    readers = (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)
    register(
        NavItem(_("Calls"), "grants:call_list", anyone, Place.PUBLIC, order=10),
        NavItem(_("Calls"), "grants:call_list", anyone, Place.WORK, order=20),
        NavItem(_("Our applications"), "grants:application_list", lambda user: bool(memberships_of(user)), order=21),
        NavItem(_("Applications"), "grants:pipeline", lambda user: has_role(user, *readers), order=22),
    )
