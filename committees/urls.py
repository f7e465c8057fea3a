"""Addresses of committees: nouns, then verbs."""

from typing import Any

from django.urls import URLPattern
from django.urls import path as _path
from django.views.decorators.cache import cache_control

from committees.views import (
    appeals,
    assigning,
    cases,
    committees,
    concepts,
    extensions,
    extracts,
    figures,
    meetings,
    panels,
    rapid,
    reviews,
    scoring,
    votes,
    waiting,
)

app_name = "committees"
_kept_nowhere = cache_control(private=True, no_store=True)


def path(route: str, view: Any, *, name: str) -> URLPattern:
    """An address whose pages no browser and nothing on the way keeps: what was seen before a recusal is asked for anew."""
    return _path(route, _kept_nowhere(view), name=name)


committee_urls = [
    path("", committees.committee_list, name="committee_list"),
    path("new/", committees.committee_form, name="committee_form"),
    path("<uuid:pk>/", committees.committee_detail, name="committee_detail"),
    path("<uuid:pk>/constitute/", committees.committee_constitute, name="committee_constitute"),
    path("<uuid:pk>/dissolve/", committees.committee_dissolve, name="committee_dissolve"),
    path("<uuid:pk>/seats/new/", committees.seat_form, name="seat_form"),
    path("<uuid:pk>/seats/<uuid:seat>/expertise/", assigning.seat_expertise, name="seat_expertise"),
    path("<uuid:pk>/seats/<uuid:seat>/vacate/", committees.seat_vacate, name="seat_vacate"),
    path("<uuid:pk>/seats/<uuid:seat>/reinstate/", committees.seat_reinstate, name="seat_reinstate"),
    path("<uuid:pk>/seats/<uuid:seat>/nomination/", committees.seat_evidence, name="seat_evidence"),
]

panel_urls = [
    path("calls/<uuid:call>/panel/", panels.panel_open, name="panel_open"),
    path("panels/<uuid:pk>/", panels.panel_detail, name="panel_detail"),
    path("panels/<uuid:pk>/declarations/", panels.panel_declare, name="panel_declare"),
    path("panels/<uuid:pk>/declarations/<uuid:application>/", panels.panel_declare_again, name="panel_declare_again"),
    path("panels/<uuid:pk>/concepts/<uuid:application>/", concepts.concept_judge, name="concept_judge"),
    path("panels/<uuid:pk>/concepts/answer/", concepts.concepts_answer, name="concepts_answer"),
    path("panels/<uuid:pk>/assign/", assigning.panel_assign, name="panel_assign"),
    path("panels/<uuid:pk>/assign/ask/", assigning.panel_ask_assignment, name="panel_ask_assignment"),
    path("panels/<uuid:pk>/assign/<uuid:application>/", assigning.panel_assign_change, name="panel_assign_change"),
    path("panels/<uuid:pk>/calibration/", figures.panel_calibration, name="panel_calibration"),
    path("panels/<uuid:pk>/portfolio/", figures.panel_portfolio, name="panel_portfolio"),
    path("panels/<uuid:pk>/assign/missing/", panels.panel_fill_gaps, name="panel_fill_gaps"),
    path("panels/<uuid:pk>/extend/", panels.panel_extend, name="panel_extend"),
    path("panels/<uuid:pk>/close-scoring/", panels.panel_close_scoring, name="panel_close_scoring"),
    path("panels/<uuid:pk>/ranking/", panels.panel_ranking, name="panel_ranking"),
    path("panels/<uuid:pk>/scorers/<uuid:application>/", panels.panel_scorers, name="panel_scorers"),
]

scoring_urls = [
    path("scores/", scoring.my_scores, name="my_scores"),
    path("reviews/", reviews.review_list, name="review_list"),
    path("panels/<uuid:pk>/applications/<uuid:application>/", scoring.application_review, name="application_review"),
]

meeting_urls = [
    path("panels/<uuid:pk>/meetings/new/", meetings.meeting_form, name="meeting_form"),
    path("meetings/<uuid:pk>/", meetings.meeting_detail, name="meeting_detail"),
    path("meetings/<uuid:pk>/postpone/", meetings.meeting_postpone, name="meeting_postpone"),
    path("meetings/<uuid:pk>/attend/", meetings.meeting_attend, name="meeting_attend"),
    path("meetings/<uuid:pk>/open/", meetings.meeting_open, name="meeting_open"),
    path("meetings/<uuid:pk>/close/", meetings.meeting_close, name="meeting_close"),
    path("extracts/", extracts.extract_list, name="extract_list"),
    path("meetings/<uuid:pk>/extract.pdf", extracts.meeting_extract, name="meeting_extract"),
    path("meetings/<uuid:pk>/minutes.pdf", meetings.meeting_minutes, name="meeting_minutes"),
    path("meetings/<uuid:pk>/sign/", meetings.meeting_sign, name="meeting_sign"),
]

