"""Addresses of the API below ``/api/v1/``; django-ninja makes the views, each answers with our manners."""

from typing import Any

from django.urls import URLPattern, path

from transparency.api import donors  # noqa: F401 -- its addresses join the API
from transparency.api.endpoints import api
from transparency.api.manners import polite
from transparency.views import machines

OWN_ROOT = "api-root"
"""Django-ninja's page of the root, which ours stands for."""


def _polite(pattern: URLPattern) -> URLPattern:
    pattern.callback = polite(pattern.callback)
    return pattern


_ninja: list[Any] = api.urls[0]

urlpatterns: list[URLPattern] = [
    path("openapi.json", polite(machines.openapi), name="api_openapi"),
    *(_polite(one) for one in _ninja if one.name != OWN_ROOT),
    path("<path:rest>", polite(machines.absent), name="api_absent"),
]
