"""Who may open messages: their owner alone."""

from kernel.access import Access, signed_in

_own = signed_in("the person's own messages")

ACCESS: dict[str, Access] = {
    "notices:notice_list": _own.reading(),
    "notices:notice_detail": _own.reading(),
    "notices:mark_all_read": _own.acting(),
    "notices:wishes": _own,
    "notices:number_ask": _own.acting(),
    "notices:number_prove": _own.acting(),
    "notices:number_erase": _own.acting(),
}
