"""Days, hours and amounts in words of the reader's language, by Babel's CLDR data."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list

DAMASCUS = ZoneInfo("Asia/Damascus")

# Levantine month names (كانون الأول) stand in ar_SY only; ku is Kurmanji in Latin script.
_LOCALES = {"ar": "ar_SY", "en": "en_GB", "ku": "ku"}
_ZONE = {"ar": "بتوقيت دمشق", "en": "Damascus time", "ku": "bi dema Şamê"}


def locale_of(language: str) -> Locale:
    """The locale in which ``language`` is shown; a language that the fund does not offer is shown in English."""
    return Locale.parse(_LOCALES.get(language, "en_GB"))


def day_in_words(day: date, *, language: str) -> str:
    """``day`` as «21 تشرين الثاني 2026»; a moment is taken as its day in Damascus."""
    if isinstance(day, datetime):
        day = in_damascus(day).date()
    return str(format_date(day, "d MMMM y", locale=locale_of(language)))


def list_in_words(words: Sequence[str], *, language: str) -> str:
    """``words`` one after the other as the language lists them (حلب وحمص وحماة)."""
    return str(format_list(list(words), locale=locale_of(language)))


def month_in_words(day: date, *, language: str) -> str:
    """The month of ``day`` as «تشرين الثاني 2026»."""
    if isinstance(day, datetime):
        day = in_damascus(day).date()
    return str(format_date(day, "LLLL y", locale=locale_of(language)))


def moment_in_words(moment: datetime, *, language: str) -> str:
    """``moment`` as «الأحد 21 تشرين الثاني 2026، 16:00 بتوقيت دمشق»: weekday, day, hour, zone."""
    local = in_damascus(moment)
    locale = locale_of(language)
    day = format_date(local.date(), "EEEE d MMMM y", locale=locale)
    hour = format_time(local.time(), "HH:mm", locale=locale)
    comma = "،" if language == "ar" else ","
    return f"{day}{comma} {hour} {_ZONE.get(language, _ZONE['en'])}"


def in_damascus(moment: datetime) -> datetime:
    """``moment`` on the clocks of Damascus; a moment without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(DAMASCUS)
