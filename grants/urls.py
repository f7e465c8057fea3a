"""Addresses of calls and applications; those of grants and reports stand in ``urls_grants``."""

from importlib import import_module
from typing import Any

from django.urls import path
from django.utils.module_loading import module_has_submodule

import grants
from grants.views import (
    applications,
    asking,
    attachments,
    budget_files,
    builder,
    calls,
    colleagues,
    decisions,
    erasures,
    places,
    religious,
    screening,
    xlsforms,
)

app_name = "grants"

call_urls = [
    path("calls/", calls.call_list, name="call_list"),
    path("calls/new/", builder.call_new, name="call_new"),
    path("calls/<uuid:pk>/", calls.call_detail, name="call_detail"),
    path("calls/<uuid:pk>/questions/", asking.call_questions, name="call_questions"),
    path("calls/<uuid:pk>/questions/ask/", asking.call_ask, name="call_ask"),
    path("questions/<uuid:pk>/answer/", asking.question_answer, name="question_answer"),
    path("calls/<uuid:pk>/check/", calls.call_check, name="call_check"),
    path("calls/<uuid:pk>/print/<str:language>/", calls.call_print, name="call_print"),
    path("calls/<uuid:pk>/start/", applications.application_start, name="application_start"),
    path("calls/<uuid:pk>/manage/", decisions.call_manage, name="call_manage"),
    path("calls/<uuid:pk>/envelopes/<uuid:envelope>/<slug:name>/", decisions.envelope_figure, name="envelope_figure"),
    path("calls/<uuid:pk>/board/", decisions.call_approve, name="call_approve"),
    path("calls/<uuid:pk>/ask-board/", decisions.call_ask_board, name="call_ask_board"),
    path("calls/<uuid:pk>/publish/", decisions.call_publish, name="call_publish"),
    path("calls/<uuid:pk>/extend/", decisions.call_extend, name="call_extend"),
    path("calls/<uuid:pk>/cancel/", decisions.call_cancel, name="call_cancel"),
    path("calls/<uuid:pk>/hand-over/", decisions.call_start_review, name="call_start_review"),
    path("calls/<uuid:pk>/complete/", decisions.call_complete, name="call_complete"),
    path("calls/<uuid:pk>/terms/", builder.call_terms, name="call_terms"),
    path("calls/<uuid:pk>/weights/", builder.call_weights, name="call_weights"),
    path("calls/<uuid:pk>/sources/", builder.call_sources, name="call_sources"),
    path("calls/<uuid:pk>/form/", builder.call_form, name="call_form"),
    path("calls/<uuid:pk>/form.xlsx", xlsforms.call_xlsform, name="call_xlsform"),
    path("calls/<uuid:pk>/form/upload/", xlsforms.call_form_upload, name="call_form_upload"),
    path("calls/<uuid:pk>/form/use/", xlsforms.call_form_use, name="call_form_use"),
    path("calls/<uuid:pk>/form/section/", builder.section_new, name="section_new"),
    path("calls/<uuid:pk>/form/eligibility/", builder.eligibility_new, name="eligibility_new"),
    path("form/section/<uuid:pk>/", builder.section_edit, name="section_edit"),
    path("form/section/<uuid:pk>/move/", builder.section_move, name="section_move"),
    path("form/section/<uuid:pk>/remove/", builder.section_remove, name="section_remove"),
    path("form/section/<uuid:pk>/question/", builder.question_new, name="question_new"),
    path("form/question/<uuid:pk>/", builder.question_edit, name="question_edit"),
    path("form/question/<uuid:pk>/move/", builder.question_move, name="question_move"),
    path("form/question/<uuid:pk>/remove/", builder.question_remove, name="question_remove"),
    path("form/eligibility/<uuid:pk>/", builder.eligibility_edit, name="eligibility_edit"),
    path("form/eligibility/<uuid:pk>/remove/", builder.eligibility_remove, name="eligibility_remove"),
]

application_urls = [
    path("places/", places.place_list, name="place_list"),
    path("applications/", applications.application_list, name="application_list"),
    path("applications/<uuid:pk>/", applications.application_detail, name="application_detail"),
    path("applications/<uuid:pk>/edit/<slug:key>/", applications.application_part, name="application_part"),
    path("applications/<uuid:pk>/copy/", colleagues.application_copy, name="application_copy"),
    path("applications/<uuid:pk>/comments/<slug:key>/", colleagues.application_comments, name="application_comments"),
    path(
        "applications/<uuid:pk>/comments/<slug:key>/<uuid:comment>/settle/",
        colleagues.comment_settle,
        name="comment_settle",
    ),
    path("applications/<uuid:pk>/keep/<slug:key>/", applications.application_autosave, name="application_autosave"),
    path("applications/<uuid:pk>/budget.xlsx", budget_files.application_budget_file, name="application_budget_file"),
    path(
        "applications/<uuid:pk>/budget/upload/",
        budget_files.application_budget_upload,
        name="application_budget_upload",
    ),
    path("applications/<uuid:pk>/budget/use/", budget_files.application_budget_use, name="application_budget_use"),
    path(
        "applications/<uuid:pk>/edit/<slug:key>/files/", attachments.application_file_send, name="application_file_send"
    ),
    path("applications/sending/<uuid:pk>/", attachments.application_file_sent, name="application_file_sent"),
    path("applications/files/<uuid:pk>/", attachments.application_file, name="application_file"),
    path("files/erased/", erasures.file_erasure_list, name="file_erasure_list"),
    path("files/erased/<uuid:pk>/", erasures.file_erasure_decide, name="file_erasure_decide"),
    path("files/past/", erasures.file_past_list, name="file_past_list"),
    path("files/erase/<uuid:pk>/", erasures.file_erasure_new, name="file_erasure_new"),
    path("applications/<uuid:pk>/submit/", applications.application_submit, name="application_submit"),
    path("applications/<uuid:pk>/filled.xlsx", applications.application_workbook, name="application_workbook"),
    path("applications/<uuid:pk>/filled.pdf", applications.application_paper, name="application_paper"),
    path("applications/<uuid:pk>/receipt/", applications.application_receipt, name="application_receipt"),
    path("applications/<uuid:pk>/concept-note/", applications.concept_note, name="concept_note"),
    path("applications/<uuid:pk>/content/", applications.application_content, name="application_content"),
    path("applications/<uuid:pk>/withdraw/", applications.application_withdraw, name="application_withdraw"),
    path("applications/<uuid:pk>/feedback/", applications.application_feedback, name="application_feedback"),
    path("letters/<uuid:pk>/", applications.letter, name="letter"),
    path("applications/<uuid:pk>/screen/", screening.application_screen, name="application_screen"),
    path("applications/<uuid:pk>/zakat/", religious.basis_list, name="basis_list"),
    path("applications/<uuid:pk>/zakat/<uuid:line>/", religious.basis_propose, name="basis_propose"),
    path("applications/<uuid:pk>/zakat/decide/<uuid:basis>/", religious.basis_decide, name="basis_decide"),
    path("pipeline/", screening.pipeline, name="pipeline"),
]


def _later(name: str) -> list[Any]:
    """A list of ``grants.urls_grants`` where that module exists."""
    if not module_has_submodule(grants, "urls_grants"):
        return []
    found: list[Any] = getattr(import_module("grants.urls_grants"), name, [])
    return found


urlpatterns = [*call_urls, *application_urls, *_later("grant_urls"), *_later("report_urls")]
