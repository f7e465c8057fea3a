"""Addresses of the public figures and of the import of history."""

from django.urls import include, path

from transparency.views import (
    decisions,
    giving,
    home,
    imports,
    kept,
    open_data,
    papers,
    public,
    register,
    rollback,
    told,
    withholdings,
)

app_name = "transparency"

urlpatterns = [
    path("", home.home, name="home"),
    path("decisions/", home.decision_register, name="decision_register"),
    path("decisions/grants/", decisions.decision_list, name="decision_list"),
    path("reports/", papers.paper_list, name="paper_list"),
    path("reports/new/", papers.paper_work, name="paper_work"),
    path("reports/<uuid:pk>/", papers.paper_detail, name="paper_detail"),
    path("reports/<uuid:pk>/<slug:language>.pdf", papers.paper_pdf, name="paper_pdf"),
    path("reports/<uuid:pk>/approve/", papers.paper_act, {"act": "approve"}, name="paper_approve"),
    path("reports/<uuid:pk>/publish/", papers.paper_act, {"act": "publish"}, name="paper_publish"),
    path("reports/<uuid:pk>/discard/", papers.paper_discard, name="paper_discard"),
    path("register/", register.register, name="register"),
    path("figures/grants/", told.grants_told, name="grants_told"),
    path("giving/", giving.giving, name="giving"),
    path("giving/<uuid:pk>/", giving.donor_place, name="donor_place"),
    path("giving/<uuid:pk>/unearmarked/", giving.donor_portfolio, name="donor_portfolio"),
    path("giving/<uuid:pk>/statement/", giving.donor_statement, name="donor_statement"),
    path("giving/<uuid:pk>/grants/<slug:code>/", giving.donor_grant, name="donor_grant"),
    path("rapid/", home.rapid_window, name="rapid_window"),
    path("", include("transparency.urls_machines")),
    path("data/", open_data.open_data, name="open_data"),
    path("data/fields/", open_data.open_data_fields, name="open_data_fields"),
    path("data/<str:name>", open_data.open_data_file, name="open_data_file"),
    path("data/<str:day>/<str:name>", open_data.open_data_version, name="open_data_version"),
    path("figures/before/", public.history_dashboard, name="history_dashboard"),
    path("figures/before/<slug:chart>.csv", public.history_chart_csv, name="history_chart_csv"),
    path("figures/", include("transparency.urls_dashboards")),
    path("imports/", imports.import_list, name="history_import_list"),
    path("imports/new/", imports.import_new, name="history_import_new"),
    path("imports/<uuid:pk>/", imports.import_detail, name="history_import_detail"),
    path("imports/<uuid:pk>/confirm/", imports.import_confirm, name="history_import_confirm"),
    path("imports/<uuid:pk>/repeat/", imports.import_repeat, name="history_import_repeat"),
    path("imports/<uuid:pk>/problems.csv", imports.import_problems, name="history_import_problems"),
    path("grants/<uuid:pk>/public/", withholdings.public_view, name="public_view"),
    path("grants/<uuid:pk>/public/name/", withholdings.name_consent, name="name_consent"),
    path("grants/<uuid:pk>/public/name/back/", withholdings.name_consent_back, name="name_consent_back"),
    path("calls/<uuid:pk>/times/", kept.call_times, name="call_times"),
    path("calls/<uuid:pk>/withheld/", withholdings.call_withheld, name="call_withheld"),
    path("withheld/", withholdings.withholding_list, name="withholding_list"),
    *(
        path(f"withheld/<uuid:pk>/{act}/", withholdings.withholding_act, {"act": act}, name=f"withholding_{act}")
        for act in ("keep", "propose", "consent", "decline")
    ),
    path("rollback/", rollback.log_rollback, name="log_rollback"),
    path("rollback/confirm/", rollback.log_rollback_answer, {"answer": "confirm"}, name="log_rollback_confirm"),
    path("rollback/withdraw/", rollback.log_rollback_answer, {"answer": "withdraw"}, name="log_rollback_withdraw"),
]
