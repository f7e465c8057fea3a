from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransparencyConfig(AppConfig):
    name = "transparency"
    verbose_name = _("Transparency")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register rules, reactions, handlers of the outbox, sources of work and entries of the navigation."""
        from kernel.navigation import NavItem, Place, anyone, register
        from transparency import (  # noqa: F401 -- registered by being imported
            also,
            holders,
            notice_texts,
            paper_rules,
            reactions,
            rules,
            safety_rules,
            tasks,
            token_rules,
            withholding_rules,
            work,
        )
        from transparency.selectors.giving import reads_giving

        holders.register()
        register(
            NavItem(_("The fund"), "transparency:home", anyone, Place.PUBLIC, order=5),
            NavItem(_("Decisions"), "transparency:decision_register", anyone, Place.PUBLIC, order=30),
            NavItem(_("Grants"), "transparency:grants_told", anyone, Place.PUBLIC, order=35),
            NavItem(_("Organisations"), "transparency:register", anyone, Place.FOOTER, order=40),
            NavItem(_("Figures"), "transparency:dashboard_overview", anyone, Place.PUBLIC, order=40),
            NavItem(_("Search"), "transparency:search", anyone, Place.PUBLIC, order=45),
            NavItem(_("Data for machines"), "transparency:api_page", anyone, Place.FOOTER, order=60),
            NavItem(_("Rapid window"), "transparency:rapid_window", anyone, Place.FOOTER, order=50),
            NavItem(_("Reports of the fund"), "transparency:paper_list", anyone, Place.FOOTER, order=45),
            NavItem(
                _("Reports to everybody"),
                "transparency:paper_work",
                withholding_rules.is_secretariat,
                Place.WORK,
                order=86,
            ),
            NavItem(_("My giving"), "transparency:giving", reads_giving, Place.WORK, order=59),
            NavItem(
                _("Withheld from the public"),
                "transparency:withholding_list",
                withholding_rules.oversees,
                Place.WORK,
                order=85,
            ),
            NavItem(
                _("Reports to read for safety"),
                "transparency:safety_list",
                safety_rules.reads_reviews,
                Place.WORK,
                order=84,
            ),
            NavItem(_("Imports"), "transparency:history_import_list", rules.sees_imports, Place.WORK, order=90),
        )
