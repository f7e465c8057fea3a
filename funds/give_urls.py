"""The public donor page and the webhook of Stripe, mounted at ``/give/``."""

from django.urls import path

from funds.views import giving

app_name = "giving"

urlpatterns = [
    path("", giving.give, name="give"),
    path("stripe/", giving.webhook, name="webhook"),
    path("certificates/<str:token>/", giving.certificate, name="certificate"),
    path("<str:token>/", giving.gift, name="gift"),
    path("<str:token>/receipt/", giving.receipt, name="receipt"),
    path("<str:token>/certificate/", giving.ask_certificate, name="ask_certificate"),
]
