"""The public dashboards of the fund's own money: pages and tables of what the worker drew."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
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
MOST_PAGES = 200
"""Pages that a process keeps: the last that were read, some 30 KB each."""
_PAGES: OrderedDict[str, list[str]] = OrderedDict()
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def unchanged(view: View) -> View:
    """Answer 304 to a reader who has the page as it was drawn last, and put a page together once for all others.

    Signed-out readers only: what others see depends on who they are. The form for the language holds a token of the
    reader's own: it is put into the kept page, and the cookie behind it is a part of the tag.
    """

    @wraps(view)
    def answered(request: HttpRequest, **named: Any) -> HttpResponseBase:
        if not set(request.COOKIES) <= {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}:
            return view(request, **named)
        said = "|".join([selectors.tag(), get_language() or "", request.get_full_path()])
        cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
        etag = f'"{hashlib.sha256(f"{said}|{cookie}".encode()).hexdigest()[:32]}"'
        answer: HttpResponseBase = get_conditional_response(request, etag=etag) or _kept(said, request, view, named)
        if answer.status_code in (200, 304):
            answer["ETag"] = etag
            answer["Cache-Control"] = "private, no-cache"
            patch_vary_headers(answer, ["Cookie", "Accept-Language"])
        return answer

    return answered


def _kept(said: str, request: HttpRequest, view: View, named: dict[str, Any]) -> HttpResponseBase:
    """The page as this process has put it together before, with the reader's own token; else as the view makes it."""
    parts = _PAGES.get(said)
    if parts is not None:
        _PAGES.move_to_end(said)
        return HttpResponse(get_token(request).join(parts))
    answer = view(request, **named)
    if isinstance(answer, HttpResponse) and answer.status_code == HTTPStatus.OK:
        page = answer.content.decode()
        token = _TOKEN.search(page)
        _PAGES[said] = page.split(token[1]) if token else [page]
        if len(_PAGES) > MOST_PAGES:
            _PAGES.popitem(last=False)
    return answer


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
