"""The only place that mounts: every app's URLs, and those of the libraries."""

from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule
from django.views.i18n import set_language

from poolfund import demo_sign_in, offline, work

handler500 = "poolfund.errors.failed"

MOUNTS = {
    "accounts": "people/",
    "notices": "messages/",
    "ledger": "ledger/",
    "charter": "charter/",
    "funds": "funds/",
    "organisations": "organisations/",
    "grants": "grants/",
    "committees": "committees/",
    "disbursements": "disbursements/",
    "accountability": "complaints/",
    "audit": "log/",
    "transparency": "",
}
"""App -> where its ``urls.py`` is mounted; the fund's home is transparency's."""


def probe(request: HttpRequest) -> HttpResponse:
    """Names ``/healthz`` and ``/readyz``, which `HealthMiddleware` answers before any view."""
    return HttpResponse("ok\n", content_type="text/plain")


def _apps() -> list[URLPattern | URLResolver]:
    return [
        path(prefix, include(f"{label}.urls"))
        for label, prefix in MOUNTS.items()
        if module_has_submodule(import_module(label), "urls")
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", probe, name="healthz"),
    path("readyz", probe, name="readyz"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("language/", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
    path("work/", work.my_work, name="work"),
    path("give/", include("funds.give_urls")),
    *_apps(),
]

if settings.DEMO:
    urlpatterns.append(path("demo/sign-in/<str:token>/", demo_sign_in.sign_in, name="demo_sign_in"))
