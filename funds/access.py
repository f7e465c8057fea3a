"""Who may open the pages of donors' money."""

from accounts.roles import Role
from kernel.access import Access, public, role, signed_in

_seen = signed_in("finance, the fund manager, the board and auditors; representatives: their donor's").reading()
_keeper = role(Role.FINANCE_OFFICER, Role.FUND_MANAGER)
_money = _keeper.confirmed()
_second = role(Role.FINANCE_OFFICER, Role.FUND_MANAGER, relation="not who recorded it").confirmed()
_cards = role(Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR).reading()
_decides = role(Role.FINANCE_OFFICER, Role.FUND_MANAGER, relation="not who asked for it").confirmed()

ACCESS: dict[str, Access] = {
    "funds:donor_list": _seen.giving("html", "csv", "xlsx"),
    "funds:donor_detail": _seen,
    "funds:donor_received": _seen,
    "funds:donor_promised": _seen,
    "funds:donor_add": _keeper,
    "funds:donor_edit": _keeper,
    "funds:representative_add": _money,
    "funds:representative_end": _money.acting(),
    "funds:pledge_add": _money,
    "funds:pledge_list": _seen.giving("html", "csv", "xlsx"),
    "funds:pledge_detail": _seen,
    "funds:pledge_figure": _seen,
    "funds:pledge_received": _seen,
    "funds:pledge_written_off": _seen,
    "funds:pledge_sum": _seen,
    "funds:pledge_sign": _money,
    "funds:pledge_withdraw": _money,
    "funds:pledge_invoice": _money,
    "funds:pledge_estimate": _money,
    "funds:pledge_document_add": _money,
    "funds:pledge_document": _seen.giving("pdf", "png", "jpg"),
    "funds:waqf_add": _money,
    "funds:waqf_detail": _seen,
    "funds:waqf_deed_add": _money,
    "funds:waqf_deed": _seen.giving("pdf", "png", "jpg"),
    "funds:write_off_ask": _money,
    "funds:write_off_confirm": _decides,
    "funds:write_off_decline": _decides,
    "funds:return_ask": _money,
    "funds:return_figure": _seen,
    "funds:return_release": _decides,
    "funds:return_decline": _decides,
    "funds:return_pay": _money,
    "funds:contribution_list": _seen.giving("html", "csv", "xlsx"),
    "funds:contribution_record": _money,
    "funds:contribution_detail": _seen,
    "funds:contribution_free": _seen,
    "funds:contribution_received": _seen,
    "funds:contribution_sum": _seen,
    "funds:contribution_confirm": _second,
    "funds:contribution_reject": _second,
    "funds:gift_list": _cards,
    "funds:gift_detail": _cards,
    "funds:gift_figure": _cards,
    "funds:movement_figure": _cards,
    "funds:refund_figure": _cards,
    "funds:delivery_list": _cards,
    "funds:refund_ask": _money,
    "funds:refund_release": _decides,
    "funds:refund_decline": _decides,
    "funds:payout_confirm": _money,
    "funds:pool": _cards,
    "funds:gather": _money,
    "funds:difference_explain": _money,
    "giving:give": public(),
    "giving:gift": public("the holder of the giver's signed link").reading(),
    "giving:receipt": public("the holder of the giver's signed link").reading().giving("pdf"),
    "giving:ask_certificate": public("the holder of the giver's signed link").acting(),
    "giving:certificate": public("the holder of the signed link in the giver's letter").reading().giving("pdf"),
    "giving:webhook": public("Stripe, by its signature").acting().giving("txt"),
}
