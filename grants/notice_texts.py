"""What messages about calls and applications say."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.states import ErasureGround
from grants.selectors.printed import in_language
from grants.states import ApplicationState
from kernel.pieces.words import day_in_words, moment_in_words
from notices.registry import wording

Said = tuple[str, str]
Params = Mapping[str, Any]


def _moment(value: str) -> str:
    return moment_in_words(datetime.fromisoformat(value), language=get_language() or "en")


@wording("grants.call_to_approve")
def call_to_approve(params: Params) -> Said:
    """To the board: a draft waits for it."""
    return _("A call waits for the board: %(call)s") % params, _(
        "The secretariat has finished the draft of a call. Read its text, criteria and sources, then decide."
    )


@wording("grants.call_extended")
def call_extended(params: Params) -> Said:
    """To everybody who began an application."""
    return _("Call %(call)s is extended") % params, _(
        "You now have more time: the call closes on %(closes)s. This holds for everybody."
    ) % {"closes": _moment(params["closes_at"])}


@wording("grants.file_erased")
def file_erased(params: Params) -> Said:
    """To the organisation whose file it was."""
    ground = ErasureGround(params["ground"]).label
    return _("A file of application %(reference)s was erased") % params, _(
        "The fund destroyed a file that came with it: %(ground)s. Its fingerprint stays, so your receipt still holds."
    ) % {"ground": ground}


@wording("grants.question_answered")
def question_answered(params: Params) -> Said:
    """To everybody who writes an application, and who asked."""
    return _("A question about call %(call)s was answered") % params, _(
        "The answer is for everybody. Read it on the page."
    )


@wording("grants.question_declined")
def question_declined(params: Params) -> Said:
    """To who asked."""
    return _("Your question about call %(call)s") % params, _("The fund does not publish it:\n\n%(reason)s") % params


@wording("grants.call_cancelled")
def call_cancelled(params: Params) -> Said:
    """To everybody who began an application."""
    return _("Call %(call)s is cancelled") % params, _(
        "The board has called this call off; the reason is on its page. What you wrote is kept in your account."
    )


@wording("grants.rapid_call_open")
def rapid_call_open(params: Params) -> Said:
    """To eligible organisations of the place: hours, not days."""
    return _("A rapid call is open: %(call)s") % params, _(
        "An alert in a governorate where you work was accepted. A short proposal of one page is taken until %(closes)s."
    ) % {"closes": _moment(params["closes_at"])}


@wording("grants.application_submitted")
def application_submitted(params: Params) -> Said:
    """To the organisation: it arrived."""
    return _("We have received your application %(reference)s") % params, _(
        "Your application has arrived. The number %(reference)s is your receipt; the printed receipt is on its page."
    ) % params


@wording("grants.concept_sent")
def concept_sent(params: Params) -> Said:
    """To the organisation: the concept note arrived."""
    return _("We have received your concept note %(reference)s") % params, _(
        "Your concept note has arrived. The number %(reference)s is your receipt. All concept notes are answered together."
    ) % params


@wording("grants.application_returned")
def application_returned(params: Params) -> Said:
    """To the organisation: something formal is missing."""
    items = "\n".join(f"– {item}" for item in params["items"])
    return _("Please complete your application %(reference)s") % params, _(
        "Something is missing. Complete it and send it back by %(due)s; this happens once only, and does not lower your score."
    ) % {"due": _moment(params["due"])} + "\n\n" + items


@wording("grants.application_eligible")
def application_eligible(params: Params) -> Said:
    """To the organisation: on to the committee."""
    return _("Your application %(reference)s goes to the committee") % params, _(
        "It is complete and eligible. Committee members will score it independently of each other."
    )


@wording("grants.ineligibility_to_confirm")
def ineligibility_to_confirm(params: Params) -> Said:
    """To the other officers."""
    return _("A second officer is needed: %(reference)s") % params, _(
        "An officer proposes that this application is not eligible. Another one confirms or overturns it."
    )


@wording("grants.application_withdrawn")
def application_withdrawn(params: Params) -> Said:
    """To the organisation."""
    return _("Your application %(reference)s is withdrawn") % params, _(
        "You have taken it back. This has no effect on later applications."
    )


@wording("grants.application_lapsed")
def application_lapsed(params: Params) -> Said:
    """To the organisation."""
    return _("Your application %(reference)s has lapsed") % params, _(
        "Its time ran out. You may apply again in the next call; what you wrote is kept in your account."
    )


@wording("grants.decision")
def decision(params: Params) -> Said:
    """To the organisation: the decision, with reasons on its page."""
    outcome = ApplicationState(params["outcome"]).label
    said = [_("The letter with all reasons is on the page of your application, as PDF to print and keep.")]
    if params.get("means"):
        language = get_language() or "en"
        rows = [f"– {in_language(name, language)}: {mean} / {params['most']}" for name, mean in params["means"]]
        said.append("\n".join([_("By criterion"), *rows]))
    if params.get("appeal_until"):
        until = day_in_words(date.fromisoformat(params["appeal_until"]), language=get_language() or "en")
        said.append(_("You may appeal until %(until)s; the letter says on which grounds and how.") % {"until": until})
    subject = _("The decision on your application %(reference)s: %(outcome)s") % {**params, "outcome": outcome}
    return subject, "\n\n".join(said)


@wording("grants.comment_written")
def comment_written(params: Any) -> tuple[str, str]:
    """To colleagues: that there is a comment; its words are on the page alone."""
    return (
        _("A colleague commented on application %(reference)s") % params,
        _("The comment is on the page of the application."),
    )
