"""Addresses for programs, and of what helps to find things."""

from django.urls import include, path

from transparency.views import machines

urlpatterns = [
    path("api/", machines.api_page, name="api_page"),
    path("api/v1/", include("transparency.api.urls")),
    path("common-grants/", include("transparency.api.common_grants_urls")),
]
