"""Rows of the list of reviews, drawn in one stroke: as tags of a template fifty of them took half the time of the page."""

from collections.abc import Iterable
from typing import Final

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from committees.selectors.reviews import Review
from kernel.money import Money, format_money
from kernel.templatetags.fund import language

register = template.Library()

_ROW: Final = (
    '<tr class="{{}}"><th scope="row"><a href="{{}}"><bdi>{{}}</bdi></a><br>'
    '<span class="soft small"><bdi>{{}}</bdi> · <bdi class="code nowrap">{{}}</bdi></span></th>'
    '<td data-label="{}"><bdi class="code nowrap">{{}}</bdi></td><td data-label="{}">{{}}</td>'
    '<td class="num" data-label="{}"><bdi>{{}} / {{}}</bdi></td><td class="num" data-label="{}"><bdi>{{}}</bdi></td>'
    '<td class="num" data-label="{}"><span><bdi>{{}}</bdi>{{}}</span></td>'
    '<td class="num" data-label="{}"><bdi class="money">{{}}</bdi></td></tr>'
)
"""One application; first come the columns' names, which are the same in every row."""


@register.simple_tag
def review_rows(reviews: Iterable[Review]) -> SafeString:
    """Applications under review; a dash stands for what is not told before the scoring is closed."""
    names = _("Call"), _("State"), _("Scorecards"), _("Mean of 100"), _("Spread"), _("Amount asked for")
    warning = format_html("<br><small>{}</small>", _("Must be discussed"))
    reader = language()
    return format_html_join(
        "",
        format_html(_ROW, *names),
        (
            (
                "warn" if one.alarm else "",
                reverse("grants:application_detail", args=[one.application.pk]),
                one.application.title, one.application.organisation.name, one.application.reference,
                one.application.call.reference,
                one.state,
                one.done, one.needed,
                "–" if one.mean is None else one.mean,
                "–" if one.spread is None else one.spread, warning if one.alarm else "",
                format_money(Money(one.application.requested_minor, one.application.call.currency), reader),
            )
            for one in reviews
        ),
    )  # fmt: skip
