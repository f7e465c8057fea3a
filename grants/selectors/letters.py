"""What a letter about a decision says, who may read it, and its page on paper."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from audit import papers
from grants.conditions import Asked, listed
from grants.events import LetterSent
from grants.links import link
from grants.models import Application, Feedback, Letter
from grants.selectors import amounts, applications, calls
from grants.selectors.printed import in_language
from grants.states import APPEALABLE, CONCEPT_ANSWERS, ApplicationState
from kernel.money import Money, format_money
from kernel.pdf import fund_name, render_pdf
from kernel.pieces.words import day_in_words, moment_in_words

LANGUAGES = ("ar", "en", "ku")
_S = ApplicationState
OPENINGS = {
    _S.APPROVED: _(
        "The review committee approved your application for %(amount)s. The fund sends you an offer; from that day you "
        "have %(days)s working days to answer it."
    ),
    _S.APPROVED_WITH_CONDITIONS: _(
        "The review committee approved your application for %(amount)s, with the conditions that this letter lists. The "
        "fund sends you an offer; from that day you have %(days)s working days to answer it."
    ),
    _S.WAITLISTED: _(
        "The review committee put your application on the waiting list, at rank %(rank)s. Your place is valid until "
        "%(until)s; if money comes back, the fund writes to you."
    ),
    _S.REJECTED: _("The review committee did not approve your application. Its reasons, by criterion, follow."),
    _S.SHORTLISTED: _(
        "The members of the review committee read your concept note and invite you to write the full proposal, until "
        "%(closes)s. What you wrote stands in it already. What they wrote, by criterion, follows."
    ),
    _S.NOT_SHORTLISTED: _(
        "The members of the review committee read your concept note and do not invite you to write the full proposal in "
        "this call. Their reasons, by criterion, follow."
    ),
    _S.DEFERRED: _(
        "The review committee deferred its decision to another meeting. Nothing is asked of you now: you receive the "
        "decision with its reasons after that meeting."
    ),
    _S.INELIGIBLE: _(
        "Two officers of the fund, one after the other, found that your application is not eligible in this call. It was "
        "therefore not scored. The reasons follow."
    ),
}


def language_of(application: Application) -> str:
    """The language in which the organisation reads: that of the person who submitted, Arabic where nobody chose."""
    chosen = application.submitted_by.language if application.submitted_by else ""
    return chosen if chosen in LANGUAGES else "ar"


def letter_content(
    application: Application,
    *,
    reference: str,
    outcome: str,
    amount_minor: int,
    conditions: Sequence[Asked],
    feedback: Feedback | None,
) -> dict[str, Any]:
    """All that the letter says, in the active language; amounts in minor units, days in words."""
    language, organisation, call = get_language() or "ar", application.organisation, application.call
    name = organisation.name_ar if language == "ar" else organisation.name_latin
    rules = calls.rules_of(call)
    return {
        "language": language,
        "fund": fund_name(language),
        "currency": call.currency,
        "title": gettext("Decision on your application: %(outcome)s") % {"outcome": _S(outcome).label},
        "reference": reference,
        "greeting": gettext("To %(organisation)s") % {"organisation": name},
        "facts": [
            [gettext("Date of this letter"), day_in_words(timezone.localdate(), language=language)],
            [gettext("Number of this letter"), reference],
            [gettext("Application"), application.reference],
            [gettext("Project"), application.title],
            [gettext("Call"), f"{in_language(call.title, language)} ({call.reference})"],
            [gettext("Amount asked for"), _money(amounts.deciding_minor(application), call.currency)],
        ],
        "opening": str(OPENINGS[_S(outcome)])
        % {
            "amount": _money(amount_minor, call.currency),
            "days": rules.deadlines.offer_answer_days,
            "rank": application.waiting_rank or "",
            "until": _day(application.waiting_until),
            "closes": moment_in_words(call.closes_at, language=language),
        },
        "conditions": [str(one) for one in listed(conditions)],
        "reasons": _reasons(application, feedback) if feedback else None,
        "appeal": _appeal(application, feedback) if feedback and outcome in APPEALABLE else None,
        "words": {
            "conditions": gettext("Conditions of the award"),
            "criteria": gettext("By criterion"),
            "criteria_head": [gettext("Criterion"), gettext("Weight of 100"), gettext("Panel's mean")],
            "comments": gettext("What the scorers wrote"),
            "strengths": gettext("Strengths"),
            "weaknesses": gettext("Weaknesses") if feedback and feedback.criteria else gettext("Reasons"),
            "advice": gettext("What to change"),
            "appeal": gettext("Your right of appeal"),
            "proof": gettext("Proof in the log of decisions"),
            "fingerprint": gettext("Fingerprint of this letter's text (SHA-256)"),
            "note": gettext(
                "This letter is drawn from the fund's record and is valid without a signature. Its fingerprint is "
                "recorded in the fund's public log of decisions; the code leads to the proof."
            ),
        },
    }


def _money(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency), get_language() or "ar")


def _day(day: Any) -> str:
    return day_in_words(day, language=get_language() or "ar") if day else ""


def _reasons(application: Application, feedback: Feedback) -> dict[str, Any]:
    scoring = calls.rules_of(application.call).scoring
    said = {row["key"]: row for row in feedback.criteria}
    language = get_language() or "ar"
    rows = [(one, said[one.key]) for one in application.call.criteria.all() if one.key in said]
    return {
        "mean": _mean(application, feedback) if feedback.panel_mean else "",
        "criteria": [
            {
                "name": in_language(one.name, language),
                "weight": one.weight,
                "mean": f"{row['mean']} / {scoring.most_points}",
                "comments": list(row["comments"]),
            }
            for one, row in rows
        ],
        "strengths": feedback.strengths,
        "weaknesses": feedback.weaknesses,
        "advice": feedback.advice,
    }


def _mean(application: Application, feedback: Feedback) -> str:
    words = (
        gettext("Members' mean: %(mean)s of 100; from %(threshold)s an applicant is invited.")
        if feedback.outcome in CONCEPT_ANSWERS
        else gettext("Panel's mean: %(mean)s of 100; from %(threshold)s an application can be funded.")
    )
    return words % {"mean": feedback.panel_mean, "threshold": calls.threshold_of(application.call, feedback.outcome)}


def _appeal(application: Application, feedback: Feedback) -> dict[str, str]:
    days = calls.rules_of(application.call).deadlines
    return {
        "text": gettext(
            "You may appeal until %(until)s if the procedure was not followed, eligibility was wrongly applied, the scores "
            "were wrongly reckoned, or a conflict of interest was not declared. A different view of the project's merit or "
            "of the amount is no ground."
        )
        % {"until": _day(feedback.appeal_until)},
        "how": gettext(
            "Your authorised signatory signs in, opens the page below, chooses “Appeal against this decision” and adds the "
            "evidence. You hear within %(admissibility)s working days whether the appeal is admitted; three people who "
            "took no part then decide within %(decision)s working days, with reasons."
        )
        % {"admissibility": days.appeal_admissibility_days, "decision": days.appeal_decision_days},
        "address": settings.SITE_URL + link("application_feedback", application.pk),
    }


# Reading ----------------------------------------------------------------------------------------------------------


def visible_to(user: Any) -> QuerySet[Letter]:
    """Letters about the applications that the person may read."""
    return Letter.objects.filter(application__in=applications.visible_to(user).values("pk"))


def letters_of(application: Application) -> list[Letter]:
    """Every letter about the application, the latest first."""
    return list(application.letters.order_by("-recorded_at", "-leaf"))


def letter_pdf(letter: Letter) -> bytes:
    """The letter on paper; the same letter gives the same bytes."""
    with override(letter.content["language"]):
        proof = papers.printed(letter, LetterSent.type)
    return render_pdf("grants/letter.typ", {**letter.content, "sha256": letter.content_sha256, "proof": proof})
