"""Who may open which page of grants and their money; the object itself is fetched through what the person may see."""

from accounts.roles import Role
from kernel.access import Access, role, signed_in

_seen = signed_in("people of the grant's organisation; officers, board and auditors of the fund")
_partner = signed_in("people of the grant's organisation")
_signatory = signed_in("a signatory of the grant's organisation")
_programme = role(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)
_draws = role(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER)
_finance = role(Role.FINANCE_OFFICER)
_releases = role(Role.FINANCE_OFFICER, Role.FUND_MANAGER, relation="not the person who prepared it")
_manager = role(Role.FUND_MANAGER)

ACCESS: dict[str, Access] = {
    f"disbursements:{name}": access
    for name, access in {
        "grant_list": _seen.reading().giving("html", "csv"),
        "grant_detail": _seen.reading(),
        "grant_suspend": role(Role.FUND_MANAGER, Role.BOARD_MEMBER),
        "grant_resume": role(Role.FUND_MANAGER, Role.BOARD_MEMBER),
        "grant_terminate": role(Role.BOARD_MEMBER),
        "offer": _seen.reading(),
        "offer_send": _programme,
        "offer_accept": _signatory,
        "offer_decline": _signatory,
        "condition_meet": role(Role.PROGRAMME_OFFICER),
        "agreement": _seen.reading(),
        "agreement_draw": _draws,
        "agreement_sign": signed_in("the partner's signatory, then the fund manager; with a second factor"),
        "agreement_ar": _seen.reading().giving("pdf"),
        "agreement_en": _seen.reading().giving("pdf"),
        "closing": _seen.reading(),
        "refund_compute": _finance,
        "refund_record": _finance,
        "refund_confirm": role(Role.FINANCE_OFFICER, Role.FUND_MANAGER, relation="not the person who recorded it"),
        "grant_close": _manager,
        "tranche_detail": _seen.reading(),
        "tranche_request": _signatory,
        "approve_programme": role(Role.PROGRAMME_OFFICER),
        "approve_finance": _finance,
        "approve_manager": _manager,
        "tranche_return": role(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER),
        "tranche_hold": _manager,
        "tranche_release": _manager,
        "tranche_cancel": _manager,
        "payment_prepare": _finance,
        "payment_list": _seen.reading().giving("html", "csv"),
        "payment_detail": _seen.reading(),
        "payment_release": _releases,
        "payment_confirm": _signatory,
        "payment_fail": _finance,
        "payment_slip": signed_in("finance, the fund manager, auditors and the partner's signatories")
        .reading()
        .giving("pdf", "png", "jpg"),
        "report_detail": _seen.reading(),
        "report_edit": _partner,
        "report_save": _partner.acting(),
        "report_open": _partner.acting(),
        "report_submit": _signatory,
        "report_accept": role(Role.PROGRAMME_OFFICER),
        "report_return": role(Role.PROGRAMME_OFFICER),
        "report_waive": _manager,
    }.items()
}
