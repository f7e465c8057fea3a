"""Feeds, calendar, sitemap: texts that programs fetch by themselves."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from transparency.feeds import dates, news, places
from transparency.selectors import home, open_books


def _known(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language


def feed_news(request: HttpRequest, language: str) -> HttpResponse:
    """Calls and decisions."""
    calls = list(open_books.public_calls()[: news.MOST_ENTRIES])
    return HttpResponse(news.news(_known(language), calls, home.outcomes()), content_type=news.CONTENT_TYPE)


def calls_calendar(request: HttpRequest, language: str) -> HttpResponse:
    """The dates of calls that have not closed long ago."""
    made = dates.calendar(_known(language), list(open_books.calls_with_dates_near()))
    return HttpResponse(made, content_type=dates.CONTENT_TYPE)


def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page."""
    return HttpResponse(places.sitemap(list(open_books.public_calls())), content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    """What programs may walk through."""
    return HttpResponse(places.robots(), content_type="text/plain; charset=utf-8")
