from django.urls import path

from ledger import views

app_name = "ledger"

urlpatterns = [
    path("", views.trial_balance, name="trial_balance"),
    path("transfers/", views.transfer_list, name="transfer_list"),
]
