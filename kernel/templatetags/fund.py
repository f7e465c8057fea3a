"""Template tags of the fund: amounts, days, and the pieces documented in ``templates/_pieces/README.md``."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, gettext, pgettext

from kernel.days import UnreadableDayError, parse_day
from kernel.devices import owner_of
from kernel.fields import DayField
from kernel.money import Money, format_money
from kernel.pieces import (
    Chip,
    NextStep,
    Seat,
    Task,
    ThreadLink,
    Tone,
    TranchePart,
    TrancheState,
    seats,
    sentences,
    tranches,
)
from kernel.pieces.words import day_in_words, list_in_words, moment_in_words, month_in_words
from kernel.places import Governorate
from kernel.sectors import Sector

register = template.Library()

# Each language under its own name, so that people find theirs whatever is shown.
WHOLE_CODE = 24
"""Characters of a code that fit into a line of a phone."""
CODES = re.compile(r"\b[A-Z]{3}-\d{4}-[0-9A-Z]{8}\b")
"""Reference codes (`kernel.codes`) where they stand in a sentence."""
LANGUAGE_NAMES = {"ar": "العربية", "en": "English", "ku": "Kurdî"}


def language() -> str:
    """The language that the page is shown in."""
    return get_language() or settings.LANGUAGE_CODE


@register.simple_tag
def fund_name() -> str:
    """The fund's name in the reader's language; ``FUND_NAME`` of the settings gives it per language."""
    names: dict[str, str] = getattr(settings, "FUND_NAME", {})
    return names.get(language()) or gettext("Pooled Fund for Syrian Civil Society")


@register.simple_tag
def device_owner(user: Any) -> str:
    """What the person's devices know them by."""
    return owner_of(user)


@register.simple_tag
def languages() -> list[dict[str, str]]:
    """The languages offered, each named in itself."""
    return [{"code": code, "name": LANGUAGE_NAMES.get(code, code)} for code, _name in settings.LANGUAGES]


@register.filter
def bdi(value: object) -> SafeString:
    """``value`` kept apart from the direction of the text round it: names, codes, addresses."""
    return format_html("<bdi>{}</bdi>", value)


@register.filter
def code(value: object) -> SafeString:
    """A reference code, hash or account number: always left to right; what fits into a line is never broken."""
    return format_html('<bdi class="code{}">{}</bdi>', " nowrap" if len(str(value)) <= WHOLE_CODE else "", value)


@register.filter
def coded(text: object) -> SafeString:
    """Words with reference codes among them: each code left to right and in one piece."""
    return mark_safe(CODES.sub(r'<bdi class="nowrap">\g<0></bdi>', conditional_escape(str(text))))  # noqa: S308 -- escaped


def _told(value: date | datetime | str | None, words: Callable[..., str], machine: str = "") -> SafeString | str:
    """``value`` in words, beside it what machines read; nothing for None, or for what no variable held."""
    if value is None or isinstance(value, str):
        return ""
    read = f"{value:{machine}}" if machine else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', read, words(value, language=language()))


@register.filter
def day(value: date | datetime | str | None) -> SafeString | str:
    """A day in words (21 تشرين الثاني 2026); nothing for None."""
    return _told(value, day_in_words)


@register.filter
def month(value: date | datetime | str | None) -> SafeString | str:
    """A month in words (تشرين الثاني 2026); nothing for None."""
    return _told(value, month_in_words, "%Y-%m")


@register.filter
def moment(value: datetime | str | None) -> SafeString | str:
    """Weekday, day, hour and zone of a moment, on the clocks of Damascus; nothing for None."""
    return _told(value, moment_in_words)


@register.filter
def places(codes: Sequence[str]) -> str:
    """Governorates by their names; of none the country."""
    return list_in_words([str(Governorate(one).label) for one in codes], language=language()) or gettext("Syria")


@register.filter
def sector(key: str) -> str:
    """A sector by its name, a dash for none. ``get_sector_display`` translates the names of all sectors for each row."""
    return str(Sector(key).label) if key else "–"


@register.filter
def listed(values: Iterable[object]) -> SafeString:
    """Names or words one after the other as the language lists them, each kept apart from the direction of the others."""
    return mark_safe(list_in_words([bdi(value) for value in values], language=language()))  # noqa: S308 -- `bdi` escapes


@register.filter
def get(mapping: Any, key: object) -> Any:
    """``mapping[key]``, or None: for a key that only the template knows."""
    return mapping.get(key) if mapping is not None else None


@register.filter
def money(value: Money | int | str | None, currency: str = "") -> SafeString | str:
    """An amount: of `Money`, or of minor units with their currency (``grant.amount_minor|money:grant.currency``)."""
    if value is None or value == "":
        return ""
    amount = value if isinstance(value, Money) else Money(int(value), currency)
    return format_html('<bdi class="money">{}</bdi>', format_money(amount, language()))


@register.simple_tag
def figure(value: Money | int, url: str, currency: str = "") -> SafeString:
    """A figure of the books: it opens the transfers that it is the sum of, or what it is made of (`ledger.figures`)."""
    return format_html('<a class="figure" href="{}">{}</a>', url, money(value, currency))


