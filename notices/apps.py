from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Notices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kernel.navigation import NavItem, Place, register, signed_in
        from notices import services  # noqa: F401 -- registers its mail
        from notices.selectors import unread_count

        register(NavItem(_("Messages"), "notices:notice_list", signed_in, Place.WORK, order=5, number=unread_count))
