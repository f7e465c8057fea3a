"""Who may open the books."""

from accounts.roles import Role
from kernel.access import Access, role

READERS = (Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)

ACCESS: dict[str, Access] = {
    "ledger:trial_balance": role(*READERS).reading().giving("html", "csv", "xlsx"),
    "ledger:account_figure": role(*READERS).reading(),
    "ledger:trial_figure": role(*READERS).reading(),
    "ledger:transfer_list": role(*READERS).reading().giving("html", "csv", "xlsx"),
    "ledger:period_list": role(*READERS).reading(),
    "ledger:period_lock": role(Role.FINANCE_OFFICER, Role.FUND_MANAGER).confirmed(),
    "ledger:period_act": role(
        Role.FINANCE_OFFICER, Role.FUND_MANAGER, relation="opening it: not the person who asked"
    ).confirmed(),
    "ledger:rate_list": role(*READERS).reading(),
    "ledger:rate_record": role(Role.FINANCE_OFFICER),
}
