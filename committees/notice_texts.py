"""What committees' notices say: never a word about an application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from committees.rules.texts import TARGETS
from committees.states import AppealState
from kernel.pieces.words import moment_in_words
from notices.registry import wording


def _moment(text: str) -> str:
    return moment_in_words(datetime.fromisoformat(text), language=get_language() or "ar")


def _title(params: Mapping[str, Any]) -> str:
    titles = params["call"]
    return str(titles.get(get_language() or "ar") or titles.get("ar") or next(iter(titles.values())))


@wording("committees.declarations_asked")
def declarations_asked(params: Mapping[str, Any]) -> tuple[str, str]:
    """The declaration round begins."""
    return _("Please declare conflicts of interest"), _(
        "Your committee has taken over the call “%(call)s”. Before you can read an application, declare by %(due)s whether "
        "anything links you to its applicants. Without a declaration there is no access."
    ) % {"call": _title(params), "due": _moment(params["due"])}


@wording("committees.scoring_open")
def scoring_open(params: Mapping[str, Any]) -> tuple[str, str]:
    """Applications wait to be scored."""
    return _("Applications wait for your score"), _(
        "Applications of the call “%(call)s” are assigned to you. Please score them by %(due)s; your scores stay hidden from "
        "the others until the scoring is closed."
    ) % {"call": _title(params), "due": _moment(params["due"])}


@wording("committees.meeting_called")
def meeting_called(params: Mapping[str, Any]) -> tuple[str, str]:
    """A meeting is called or moved."""
    return _("Meeting of your committee"), _("The committee meets on %(time)s. Place: %(place)s") % {
        "time": _moment(params["held_at"]),
        "place": params["place"],
    }


@wording("committees.waiting_proposed")
def waiting_proposed(params: Mapping[str, Any]) -> tuple[str, str]:
    """To fund managers: money came back and somebody is next."""
    return _("Waiting list: an application can move up"), _(
        "Money came back to the envelope. The application %(reference)s at rank %(rank)s is next and fits. Please screen the "
        "organisation afresh and answer by %(due)s."
    ) % {**params, "due": _moment(params["due"])}


@wording("committees.inclusion_missed")
def inclusion_missed(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the board: targets of inclusion that a new committee misses."""
    lines = [
        _("%(target)s: %(count)s of at least %(needed)s") % {"target": TARGETS[name], "count": count, "needed": needed}
        for name, count, needed in params["missed"]
    ]
    return _("A committee misses targets of inclusion"), _(
        "“%(committee)s” is constituted. It misses these targets of the charter: %(list)s. This does not block its work; "
        "please see to it at the next rotation."
    ) % {
        "committee": _named(params["committee"]),
        "list": "؛ ".join(lines) if get_language() == "ar" else "; ".join(lines),
    }


@wording("committees.member_suspended")
def member_suspended(params: Mapping[str, Any]) -> tuple[str, str]:
    """To a member who kept a conflict silent."""
    return _("You are suspended from the committee"), _(
        "Two people confirmed that you did not declare a conflict of interest. You are suspended from “%(committee)s” until "
        "the case ends. The fund's secretariat tells you how you are heard."
    ) % {"committee": _named(params["committee"])}


@wording("committees.case_confirmed")
def case_confirmed(params: Mapping[str, Any]) -> tuple[str, str]:
    """To who answers for a case."""
    return _("A case waits for you"), _(
        "An undeclared conflict of interest in a committee was confirmed. You answer for the case: hear the member, then "
        "write down how it ended."
    )


def _named(names: Mapping[str, str] | str) -> str:
    if isinstance(names, str):
        return names
    return str(names.get(get_language() or "ar") or next(iter(names.values())))


@wording("committees.scoring_reminder")
def scoring_reminder(params: Mapping[str, Any]) -> tuple[str, str]:
    """The time to score is nearly over."""
    return _("Your score is awaited"), ngettext(
        "%(number)s application of the call “%(call)s” still waits for your score, until %(due)s. What is not scored by then "
        "goes to an alternate.",
        "%(number)s applications of the call “%(call)s” still wait for your score, until %(due)s. What is not scored by then "
        "goes to an alternate.",
        params["number"],
    ) % {"number": params["number"], "call": _title(params), "due": _moment(params["due"])}


@wording("committees.scorer_silent")
def scorer_silent(params: Mapping[str, Any]) -> tuple[str, str]:
    """A scorer let the deadline pass, and nobody else may score."""
    return _("A scorecard is missing"), _(
        "The time to score %(reference)s is over, and no other member may score it by the rules. Extend the time or bring in an "
        "alternate who has declared."
    ) % {"reference": params["reference"]}


@wording("committees.appeal_lodged")
def appeal_lodged(params: Mapping[str, Any]) -> tuple[str, str]:
    """To those who admit appeals."""
    return _("An appeal was lodged: %(reference)s") % params, _(
        "The decision on the application %(application)s was appealed. Somebody who took no part says by %(due)s whether "
        "the appeal is admissible."
    ) % {**params, "due": _moment(params["due"])}


@wording("committees.appeal_admitted")
def appeal_admitted(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the organisation: the panel has it."""
    return _("Your appeal %(reference)s is admissible") % params, _(
        "Three people who took no part in your application decide it by %(due)s. You will read their reasons here."
    ) % {**params, "due": _moment(params["due"])}


@wording("committees.appeal_to_judge")
def appeal_to_judge(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the panel."""
    return _("You were drawn for the panel of the appeal %(reference)s") % params, _(
        "Please read the appeal and the application, and vote. The decision with its reasons is due by %(due)s."
    ) % {**params, "due": _moment(params["due"])}


@wording("committees.appeal_decided")
def appeal_decided(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the organisation: the outcome, with reasons on its page."""
    outcome = AppealState(params["outcome"]).label
    return _("Your appeal %(reference)s: %(outcome)s") % {**params, "outcome": outcome}, _(
        "The reasons, and what follows from them, are on the page of your appeal."
    )
