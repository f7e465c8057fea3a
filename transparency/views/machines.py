"""What machines are told about: the document of the API, its page for people, and addresses where nothing is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from transparency.api import document
from transparency.api.manners import failure


def api_page(request: HttpRequest) -> HttpResponse:
    """Every address of the API with its parameters and fields."""
    context = {
        "operations": document.operations(),
        "site": settings.SITE_URL,
        "limit": settings.API_REQUESTS_PER_MINUTE,
    }
    return render(request, "transparency/api_page.html", context)


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of this installation."""
    return JsonResponse({**document.openapi(), "servers": [{"url": settings.SITE_URL}]})


def absent(request: HttpRequest, rest: str) -> HttpResponse:
    """An address of the API that does not exist, told as a machine expects it."""
    return failure(404, "not_found", _("Nothing is here."))