item_urls = [
    path("items/<uuid:pk>/", votes.item_detail, name="item_detail"),
    path("items/<uuid:pk>/discuss/", votes.item_discuss, name="item_discuss"),
    path("items/<uuid:pk>/minute/", votes.item_minute, name="item_minute"),
    path("items/<uuid:pk>/open-vote/", votes.item_open_vote, name="item_open_vote"),
    path("items/<uuid:pk>/close-vote/", votes.item_close_vote, name="item_close_vote"),
    path("items/<uuid:pk>/adjourn/", votes.item_adjourn, name="item_adjourn"),
    path("items/<uuid:pk>/vote/", votes.item_vote, name="item_vote"),
    path("items/<uuid:pk>/decide/", votes.item_decide, name="item_decide"),
]

case_urls = [
    path("panels/<uuid:pk>/conflicts/", cases.panel_conflicts, name="panel_conflicts"),
    path("panels/<uuid:pk>/conflicts/report/", cases.case_report, name="case_report"),
    path("cases/", cases.case_list, name="case_list"),
    path("cases/<uuid:pk>/", cases.case_detail, name="case_detail"),
    path("cases/<uuid:pk>/confirm/", cases.case_confirm, name="case_confirm"),
    path("cases/<uuid:pk>/dismiss/", cases.case_dismiss, name="case_dismiss"),
    path("cases/<uuid:pk>/close/", cases.case_close, name="case_close"),
]

waiting_urls = [
    path("panels/<uuid:pk>/waiting/", waiting.waiting_list, name="waiting_list"),
    path("waiting/<uuid:pk>/", waiting.waiting_answer, name="waiting_answer"),
    path("waiting/<uuid:pk>/pass-over/", waiting.waiting_dismiss, name="waiting_dismiss"),
    path("extensions/<uuid:pk>/", extensions.extension_agree, name="extension_agree"),
]

appeal_urls = [
    path("appeals/", appeals.appeal_list, name="appeal_list"),
    path("appeals/published/", appeals.appeals_published, name="appeals_published"),
    path("appeals/new/<uuid:application>/", appeals.appeal_form, name="appeal_form"),
    path("appeals/<uuid:pk>/", appeals.appeal_detail, name="appeal_detail"),
    path("appeals/<uuid:pk>/admit/", appeals.appeal_admit, name="appeal_admit"),
    path("appeals/<uuid:pk>/refuse/", appeals.appeal_refuse, name="appeal_refuse"),
    path("appeals/<uuid:pk>/vote/", appeals.appeal_vote, name="appeal_vote"),
    path("appeals/<uuid:pk>/decide/", appeals.appeal_decide, name="appeal_decide"),
    path("appeals/<uuid:pk>/documents/<uuid:document>/", appeals.appeal_document, name="appeal_document"),
]

rapid_urls = [
    path("alerts/", rapid.alert_list, name="alert_list"),
    path("alerts/new/", rapid.alert_form, name="alert_form"),
    path("alerts/<uuid:pk>/", rapid.alert_detail, name="alert_detail"),
    path("alerts/<uuid:pk>/declare/", rapid.alert_declare, name="alert_declare"),
    path("alerts/<uuid:pk>/answer/", rapid.alert_answer, name="alert_answer"),
    path("alerts/<uuid:pk>/withdraw/", rapid.alert_withdraw, name="alert_withdraw"),
    path("alerts/<uuid:pk>/evidence/", rapid.alert_evidence, name="alert_evidence"),
    path("on-call/", rapid.rota_list, name="rota_list"),
    path("on-call/<uuid:committee>/new/", rapid.rota_form, name="rota_form"),
    path("on-call/rotas/<uuid:pk>/withdraw/", rapid.rota_withdraw, name="rota_withdraw"),
]

urlpatterns = [
    *committee_urls, *panel_urls, *scoring_urls, *meeting_urls, *item_urls, *case_urls, *waiting_urls, *appeal_urls,
    *rapid_urls,
]  # fmt: skip
