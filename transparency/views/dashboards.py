"""The public dashboards of the fund's own money: pages and tables of what the worker drew."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language, get_language_bidi, gettext_lazy

from kernel.pieces import Chip
from kernel.spreadsheets import FORMATS, table_file
from transparency.figures.catalogue import CHARTS, Topic, parts_of
from transparency.figures.told import Choice
from transparency.forms import OwnFilterForm
from transparency.models import FundEdition
from transparency.selectors import own_dashboard as selectors

TITLES = {
    Topic.MONEY: gettext_lazy("Money in and out"),
    Topic.WHERE: gettext_lazy("Where the money goes"),
    Topic.PARTNERS: gettext_lazy("Who receives it"),
    Topic.SIZES: gettext_lazy("New partners and sizes"),
    Topic.DECIDING: gettext_lazy("Who decides, and appeals"),
}
View = Callable[..., HttpResponseBase]


def unchanged(view: View) -> View:
    """Answer 304 to a reader who has the page as it was drawn last.

    Signed-out readers only: what others see depends on who they are. The form for the language holds a token of the
    reader's own, so its cookie is a part of the page.
    """

    @wraps(view)
    def answered(request: HttpRequest, **named: Any) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, **named)
        cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
        said = "|".join([selectors.tag(), get_language() or "", request.get_full_path(), cookie])
        etag = f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
        answer: HttpResponseBase = get_conditional_response(request, etag=etag) or view(request, **named)
        if answer.status_code in (200, 304):
            answer["ETag"] = etag
            answer["Cache-Control"] = "private, no-cache"
            patch_vary_headers(answer, ["Cookie", "Accept-Language"])
        return answer

    return answered


@unchanged
def overview(request: HttpRequest) -> HttpResponse:
    """The fund's money in seven figures, and what every chart says in a sentence."""
    drawn = selectors.edition()
    if drawn is None:
        return render(request, "transparency/dashboard_empty.html")
    said = selectors.sentences(language=_language())
    context = {
        "edition": drawn,
        "figures": selectors.headlines(drawn),
        "pages": [(topic, TITLES[topic], said[topic]) for topic in Topic if said[topic]],
        "before": selectors.before(),
    }
    return render(request, "transparency/dashboard_overview.html", context)


@unchanged
def dashboard(request: HttpRequest, topic: str) -> HttpResponse:
    """The charts of one page within the choice of the query string."""
    if topic not in list(Topic):
        raise Http404
    drawn = selectors.edition()
    if drawn is None:
        return render(request, "transparency/dashboard_empty.html")
    form, choice = _form(request, drawn, topic)
    context = {
        "dashboard": selectors.page(drawn, topic=topic, language=_language(), choice=choice),
        "title": TITLES[Topic(topic)],
        "topics": [
            Chip(str(TITLES[other]), reverse("transparency:dashboard", args=[other]), current=other == topic)
            for other in Topic
        ],
        "form": form if form.fields else None,
    }
    return render(request, "transparency/dashboard.html", context)


@unchanged
def chart_table(request: HttpRequest, topic: str, chart: str, kind: str) -> HttpResponseBase:
    """The table of one chart as a file, exactly as the page shows it, as plain values."""
    known = next((one for one in CHARTS if one.topic == topic and one.key == chart), None)
    drawn = selectors.edition()
    if known is None or kind not in FORMATS or drawn is None:
        raise Http404
    choice = known.reduced(_form(request, drawn, topic)[1])
    found = selectors.one_chart(topic=topic, chart=chart, language=_language(), choice=choice)
    if found is None:
        raise Http404
    name = "-".join(part for part in (chart, str(choice.year or ""), choice.governorate, choice.sector) if part)
    labels = [column["label"] for column in found.columns]
    rows = selectors.plain_rows(found, drawn.currency)
    return table_file(kind, name, labels, rows, right_to_left=get_language_bidi(), public=True)


def _language() -> str:
    return (get_language() or "ar").split("-")[0]


def _form(request: HttpRequest, drawn: FundEdition, topic: str) -> tuple[OwnFilterForm, Choice]:
    """The filters of a page and what is chosen; 404 for what is not there."""
    form = OwnFilterForm(request.GET, choices=drawn.choices, parts=parts_of(topic))
    choice = form.choice()
    if choice is None:
        raise Http404
    return form, choice
