"""Addresses of grants and their money."""

from django.urls import path

from disbursements.views import awards, closing, grants, lists, payments, reports, runs, statements, tranches

app_name = "disbursements"

_GRANT = "grants/<uuid:pk>/"
_TRANCHE = "tranches/<uuid:pk>/"
_PAYMENT = "payments/<uuid:pk>/"
_REPORT = "reports/<uuid:pk>/"
_RUN = "bank-files/<uuid:pk>/"
_LINE = "statements/lines/<uuid:pk>/"

urlpatterns = [
    path("grants/", grants.grant_list, name="grant_list"),
    path(_GRANT, grants.grant_detail, name="grant_detail"),
    path(f"{_GRANT}suspend/", grants.grant_act, {"act": "suspend"}, name="grant_suspend"),
    path(f"{_GRANT}resume/", grants.grant_act, {"act": "resume"}, name="grant_resume"),
    path(f"{_GRANT}terminate/", grants.grant_act, {"act": "terminate"}, name="grant_terminate"),
    path(f"{_GRANT}offer/", awards.offer, name="offer"),
    path(f"{_GRANT}offer/send/", awards.offer_send, name="offer_send"),
    path(f"{_GRANT}offer/accept/", awards.offer_accept, name="offer_accept"),
    path(f"{_GRANT}offer/decline/", awards.offer_decline, name="offer_decline"),
    path("conditions/<uuid:pk>/", awards.condition_meet, name="condition_meet"),
    path(f"{_GRANT}agreement/", awards.agreement, name="agreement"),
    path(f"{_GRANT}agreement/draw/", awards.agreement_draw, name="agreement_draw"),
    path(f"{_GRANT}agreement/sign/", awards.agreement_sign, name="agreement_sign"),
    path(f"{_GRANT}agreement/ar.pdf", awards.agreement_file, {"language": "ar"}, name="agreement_ar"),
    path(f"{_GRANT}agreement/en.pdf", awards.agreement_file, {"language": "en"}, name="agreement_en"),
    path(f"{_GRANT}closing/", closing.closing, name="closing"),
    path(f"{_GRANT}refund/compute/", closing.refund_compute, name="refund_compute"),
    path(f"{_GRANT}refund/record/", closing.refund_record, name="refund_record"),
    path(f"{_GRANT}refund/confirm/", closing.refund_confirm, name="refund_confirm"),
    path(f"{_GRANT}close/", closing.grant_close, name="grant_close"),
    path("tranches/", lists.tranche_list, name="tranche_list"),
    path("reports/", lists.report_list, name="report_list"),
    path(_TRANCHE, tranches.tranche_detail, name="tranche_detail"),
    path(f"{_TRANCHE}request/", tranches.tranche_request, name="tranche_request"),
    path(f"{_TRANCHE}approve/programme/", tranches.tranche_approve, {"kind": "programme"}, name="approve_programme"),
    path(f"{_TRANCHE}approve/finance/", tranches.tranche_approve, {"kind": "finance"}, name="approve_finance"),
    path(f"{_TRANCHE}approve/manager/", tranches.tranche_approve, {"kind": "manager"}, name="approve_manager"),
    path(f"{_TRANCHE}return/", tranches.tranche_act, {"act": "return"}, name="tranche_return"),
    path(f"{_TRANCHE}waive/", tranches.tranche_waive, name="tranche_waive"),
    path(f"{_TRANCHE}hold/", tranches.tranche_act, {"act": "hold"}, name="tranche_hold"),
    path(f"{_TRANCHE}release/", tranches.tranche_act, {"act": "release"}, name="tranche_release"),
    path(f"{_TRANCHE}cancel/", tranches.tranche_act, {"act": "cancel"}, name="tranche_cancel"),
    path(f"{_TRANCHE}pay/", tranches.payment_prepare, name="payment_prepare"),
    path(f"{_GRANT}reports/begin/", reports.report_begin, name="report_begin"),
    path("payments/", payments.payment_list, name="payment_list"),
    path(_PAYMENT, payments.payment_detail, name="payment_detail"),
    path(f"{_PAYMENT}release/", payments.payment_release, name="payment_release"),
    path(f"{_PAYMENT}confirm/", payments.payment_confirm, name="payment_confirm"),
    path(f"{_PAYMENT}failed/", payments.payment_fail, name="payment_fail"),
    path(f"{_PAYMENT}advice.pdf", payments.payment_advice, name="payment_advice"),
    path(f"{_PAYMENT}slip/", payments.payment_slip, name="payment_slip"),
    path("bank-files/", runs.run_list, name="run_list"),
    path("bank-files/new/", runs.run_new, name="run_new"),
    path("bank-files/accounts/new/", runs.fund_account_new, name="fund_account_new"),
    path(_RUN, runs.run_detail, name="run_detail"),
    path(f"{_RUN}release/", runs.run_release, name="run_release"),
    path(f"{_RUN}discard/", runs.run_discard, name="run_discard"),
    path(f"{_RUN}file.xml", runs.run_file, name="run_file"),
    path("statements/", statements.statement_list, name="statement_list"),
    path("statements/new/", statements.statement_new, name="statement_new"),
    path("statements/differences/", statements.difference_list, name="difference_list"),
    path("statements/<uuid:pk>/", statements.statement_detail, name="statement_detail"),
    path(_LINE, statements.line_detail, name="line_detail"),
    path(f"{_LINE}match/", statements.line_match, name="line_match"),
    path(f"{_LINE}returned/", statements.line_return, name="line_return"),
    path(f"{_LINE}explain/", statements.line_explain, name="line_explain"),
    path(f"{_LINE}hand-over/", statements.line_hand_over, name="line_hand_over"),
    path(_REPORT, reports.report_detail, name="report_detail"),
    path(f"{_REPORT}write/", reports.report_edit, name="report_edit"),
    path(f"{_REPORT}save/", reports.report_save, name="report_save"),
    path(f"{_REPORT}open/", reports.report_open, name="report_open"),
    path(f"{_REPORT}submit/", reports.report_submit, name="report_submit"),
    path(f"{_REPORT}accept/", reports.report_act, {"act": "accept"}, name="report_accept"),
    path(f"{_REPORT}return/", reports.report_act, {"act": "return"}, name="report_return"),
    path(f"{_REPORT}take-back/", reports.report_act, {"act": "take_back"}, name="report_take_back"),
    path(f"{_REPORT}waive/", reports.report_act, {"act": "waive"}, name="report_waive"),
]
