"""Who may open the pages of the charter."""

from accounts.roles import Role
from kernel.access import Access, public, role, signed_in

_writer = role(Role.FUND_MANAGER, Role.ADMINISTRATOR, relation="drafts only")
_administrator = role(Role.ADMINISTRATOR, relation="in an open staff session").confirmed()

ACCESS: dict[str, Access] = {
    "charter:in_force": public().reading(),
    "charter:version_list": public("what was put before the networks; writers: drafts too").reading(),
    "charter:version_detail": public(
        "what was put before the networks; writers: drafts too; who acted for officers only"
    ).reading(),
    "charter:version_json": public("what was put before the networks; writers: drafts too").reading().giving("json"),
    "charter:compare": public("what was put before the networks; writers: drafts too").reading(),
    "charter:vote": signed_in("a current representative of the network"),
    "charter:discuss": signed_in("a current representative of a network; writers for the fund"),
    "charter:withdraw": _writer,
    "charter:draft_new": _writer,
    "charter:draft": _writer,
    "charter:draft_section": _writer,
    "charter:draft_whole": _writer,
    "charter:propose": _writer,
    "charter:network_list": public("names of people for officers only").reading(),
    "charter:network_detail": role(*Role, relation="officers of the fund").reading(),
    "charter:network_add": _administrator,
    "charter:network_end": _administrator,
    "charter:mandate_add": _administrator,
    "charter:mandate_end": _administrator,
    "charter:holiday_list": public().reading(),
    "charter:holiday_add": _administrator,
    "charter:holiday_remove": _administrator,
}
