"""Who may open the books."""

from accounts.roles import Role
from kernel.access import Access, role

READERS = (Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)

ACCESS: dict[str, Access] = {
    "ledger:trial_balance": role(*READERS).reading().giving("html", "csv", "xlsx"),
    "ledger:transfer_list": role(*READERS).reading().giving("html", "csv", "xlsx"),
}
