"""The public list of places, searched in Arabic, Latin letters or by code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grants.forms.places import PlaceForm
from grants.selectors import places


def place_list(request: HttpRequest) -> HttpResponse:
    """Places that are called so, with their codes."""
    form = PlaceForm(request.GET)
    text, governorate = form.asked()
    found = [(one, places.where(one)) for one in places.search(text, governorate)]
    context = {"form": form, "asked": text, "rows": found, "most": places.MOST_FOUND}
    return render(request, "grants/place_list.html", context)
