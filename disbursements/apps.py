from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisbursementsConfig(AppConfig):
    name = "disbursements"
    verbose_name = _("Disbursements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.rules import offices_of
        from accounts.selectors import has_role
        from disbursements import fsck, notice_texts, reactions, rules, see_also, tidings, work, zakat_gifts  # noqa: F401 -- they register
        from disbursements.access import FORECAST_READERS
        from disbursements.services import statements  # noqa: F401 -- registers what the worker does
        from kernel import navigation
        from organisations.rules import BANK_READERS, READERS, memberships_of

        navigation.register(
            navigation.NavItem(
                _("Grants"),
                "disbursements:grant_list",
                lambda user: bool(offices_of(user).intersection(READERS) or memberships_of(user)),
                order=40,
            ),
            navigation.NavItem(
                _("Payments"),
                "disbursements:payment_list",
                lambda user: bool(offices_of(user).intersection(READERS)),
                order=45,
            ),
            navigation.NavItem(
                _("Files for the bank"),
                "disbursements:run_list",
                lambda user: bool(offices_of(user).intersection(BANK_READERS)),
                order=46,
            ),
            navigation.NavItem(
                _("Bank statements"),
                "disbursements:statement_list",
                lambda user: bool(offices_of(user).intersection(BANK_READERS)),
                order=47,
            ),
            navigation.NavItem(
                _("Payment providers"),
                "disbursements:provider_list",
                lambda user: bool(offices_of(user).intersection(BANK_READERS)),
                order=48,
            ),
            navigation.NavItem(
                _("Forecast of cash"),
                "disbursements:forecast",
                lambda user: has_role(user, *FORECAST_READERS),
                order=68,
            ),
            navigation.NavItem(
                _("Statement of the fund"),
                "disbursements:fund_statement",
                lambda user: has_role(user, *FORECAST_READERS),
                order=69,
            ),
        )
