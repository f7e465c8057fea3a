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


@wording("committees.extension_asked")
def extension_asked(params: Mapping[str, Any]) -> tuple[str, str]:
    """A grant needs more months than the secretariat gives by itself."""
    return _("A grant needs more time: the committee agrees first"), _(
        "A grant is to run longer than the secretariat decides alone. The committee's chair and another "
        "member agree first. Please read why, and answer by %(due)s."
    ) % {"due": _moment(params["due"])}


@wording("committees.money_asked")
def money_asked(params: Mapping[str, Any]) -> tuple[str, str]:
    """A grant needs more money than it was signed for."""
    return _("A grant needs more money: the committee agrees first"), _(
        "A grant is to get more money than was signed. The committee's chair and another member agree first. Please read "
        "why and for what, and answer by %(due)s."
    ) % {"due": _moment(params["due"])}


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


# The rapid window -------------------------------------------------------------------------------------------------


@wording("committees.rota_published")
def rota_published(params: Mapping[str, Any]) -> tuple[str, str]:
    """To those on a new rota."""
    return _("You are on call for rapid response"), _(
        "You are on call from %(starts)s to %(ends)s. When an organisation raises an alert in this time, you are written to at "
        "once; the hours run day and night."
    ) % {"starts": _moment(params["starts_at"]), "ends": _moment(params["ends_at"])}


@wording("committees.called_for_alert", urgent=True)
def called_for_alert(params: Mapping[str, Any]) -> tuple[str, str]:
    """To a member on call: declare and answer."""
    return _("Alert %(reference)s: you are called") % params, _(
        "First declare whether anything links you to those concerned; you see names and places alone until then. Whoever is "
        "silent until %(due)s makes place for another member."
    ) % {"due": _moment(params["due"])}


@wording("committees.alert_reminder", urgent=True)
def alert_reminder(params: Mapping[str, Any]) -> tuple[str, str]:
    """To a member on call who is silent."""
    return _("Alert %(reference)s waits for you") % params, _(
        "The panel on call waits for your answer. After %(due)s another member is called in your place."
    ) % {"due": _moment(params["due"])}


@wording("committees.alert_raised")
def alert_raised(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the secretariat: an alert came."""
    return _("Alert %(reference)s was raised") % params, _(
        "The panel on call answers by %(due)s. Prepare to screen proposals within hours."
    ) % {"due": _moment(params["due"])}


@wording("committees.alert_accepted")
def alert_accepted(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the organisation that raised it."""
    return _("Your alert %(reference)s is accepted") % params, _(
        "The panel on call said yes: a rapid call is open now. Raising the alert gives no advantage; apply on its page."
    )


@wording("committees.alert_declined")
def alert_declined(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the organisation that raised it."""
    return _("Your alert %(reference)s is not accepted") % params, _(
        "The panel on call said no; its reasons are on the page of the alert."
    )


@wording("committees.nobody_left_on_call", urgent=True)
def nobody_left_on_call(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the secretariat: a place on the panel stays empty."""
    return _("Alert %(reference)s: nobody is left to call") % params, _(
        "A member on call is out, and nobody of the committee can take the place. Without the quorum nothing is decided: call "
        "the members yourself, and fill the committee's seats."
    )


@wording("committees.no_window_stands_by", urgent=True)
def no_window_stands_by(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the secretariat: a yes without a call to open."""
    return _("Alert %(reference)s: the panel said yes, but no rapid call stands by") % params, _(
        "Draft a rapid call for these governorates and bring it to the board today: it opens by itself as soon as it is approved."
    )


@wording("committees.alert_late", urgent=True)
def alert_late(params: Mapping[str, Any]) -> tuple[str, str]:
    """To the secretariat: a promised hour has passed."""
    return _("Alert %(reference)s is late") % params, _(
        "It was promised by %(due)s. The public page shows the delay; find out who is waited for."
    ) % {"due": _moment(params["due"])}
