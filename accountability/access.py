"""Who may open the pages of complaints."""

from accountability.rules import ORDINARY
from accounts.roles import Role
from kernel.access import Access, public, role

_handlers = role(*ORDINARY, relation="ordinary ones; restricted ones: case handlers who are not shut out")

ACCESS: dict[str, Access] = {
    "accountability:complain": public(),
    "accountability:follow_up": public("the holder of the complaint's code"),
    "accountability:complaint_list": _handlers.reading(),
    "accountability:complaint_detail": _handlers,
    "accountability:complaint_sort": _handlers,
    "accountability:complaint_assign": _handlers,
    "accountability:complaint_answer": _handlers,
    "accountability:complaint_ask": _handlers,
    "accountability:complaint_exclude": role(Role.CASE_HANDLER, relation="restricted ones, not themselves"),
}
