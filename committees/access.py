"""Who may open which URL of committees."""

from accounts.roles import Role
from kernel.access import Access, public, role, signed_in

_secretariat = role(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, relation="the secretariat")
_overseers = role(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, Role.AUDITOR, relation="who reads all of committees")
_appeals = signed_in("people of the organisation, the appeal's panel, officers who oversee committees")
_admits = role(Role.FUND_MANAGER, Role.BOARD_MEMBER, relation="who took no part in the application")
_manager = role(Role.FUND_MANAGER, relation="the fund manager")
_overseers = role(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, Role.AUDITOR, relation="who oversees committees")
_readers = signed_in("members of the committee; officers who run or oversee committees")
_member = signed_in("a member of the committee, for himself")
_declared = signed_in("members who declared without conflict; the secretariat and auditors")
_keeper = signed_in("who leads the meeting, chair or rapporteur, not recused from the item")
_register = signed_in("the secretariat and auditors; the committee's chair, without files of own recusals")
_cases = signed_in("who reports, judges, keeps or oversees cases; never the member concerned")
_board = role(
    Role.BOARD_MEMBER,
    Role.AUDITOR,
    Role.PROGRAMME_OFFICER,
    Role.FUND_MANAGER,
    relation="who checks or runs the process",
)
_judge = role(Role.FUND_MANAGER, Role.BOARD_MEMBER, relation="not who reported the conflict")
_alerts = signed_in("people of the organisation, members on call for the alert, officers who oversee committees")
_on_call = signed_in("a member on call for the alert, for himself")

ACCESS: dict[str, Access] = {
    "committees:committee_list": _readers.reading(),
    "committees:committee_form": _secretariat,
    "committees:committee_detail": _readers.reading(),
    "committees:committee_constitute": _secretariat.acting().confirmed(),
    "committees:committee_dissolve": _secretariat.confirmed(),
    "committees:seat_form": _secretariat.confirmed(),
    "committees:seat_vacate": _secretariat.confirmed(),
    "committees:seat_reinstate": _manager.confirmed(),
    "committees:seat_evidence": signed_in("officers who read committees; the member").reading().giving("file"),
    "committees:panel_open": _secretariat,
    "committees:panel_detail": _readers.reading(),
    "committees:panel_declare": _member,
    "committees:panel_declare_again": _member,
    "committees:concept_judge": _member,
    "committees:concepts_answer": _secretariat.acting(),
    "committees:panel_assign": _secretariat,
    "committees:panel_ask_assignment": _secretariat.acting(),
    "committees:panel_assign_change": _secretariat,
    "committees:panel_calibration": _declared.reading(),
    "committees:panel_portfolio": _declared.reading(),
    "committees:seat_expertise": signed_in("the member; the secretariat"),
    "committees:panel_fill_gaps": _secretariat.acting(),
    "committees:panel_extend": _secretariat,
    "committees:panel_close_scoring": _secretariat.acting(),
    "committees:panel_ranking": _declared.reading().giving("html", "csv"),
    "committees:panel_scorers": _secretariat,
    "committees:my_scores": _member.reading(),
    "committees:review_list": _overseers.reading().giving("html", "csv", "xlsx"),
    "committees:application_review": _declared,
    "committees:meeting_form": _secretariat,
    "committees:meeting_detail": _readers.reading(),
    "committees:meeting_postpone": _secretariat,
    "committees:meeting_attend": _readers.acting(),
    "committees:meeting_open": _keeper.acting(),
    "committees:meeting_close": _keeper.acting(),
    "committees:meeting_minutes": _readers.reading().giving("pdf"),
    "committees:extract_list": _board.reading(),
    "committees:meeting_extract": _board.reading().giving("pdf"),
    "committees:meeting_sign": signed_in("chair and rapporteur").confirmed(),
    "committees:item_detail": _declared.reading(),
    "committees:item_discuss": _keeper.acting(),
    "committees:item_minute": _keeper.acting(),
    "committees:item_open_vote": _keeper.acting(),
    "committees:item_close_vote": _keeper.acting(),
    "committees:item_adjourn": _keeper.acting(),
    "committees:item_vote": _member,
    "committees:item_decide": _keeper.confirmed(),
    "committees:panel_conflicts": _register.reading(),
    "committees:case_report": _register.confirmed(),
    "committees:case_list": _cases.reading(),
    "committees:case_detail": _cases.reading(),
    "committees:case_confirm": _judge.confirmed(),
    "committees:case_dismiss": _judge.confirmed(),
    "committees:case_close": signed_in("who answers for the case; the fund manager").confirmed(),
    "committees:appeal_list": _appeals.reading(),
    "committees:appeals_published": public().reading(),
    "committees:appeal_form": signed_in(
        "a signatory of the organisation, while the decision can be appealed"
    ).confirmed(),
    "committees:appeal_detail": _appeals.reading(),
    "committees:appeal_admit": _admits.acting(),
    "committees:appeal_refuse": _admits.confirmed(),
    "committees:appeal_vote": signed_in("a member of the appeal's panel").acting(),
    "committees:appeal_decide": signed_in("a member of the appeal's panel").confirmed(),
    "committees:appeal_document": _appeals.reading().giving("file"),
    "committees:alert_list": _alerts.reading(),
    "committees:alert_form": signed_in("a signatory of an eligible organisation"),
    "committees:alert_detail": _alerts.reading(),
    "committees:alert_declare": _on_call,
    "committees:alert_answer": _on_call,
    "committees:alert_withdraw": signed_in("a signatory of the organisation, before the answer"),
    "committees:alert_evidence": _alerts.reading().giving("file"),
    "committees:rota_list": _readers.reading(),
    "committees:rota_form": _secretariat,
    "committees:rota_withdraw": _secretariat,
    "committees:extension_agree": signed_in("a member of the committee, not recused"),
    "committees:waiting_list": _overseers.reading(),
    "committees:waiting_answer": _manager.confirmed(),
    "committees:waiting_dismiss": _manager,
}
