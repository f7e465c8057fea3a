"""Who may open which page of grants and their money; the object itself is fetched through what the person may see."""

from accounts.roles import Role
from kernel.access import Access, role, signed_in

_seen = signed_in("people of the grant's organisation; officers, board and auditors of the fund")
_partner = signed_in("people of the grant's organisation")
_deciders = role(
    Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, relation="never of the organisation, nor who asked for the change"
)
_givers = signed_in("the donor's own representatives; finance, the fund manager, the board, auditors")
_signatory = signed_in("a signatory of the grant's organisation")
_programme = role(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)
_draws = role(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER)
_finance = role(Role.FINANCE_OFFICER)
_releases = role(Role.FINANCE_OFFICER, Role.FUND_MANAGER, relation="not the person who prepared it")
_manager = role(Role.FUND_MANAGER)
_bank_files = role(Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)
FORECAST_READERS = (Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)
"""Offices that see what the fund will have and owe."""

ACCESS: dict[str, Access] = {
    f"disbursements:{name}": access
    for name, access in {
        "grant_list": _seen.reading().giving("html", "csv", "xlsx"),
        "grant_detail": _seen.reading(),
        **dict.fromkeys(
            (
                "grant_figure",
                "source_figure",
                "budget_figure",
                "part_figure",
                "tranche_figure",
                "request_figure",
                "payment_figure",
                "payment_part_figure",
                "payment_source_figure",
                "report_figure",
                "revision_figure",
                "grants_figure",
                "tranches_figure",
                "payments_figure",
            ),
            _seen.reading(),
        ),
        "grant_suspend": role(Role.FUND_MANAGER, Role.BOARD_MEMBER).confirmed(),
        "grant_resume": role(Role.FUND_MANAGER, Role.BOARD_MEMBER).confirmed(),
        "grant_terminate": role(Role.BOARD_MEMBER).confirmed(),
        "offer": _seen.reading(),
        "offer_send": _programme,
        "offer_accept": _signatory,
        "offer_decline": _signatory.confirmed(),
        "condition_detail": _seen.reading(),
        "condition_answer": _partner,
        "condition_meet": role(Role.PROGRAMME_OFFICER, relation="never of the organisation"),
        "condition_return": role(Role.PROGRAMME_OFFICER, relation="never of the organisation"),
        "condition_waive": role(
            Role.FUND_MANAGER, Role.BOARD_MEMBER, Role.PROGRAMME_OFFICER, relation="the office that the charter names"
        ).confirmed(),
        "condition_extend": _programme,
        "condition_file": _seen.reading().giving("pdf", "png", "jpg"),
        "revision_new": signed_in("a signatory of the grant's organisation, or a programme officer"),
        "extension_new": signed_in("a signatory of the grant's organisation, or a programme officer"),
        "cost_extension_new": signed_in("a signatory of the grant's organisation, or a programme officer"),
        "revision_detail": _seen.reading(),
        **dict.fromkeys(("revision_take_up", "revision_return", "revision_reject"), _deciders),
        "revision_approve": _deciders.confirmed(),
        "revision_withdraw": signed_in("the side that asked for the change"),
        "revision_again": signed_in("the side that asked for the change"),
        "revision_sign": signed_in("the partner's signatory, then the fund manager").confirmed(),
        "amendment_ar": _seen.reading().giving("pdf"),
        "amendment_en": _seen.reading().giving("pdf"),
        "agreement": _seen.reading(),
        "agreement_draw": _draws,
        "agreement_sign": signed_in("the partner's signatory, then the fund manager").confirmed(),
        "agreement_ar": _seen.reading().giving("pdf"),
        "agreement_en": _seen.reading().giving("pdf"),
        "closing": _seen.reading(),
        "refund_compute": _finance.confirmed(),
        "refund_record": _finance.confirmed(),
        "refund_confirm": role(
            Role.FINANCE_OFFICER, Role.FUND_MANAGER, relation="not the person who recorded it"
        ).confirmed(),
        "grant_close": _manager.confirmed(),
        "tranche_list": _seen.reading().giving("html", "csv", "xlsx"),
        "calendar": _seen.reading(),
        "calendar_figure": _seen.reading(),
        "forecast_figure": role(*FORECAST_READERS).reading(),
        **dict.fromkeys(
            ("forecast_month", "forecast_window", "forecast_risk", "forecast_unvalued"),
            role(*FORECAST_READERS).reading(),
        ),
        "forecast": role(*FORECAST_READERS).reading().giving("html", "csv", "xlsx"),
        "zakat_list": _givers.reading(),
        "zakat_figure": _givers.reading(),
        "zakat_certificate": _givers.reading().giving("pdf"),
        "waqf_list": _givers.reading(),
        "waqf_statement": _givers.reading().giving("html", "csv", "xlsx", "pdf"),
        "waqf_figure": _givers.reading(),
        "waqf_line_figure": _givers.reading(),
        "class_figure": role(*FORECAST_READERS).reading(),
        "fund_statement": role(*FORECAST_READERS).reading().giving("html", "csv", "xlsx"),
        "report_list": _seen.reading().giving("html", "csv", "xlsx"),
        "tranche_detail": _seen.reading(),
        "tranche_request": _partner,
        "approve_programme": role(Role.PROGRAMME_OFFICER).confirmed(),
        "approve_finance": _finance.confirmed(),
        "approve_manager": _manager.confirmed(),
        "tranche_return": role(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER),
        "tranche_waive": _manager.confirmed(),
        "tranche_hold": _manager.confirmed(),
        "tranche_release": _manager.confirmed(),
        "tranche_cancel": _manager.confirmed(),
        "payment_prepare": _finance.confirmed(),
        "payment_list": _seen.reading().giving("html", "csv", "xlsx"),
        "payment_detail": _seen.reading(),
        "payment_release": _releases.confirmed(),
        "payment_confirm": _signatory.confirmed(),
        "payment_fail": _finance.confirmed(),
        "payment_advice": _seen.reading().giving("pdf"),
        "payment_attest": role(Role.FINANCE_OFFICER, Role.FUND_MANAGER).giving("html", "pdf").confirmed(),
        "voucher_issue": _signatory.confirmed().giving("html", "pdf"),
        "voucher_redeem": _finance.confirmed(),
        "conversion_record": _finance.confirmed(),
        "conversion_confirm": role(
            Role.FINANCE_OFFICER, Role.FUND_MANAGER, relation="not the person who recorded it"
        ).confirmed(),
        "conversion_withdraw": role(Role.FINANCE_OFFICER, Role.FUND_MANAGER).confirmed(),
        "payment_slip": signed_in("finance, the fund manager, auditors and the partner's signatories")
        .reading()
        .giving("pdf", "png", "jpg"),
        "run_list": _bank_files.reading(),
        "run_detail": _bank_files.reading(),
        "run_figure": _bank_files.reading(),
        "run_file": _bank_files.reading().giving("xml"),
        "run_new": _finance.confirmed(),
        "fund_account_new": _finance.confirmed(),
        "run_release": _releases.confirmed(),
        "run_discard": role(Role.FINANCE_OFFICER, Role.FUND_MANAGER).confirmed(),
        "provider_list": _bank_files.reading(),
        "provider_detail": _bank_files.reading(),
        "provider_figure": _bank_files.reading(),
        "provider_new": _finance.confirmed(),
        "provider_screen": _finance.confirmed(),
        "provider_approve": _manager.confirmed(),
        "provider_suspend": role(Role.FINANCE_OFFICER, Role.FUND_MANAGER).confirmed(),
        "provider_resume": _manager.confirmed(),
        "provider_retire": _manager.confirmed(),
        "statement_list": _bank_files.reading(),
        "statement_new": _finance,
        "statement_detail": _bank_files.reading(),
        "difference_list": _bank_files.reading(),
        "line_detail": _bank_files.reading(),
        "line_match": _finance.confirmed(),
        "line_return": _finance.confirmed(),
        "line_explain": _finance.confirmed(),
        "line_hand_over": _finance.confirmed(),
        "report_detail": _seen.reading(),
        "report_edit": _partner,
        "report_save": _partner.acting(),
        "report_open": _partner.acting(),
        "report_begin": _partner.acting(),
        "report_take_back": _partner,
        "report_submit": _signatory,
        "report_accept": role(Role.PROGRAMME_OFFICER).confirmed(),
        "report_return": role(Role.PROGRAMME_OFFICER),
        "report_waive": _manager,
    }.items()
}
