"""Calls and decisions as an Atom feed (RFC 4287)."""

import uuid
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.models import Call
from kernel.templatetags.fund import fund_name
from transparency.selectors import open_books
from transparency.selectors.home import CallOutcome

MOST_ENTRIES: Final = 50
SUMMARY_CHARACTERS: Final = 500
CONTENT_TYPE: Final = Atom1Feed.content_type


def news(language: str, calls: list[Call], outcomes: list[CallOutcome]) -> str:
    """The feed in ``language``: published calls and decided ones, the latest first."""
    with override(language):
        feed = Atom1Feed(
            title=_("Calls and decisions – %(fund)s") % {"fund": fund_name()},
            link=settings.SITE_URL + reverse("grants:call_list"),
            description="",
            language=language,
            feed_url=settings.SITE_URL + reverse("transparency:feed_news", args=[language]),
            author_name=fund_name(),
            feed_guid=f"urn:uuid:{_stable('feed', language)}",
        )
        entries = sorted([*_calls(calls), *_decisions(outcomes)], key=lambda entry: entry["updateddate"], reverse=True)
        for entry in entries[:MOST_ENTRIES]:
            feed.add_item(**entry)
        return str(feed.writeString("utf-8"))


def _stable(*parts: str) -> uuid.UUID:
    """The same name for the same thing for ever, as Atom demands."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join((settings.FUND_ID, *parts)))


def _calls(calls: list[Call]) -> Iterator[dict[str, Any]]:
    for call in calls:
        title = _("Call: %(title)s") if open_books.state_of(call) != open_books.CLOSED else _("Call closed: %(title)s")
        yield {
            "title": title % {"title": call.title},
            "link": settings.SITE_URL + reverse("grants:call_detail", args=[call.pk]),
            "description": Truncator(str(call.summary)).chars(SUMMARY_CHARACTERS),
            "unique_id": f"urn:uuid:{call.pk}",
            "updateddate": call.moved_at,
        }


def _decisions(outcomes: list[CallOutcome]) -> Iterator[dict[str, Any]]:
    for outcome in outcomes:
        said = _(
            "Received: %(received)s · funded: %(funded)s · waiting list: %(waitlisted)s · rejected: %(rejected)s · "
            "not eligible: %(ineligible)s"
        )
        yield {
            "title": _("Decided: %(title)s") % {"title": outcome.call.title},
            "link": settings.SITE_URL + reverse("transparency:decision_register"),
            "description": said
            % {
                "received": outcome.received,
                "funded": _("%(told)s or more") % {"told": outcome.told} if outcome.funded is None else outcome.funded,
                "waitlisted": outcome.waitlisted,
                "rejected": "–" if outcome.rejected is None else outcome.rejected,
                "ineligible": outcome.ineligible,
            },
            "unique_id": f"urn:uuid:{_stable('decided', str(outcome.call.pk))}",
            "updateddate": outcome.call.moved_at,
        }