@register.filter
def is_single_check(field: BoundField) -> bool:
    """Whether the field is one tick box, whose label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def text_limit(field: BoundField) -> int | None:
    """The most characters that the server takes, where the field says so."""
    limit = getattr(field.field, "limit", None)
    return limit if isinstance(limit, int) else None


@register.filter
def understood_day(field: BoundField) -> str:
    """The day with its month named, where it was typed in another form than ISO: 3/4 may be April to one and March to another."""
    typed = field.data if isinstance(field.field, DayField) else None
    try:
        day = parse_day(typed or "")
    except UnreadableDayError:
        return ""
    return "" if typed == day.isoformat() else day_in_words(day, language=get_language() or "en")


@register.filter
def error_count(form: BaseForm) -> int:
    """How many errors the form has, over all its fields."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def error_target(field: BoundField) -> str:
    """The id that a link to the field's error jumps to: the input, or the group of a question with choices."""
    return f"{field.auto_id}_group" if field.use_fieldset else str(field.id_for_label)


@register.simple_tag
def state_badge(label: str, tone: str = Tone.OPEN) -> SafeString:
    """A state as a word with a shape; ``tone`` is one of `kernel.pieces.Tone`."""
    return format_html('<span class="badge {}">{}</span>', Tone(tone).value, label)


@register.simple_tag
def time_left(due: datetime | None) -> SafeString | str:
    """How long until ``due`` in words, marked when it is near or past; nothing for None."""
    if due is None:
        return ""
    left = sentences.time_left(due, now=timezone.now())
    return format_html('<span class="{}">{}</span>', left.nearness, left.words) if left.nearness else left.words


@register.inclusion_tag("_pieces/next_step.html")
def next_step(step: NextStep) -> dict[str, Any]:
    """The strip on top of every object: state · whose turn · by when · the button if it is mine."""
    return {"step": step}


@register.inclusion_tag("_pieces/task_list.html")
def task_list(tasks: Iterable[Task]) -> dict[str, Any]:
    """The sections of a long form, each done, to do, or in need of attention."""
    named = {
        Tone.DONE: pgettext("task", "Done"),
        Tone.TODO: pgettext("task", "To do"),
        Tone.OPEN: pgettext("task", "Begun"),
    }
    return {"tasks": [(task, named.get(task.tone, pgettext("task", "Needs attention"))) for task in tasks]}


@register.inclusion_tag("_pieces/seat_arc.html")
def seat_arc(committee: Sequence[Seat]) -> dict[str, Any]:
    """A committee as a half circle of seats, with the sentence that says the same."""
    number = seats.count(committee)
    drawing = seats.draw(committee, rtl=get_language_bidi())
    return {
        "width": seats.WIDTH,
        "height": seats.HEIGHT,
        "drawing": mark_safe(drawing),  # noqa: S308 -- drawn by kernel.pieces.seats, which escapes the letters
        "number": number,
        "constituencies": seats.constituencies(committee),
        "sentence": sentences.of_seats(number),
    }


@register.inclusion_tag("_pieces/tranche_bar.html")
def tranche_bar(parts: Sequence[TranchePart], opens: Mapping[TrancheState, str] | None = None) -> dict[str, Any]:
    """What is paid, due, planned and held along the years, with the sentence that says the same; where each sum ``opens``."""
    if not parts:
        return {"parts": []}
    drawing = tranches.draw(parts, rtl=get_language_bidi())
    return {
        "parts": parts,
        "height": tranches.HEIGHT,
        "drawing": mark_safe(drawing),  # noqa: S308 -- numbers only
        "sentence": sentences.of_tranches(parts, language=language()),
        "legend": [(*one, (opens or {}).get(one[0], "")) for one in sentences.tranche_legend(parts)],
    }


@register.inclusion_tag("_pieces/money_thread.html")
def money_thread(links: Iterable[ThreadLink]) -> dict[str, Any]:
    """The chain contribution → call → grant → tranche → report; each link opens."""
    return {"links": links}


@register.inclusion_tag("_pieces/timeline.html")
def timeline(entries: Iterable[Any], proof_url: str = "") -> dict[str, Any]:
    """Recorded events in words (``audit.selectors.timeline``), newest first, each with its proof.

    ``proof_url`` is an address in which ``{leaf}`` stands for the leaf's hash; without it entries name their own.
    """
    return {
        "entries": [
            (entry, proof_url.replace("{leaf}", entry.proof) or getattr(entry, "proof_url", "")) for entry in entries
        ]
    }


@register.inclusion_tag("_pieces/chips.html")
def chips(choices: Iterable[Chip], label: str = "") -> dict[str, Any]:
    """The choices of one filter, kept in the URL."""
    return {"chips": choices, "label": label or gettext("Filter")}


@register.inclusion_tag("_pieces/pages.html", takes_context=True)
def pages(context: dict[str, Any], page: Any, key: str = "page", of: str = "") -> dict[str, Any]:
    """The links between pages of a list; the other choices in the URL stay as they are.

    A second list has a ``key`` of its own, so that the first stays where it is, and says what it is the pages ``of``.
    """
    request = context.get("request")
    stays = {} if key == "page" or request is None else {"page": request.GET.get("page")}

    def at(number: int) -> str:
        return query(context, **stays, **{key: number})

    return {
        "page": page,
        "of": of,
        "before": at(page.previous_page_number()) if page.has_previous() else "",
        "after": at(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """The page's query string with ``changes``; None takes a key away. Changing a filter goes back to the first page."""
    request = context.get("request")
    values = request.GET.copy() if request is not None else QueryDict(mutable=True)
    if "page" not in changes:
        values.pop("page", None)
    for key, value in changes.items():
        values.pop(key, None)
        if value is not None and value != "":
            values[key] = str(value)
    return f"?{values.urlencode()}" if values else "?"
