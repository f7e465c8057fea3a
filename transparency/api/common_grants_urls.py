"""Addresses of CommonGrants, below ``/common-grants/``."""

from django.urls import path

from transparency.api.manners import polite
from transparency.views import common_grants

urlpatterns = [
    path("opportunities", polite(common_grants.opportunity_list), name="opportunity_list"),
    path("opportunities/search", polite(common_grants.opportunity_search), name="opportunity_search"),
    path("opportunities/<uuid:pk>", polite(common_grants.opportunity), name="opportunity"),
    path("<path:rest>", polite(common_grants.absent), name="common_grants_absent"),
]
