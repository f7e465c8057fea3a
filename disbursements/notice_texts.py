"""What messages about awards, agreements, reports, tranches, payments and refunds say."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disbursements.states import Waivable
from kernel.money import Money, format_money
from kernel.pieces.words import day_in_words, moment_in_words
from notices.registry import wording

_KINDS: dict[str, tuple[Any, Any]] = {
    # award and agreement
    "offer_sent": (
        _("An offer waits for your answer: %(grant)s"),
        _("The fund offers you a grant of %(amount)s. Please accept or decline it by %(due)s; after that it lapses."),
    ),
    "offer_reminder": (
        _("Your offer %(grant)s is still unanswered"),
        _("The offer of %(amount)s lapses if it is not answered by %(due)s."),
    ),
    "offer_accepted": (
        _("Offer accepted: %(grant)s"),
        _(
            "The organisation accepted the offer. Close the conditions of the award, then draw up the agreement by %(due)s."
        ),
    ),
    "offer_declined": (
        _("Offer declined: %(grant)s"),
        _("The organisation declined the offer; the money went back to the call. Its reason: %(reason)s"),
    ),
    "offer_lapsed": (
        _("The offer %(grant)s has lapsed"),
        _("Nobody answered it in time; the money went back to the call."),
    ),
    "zakat_waits": (
        _("Zakat waits: contribution %(contribution)s"),
        _("%(amount)s of this zakat is with no recipient yet. All of it is to be distributed by %(day)s."),
    ),
    "zakat_gifts_wait": (
        _("Zakat given by card waits to be gathered"),
        _("%(amount)s of this zakat is with no recipient yet. All of it is to be distributed by %(day)s."),
    ),
    "award_lapsed": (
        _("The award %(grant)s has lapsed"),
        _("A condition before the signature was not met in time; the money went back to the call."),
    ),
    "condition_answered": (
        _("An answer to a condition waits for you: %(grant)s"),
        _("The organisation answered: %(asked)s. Accept it, or return it and say what is missing."),
    ),
    "condition_returned": (
        _("A condition of grant %(grant)s needs more"),
        _("%(asked)s\n\nThe fund asks: %(reason)s\n\nPlease answer again by %(day)s at the latest."),
    ),
    "condition_met": (
        _("A condition of grant %(grant)s is closed"),
        _("%(asked)s\n\nThe fund accepted it: %(reason)s"),
    ),
    "award_condition_waived": (
        _("A condition of grant %(grant)s is not asked for any more"),
        _("%(asked)s\n\nThe reason: %(reason)s"),
    ),
    "condition_extended": (
        _("A condition of grant %(grant)s has more time"),
        _("%(asked)s\n\nThe new day is %(day)s. The reason: %(reason)s"),
    ),
    "revision_requested": (
        _("A change of the budget of grant %(grant)s waits for an answer"),
        _(
            "%(amount)s is to move between categories. Why: %(why)s\n\nPlease answer by %(due)s; a notice counts after that."
        ),
    ),
    "revision_by_fund": (
        _("The fund asks for a change of the budget of grant %(grant)s"),
        _("Why: %(why)s\n\nIt counts only when you have signed its amendment."),
    ),
    "extension_requested": (
        _("More time is asked for grant %(grant)s"),
        _("%(months)s more months, until %(day)s. Why: %(why)s\n\nPlease answer by %(due)s."),
    ),
    "extension_by_fund": (
        _("The fund asks for more time for grant %(grant)s"),
        _("The grant would end on %(day)s. Why: %(why)s\n\nIt counts only when you have signed its amendment."),
    ),
    "extension_counts": (
        _("Grant %(grant)s runs longer"),
        _("It ends on %(day)s now. Tranches and reports to come have new days; the page of the grant names them."),
    ),
    "cost_extension_requested": (
        _("More money is asked for grant %(grant)s"),
        _("%(amount)s more. Why: %(why)s\n\nThe committee agrees first. Please answer by %(due)s."),
    ),
    "cost_extension_by_fund": (
        _("The fund wants to give grant %(grant)s more money"),
        _("%(amount)s more. Why: %(why)s\n\nIt counts when the committee has agreed and both sides have signed."),
    ),
    "cost_extension_counts": (
        _("Grant %(grant)s has more money"),
        _("%(amount)s more. The page of the grant shows the new tranche and the new budget."),
    ),
    "revision_returned": (
        _("The change of grant %(grant)s needs more"),
        _("The fund asks: %(reason)s\n\nPlease send it again by %(due)s."),
    ),
    "revision_rejected": (
        _("The change of grant %(grant)s is rejected"),
        _("Budget and days stay as they are. The reason: %(reason)s"),
    ),
    "amendment_to_sign": (
        _("An amendment of grant %(grant)s waits for your signature"),
        _("The fund approved the change. Please sign by %(due)s."),
    ),
    "amendment_to_countersign": (
        _("The amendment of grant %(grant)s waits for the fund's signature"),
        _("The organisation signed it. Please countersign by %(due)s."),
    ),
    "revision_overdue": (
        _("The change of grant %(grant)s is past its day"),
        _("It was your turn until %(due)s. The page of the change says what is to be done."),
    ),
    "revision_counts": (
        _("The new budget of grant %(grant)s counts"),
        _("%(amount)s moved between categories. Reports that are not sent yet compare with the new budget."),
    ),
    "revision_withdrawn": (
        _("The change of grant %(grant)s was taken back"),
        _("Budget and days stay as they are. The reason: %(reason)s"),
    ),
    "condition_overdue": (
        _("A condition of grant %(grant)s is overdue"),
        _(
            "%(asked)s\n\nIts day was %(day)s. What waits for it goes on waiting; ask the fund for more time if you need it."
        ),
    ),
    "start_late": (
        _("Grant %(grant)s should have begun"),
        _(
            "The charter asks a grant of this kind to begin on %(day)s at the latest. Its agreement is not signed by both "
            "sides yet; its page says whose turn it is."
        ),
    ),
    "agreement_drawn": (
        _("Your grant agreement %(grant)s is ready to sign"),
        _(
            "Read it in Arabic and English. An authorised signatory signs it by %(due)s; you need your second factor for that."
        ),
    ),
    "agreement_signed": (
        _("An agreement waits for the fund's signature: %(grant)s"),
        _("The partner signed. Please countersign by %(due)s."),
    ),
    "grant_active": (
        _("Your grant %(grant)s has begun"),
        _("Both sides signed. You may request the first tranche now."),
    ),
    "grant_suspended": (
        _("Payments of grant %(grant)s are suspended"),
        _("No money is sent until this is mended: %(reason)s"),
    ),
    "grant_resumed": (_("The suspension of grant %(grant)s has ended"), _("Payments go on. %(reason)s")),
    "grant_terminated": (
        _("Grant %(grant)s was ended early"),
        _("The board ended the grant. What was not requested is not paid any more. The reason: %(reason)s"),
    ),
    "grant_closed": (
        _("Grant %(grant)s is closed"),
        _("All reports are accepted and the money is settled. Thank you for your work."),
    ),
    # reports
    "report_open": (
        _("Report %(number)s of grant %(grant)s can be written"),
        _("It is due on %(day)s. You may save it at any time and go on later."),
    ),
    "report_submitted": (
        _("A report waits for review: %(grant)s, no. %(number)s"),
        _("Please accept it or return it by %(due)s. A late review holds no tranche."),
    ),
    "report_returned": (
        _("Please mend report %(number)s of grant %(grant)s"),
        _("The fund asks you to complete it by %(due)s:\n\n%(reason)s"),
    ),
    "report_accepted": (
        _("Report %(number)s of grant %(grant)s is accepted"),
        _("If a tranche waited for this report, you may request it now."),
    ),
    "report_waived": (_("Report %(number)s of grant %(grant)s is not needed"), _("The reason: %(reason)s")),
    "report_overdue": (
        _("Report %(number)s of grant %(grant)s is overdue"),
        _("It was due on %(day)s. Payments wait while it is missing; write to us if you need help."),
    ),
    # tranches and payments
    "tranche_due": (
        _("You may request tranche %(number)s of grant %(grant)s"),
        _("%(amount)s can be requested now by an authorised signatory."),
    ),
    "tranche_waits": (
        _("Tranche %(number)s of grant %(grant)s waits for spending"),
        _("%(reason)s\n\nYou may send a further report before the next one; the page says how."),
    ),
    "condition_waived": (
        _("A condition of tranche %(number)s of grant %(grant)s is waived"),
        _("The fund does not ask any more for: %(condition)s. The reason: %(reason)s"),
    ),
    "tranche_requested": (
        _("A tranche was requested: %(grant)s, no. %(number)s"),
        _("The partner requests %(amount)s. Please review the request by %(due)s."),
    ),
    "tranche_returned": (
        _("Your request for tranche %(number)s of grant %(grant)s needs a change"),
        _("The fund asks you to send it again by %(due)s:\n\n%(reason)s"),
    ),
    "tranche_to_approve": (
        _("A tranche waits for your approval: %(grant)s, no. %(number)s"),
        _("%(amount)s was approved by another person. Read the request, then approve it by %(due)s."),
    ),
    "tranche_to_pay": (
        _("A payment can be prepared: %(grant)s, no. %(number)s"),
        _("%(amount)s has all its approvals."),
    ),
    "tranche_held": (
        _("Tranche %(number)s of grant %(grant)s is held"),
        _("It cannot be requested for now. The reason: %(reason)s"),
    ),
    "payment_to_release": (
        _("A payment waits for a second person: %(grant)s"),
        _("%(amount)s is prepared. Another person than the one who prepared it releases it and keeps the bank slip."),
    ),
    "payment_sent": (
        _("Money is on its way: %(grant)s"),
        _(
            "The fund sent %(amount)s on %(day)s under bank reference %(reference)s. Please confirm by %(due)s that it arrived."
        ),
    ),
    "payment_confirmed": (
        _("Payment arrived: %(grant)s"),
        _("The partner confirmed that %(amount)s arrived on %(day)s."),
    ),
    "payment_failed": (
        _("A payment of grant %(grant)s came back"),
        _("The bank gave %(amount)s back; it can be paid again without new approvals. The reason: %(reason)s"),
    ),
    "payment_in_transit": (
        _("Still not confirmed: payment for %(grant)s"),
        _("%(amount)s was sent on %(day)s and the partner has not confirmed it. Ask the partner and the bank."),
    ),
    # closing
    "refund_due": (
        _("Money to give back: %(grant)s"),
        _("Your grant ends with %(amount)s to give back by %(day)s. The page says how it was computed."),
    ),
    "refund_received": (
        _("A refund waits for a second person: %(grant)s"),
        _("%(amount)s was recorded as received under %(reference)s. Another person confirms it."),
    ),
}


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts, days and hours as the reader's language says them."""
    language = get_language() or "en"
    said = dict(params)
    if "amount_minor" in said:
        said["amount"] = format_money(Money(said["amount_minor"], said["currency"]), language)
    if "condition" in said:
        said["condition"] = Waivable(said["condition"]).label
    if said.get("due"):
        said["due"] = moment_in_words(datetime.fromisoformat(said["due"]), language=language)
    if said.get("day"):
        said["day"] = day_in_words(date.fromisoformat(said["day"]), language=language)
    return said


def _register(kind: str, subject: Any, body: Any) -> None:
    @wording(f"disbursements.{kind}")
    def said(params: Mapping[str, Any]) -> tuple[str, str]:
        words = _in_words(params)
        return str(subject) % words, str(body) % words


for _kind, (_subject, _body) in _KINDS.items():
    _register(_kind, _subject, _body)
