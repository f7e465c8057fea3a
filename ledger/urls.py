from django.urls import path

from ledger import views

app_name = "ledger"

urlpatterns = [
    path("", views.trial_balance, name="trial_balance"),
    path("accounts/<uuid:pk>/<slug:name>/", views.account_figure, name="account_figure"),
    path("sums/<slug:currency>/<slug:name>/", views.trial_figure, name="trial_figure"),
    path("transfers/", views.transfer_list, name="transfer_list"),
    path("months/", views.period_list, name="period_list"),
    path("months/lock/", views.period_lock, name="period_lock"),
    path("months/<uuid:pk>/<str:act>/", views.period_act, name="period_act"),
    path("rates/", views.rate_list, name="rate_list"),
    path("rates/new/", views.rate_record, name="rate_record"),
]
