"""Who may open the pages of calls and applications; ``access_grants`` holds the rows of grants and reports."""

from importlib import import_module

from django.utils.module_loading import module_has_submodule

import grants
from accounts.roles import Role
from kernel.access import Access, merge, public, role, signed_in

_secretariat = role(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, relation="the secretariat, while the state allows it")
_officers = role(
    Role.PROGRAMME_OFFICER,
    Role.FINANCE_OFFICER,
    Role.FUND_MANAGER,
    Role.BOARD_MEMBER,
    Role.AUDITOR,
    relation="offices that see drafts",
)
_readers = role(
    Role.PROGRAMME_OFFICER,
    Role.FINANCE_OFFICER,
    Role.FUND_MANAGER,
    Role.AUDITOR,
    relation="offices that read every submitted application",
)
_board = role(Role.BOARD_MEMBER, relation="a member of the board who did not draft the call")
_call = public("anyone, once the call is published; before that the secretariat, the board and auditors")
_people = signed_in("people of the application's organisation")
_guardians = (Role.ADMINISTRATOR, Role.FUND_MANAGER, Role.AUDITOR)
_seen = signed_in("people of the organisation, officers once it was submitted, readers while their access lasts")

CALLS = {
    "grants:call_list": public().reading(),
    "grants:call_detail": _call.reading(),
    "grants:place_list": public().reading(),
    "grants:call_questions": _call.reading(),
    "grants:call_ask": signed_in("people of organisations, until the charter's day before the closing"),
    "grants:question_answer": _secretariat,
    "grants:call_check": _call.reading(),
    "grants:call_print": _call.reading().giving("pdf"),
    "grants:application_start": signed_in("people of an eligible organisation, while the call is open").acting(),
    "grants:call_manage": _officers.reading(),
    "grants:envelope_figure": _officers.reading(),
    "grants:call_approve": _board.confirmed(),
    "grants:call_ask_board": _secretariat.acting(),
    "grants:call_publish": _secretariat,
    "grants:call_extend": role(Role.FUND_MANAGER, relation="the fund manager, before the call closes"),
    "grants:call_cancel": role(
        Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, Role.BOARD_MEMBER, relation="a draft: the secretariat; later: the board"
    ).confirmed(),
    "grants:call_start_review": _secretariat,
    "grants:call_complete": _secretariat.confirmed(),
    **{
        f"grants:{name}": _secretariat
        for name in (
            "call_new", "call_terms", "call_weights", "call_sources", "section_new", "section_edit", "question_new",
            "question_edit", "eligibility_new", "eligibility_edit",
        )
    },
    "grants:call_form": _secretariat.reading(),
    "grants:call_xlsform": _call.reading().giving("xlsx"),
    "grants:call_form_upload": _secretariat,
    **{
        f"grants:{name}": _secretariat.acting()
        for name in ("call_form_use", "section_move", "section_remove", "question_move", "question_remove", "eligibility_remove")
    },
}  # fmt: skip

APPLICATIONS = {
    "grants:application_list": _people.reading(),
    "grants:application_detail": _seen.reading(),
    "grants:application_part": _people,
    "grants:application_autosave": _people.acting(),
    "grants:application_copy": _people,
    "grants:application_comments": _people,
    "grants:comment_settle": _people.acting(),
    "grants:application_budget_file": _people.reading().giving("xlsx"),
    "grants:application_budget_upload": _people,
    "grants:application_budget_use": _people.acting(),
    "grants:application_file_send": _people.acting(),
    "grants:application_file_sent": _people.resuming(),
    "grants:application_file": _seen.reading().giving("pdf", "png", "jpg"),
    "grants:file_erasure_list": role(*_guardians).reading(),
    "grants:file_past_list": role(*_guardians).reading(),
    "grants:file_erasure_decide": role(*_guardians, relation="a second person").confirmed(),
    "grants:file_erasure_new": role(Role.ADMINISTRATOR, relation="in an open staff session").confirmed(),
    "grants:application_submit": _people,
    "grants:application_workbook": _seen.reading().giving("xlsx"),
    "grants:application_paper": _seen.reading().giving("pdf"),
    "grants:application_receipt": _seen.reading().giving("pdf"),
    "grants:concept_note": _people.reading().giving("json"),
    "grants:application_content": _people.reading().giving("json"),
    "grants:application_withdraw": _people,
    "grants:application_feedback": _seen.reading(),
    "grants:letter": _seen.reading().giving("pdf"),
    "grants:application_screen": role(Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, relation="officers of no part in it"),
    "grants:basis_list": _readers.reading(),
    "grants:basis_propose": role(Role.PROGRAMME_OFFICER, relation="officers of no part in it"),
    "grants:basis_decide": role(Role.FUND_MANAGER, relation="not the person who wrote it").confirmed(),
    "grants:pipeline": _readers.reading().giving("html", "csv", "xlsx"),
}


def _later() -> dict[str, Access]:
    """The rows of ``grants.access_grants`` where that module exists."""
    if not module_has_submodule(grants, "access_grants"):
        return {}
    rows: dict[str, Access] = import_module("grants.access_grants").ACCESS
    return rows


ACCESS = merge([CALLS, APPLICATIONS, _later()])
