"""What invitations and notices of organisations say."""

from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.letters import offer
from accounts.models import Invitation
from kernel.pieces.words import day_in_words
from notices.registry import wording
from organisations.rules.profile import PURPOSE
from organisations.states import PersonRole, Tier


@offer(PURPOSE)
def role_in_organisation(invitation: Invitation) -> str:
    """The role and the organisation."""
    return _("the role “%(role)s” in %(organisation)s") % {
        "role": PersonRole(invitation.details["role"]).label,
        "organisation": invitation.details["organisation"],
    }


@wording("organisations.due_diligence_returned")
def returned(params: Any) -> tuple[str, str]:
    return (
        _("The profile of %(organisation)s needs completion") % params,
        _("The fund looked at the profile and asks you to complete it:\n\n%(reason)s") % params,
    )


@wording("organisations.due_diligence_cleared")
def cleared(params: Any) -> tuple[str, str]:
    return (
        _("The papers of %(organisation)s are in order") % params,
        _("Next the fund assesses your capacity, or decides at once where no assessment is needed."),
    )


@wording("organisations.found_eligible")
def eligible(params: Any) -> tuple[str, str]:
    words = {**params, "tier": Tier(params["tier"]).label}
    return (
        _("%(organisation)s may apply to the fund") % words,
        _("The fund found you eligible in tier “%(tier)s”. Your page says why, and what it means for grants.") % words,
    )


@wording("organisations.found_ineligible")
def ineligible(params: Any) -> tuple[str, str]:
    return (
        _("Decision about %(organisation)s: not eligible for now") % params,
        _("The reason is:\n\n%(reason)s\n\nYour page says from when you may come back.") % params,
    )


@wording("organisations.suspended")
def suspended(params: Any) -> tuple[str, str]:
    return (
        _("%(organisation)s is suspended") % params,
        _("New applications and payments wait until this is mended:\n\n%(reason)s") % params,
    )


@wording("organisations.reinstated")
def reinstated(params: Any) -> tuple[str, str]:
    return (_("The suspension of %(organisation)s has ended") % params, _("You may apply again. %(reason)s") % params)


@wording("organisations.bank_account_verified")
def bank_account_verified(params: Any) -> tuple[str, str]:
    return (
        _("A bank account of %(organisation)s was verified") % params,
        _(
            "Payments may go to the account ending in %(ending)s after a pause. If you did not ask for this, tell us at once."
        )
        % params,
    )


@wording("organisations.bank_change_requested")
def bank_change_requested(params: Any) -> tuple[str, str]:
    return (
        _("A change of the bank details of %(organisation)s was asked for") % params,
        _(
            "The new account ends in %(ending)s. The fund will ask you back on the number of your profile. "
            "If none of you asked for this, take it back and tell us at once."
        )
        % params,
    )


@wording("organisations.bank_change_refused")
def bank_change_refused(params: Any) -> tuple[str, str]:
    return (
        _("The change of the bank details of %(organisation)s was refused") % params,
        _("Your account in use stays. The reason is:\n\n%(reason)s") % params,
    )


@wording("organisations.bank_change_withdrawn")
def bank_change_withdrawn(params: Any) -> tuple[str, str]:
    return (
        _("The change of the bank details of %(organisation)s was taken back") % params,
        _("Your account in use stays. %(reason)s") % params,
    )


def _item(params: Any) -> dict[str, str]:
    name = params["item"]
    return {**params, "item": name.get(get_language() or "ar") or name["ar"]}


@wording("organisations.passport_item_returned")
def passport_item_returned(params: Any) -> tuple[str, str]:
    words = _item(params)
    return (
        _("The fund returned an item of your passport: %(item)s") % words,
        _("Please give it anew:\n\n%(reason)s") % words,
    )


@wording("organisations.passport_item_ends")
def passport_item_ends(params: Any) -> tuple[str, str]:
    words = _item(params) | {"day": day_in_words(date.fromisoformat(params["day"]), language=get_language() or "ar")}
    return (
        _("An item of the passport of %(organisation)s ends soon: %(item)s") % words,
        _("It is valid until %(day)s. Give it anew before that day, then nothing waits for it.") % words,
    )


@wording("organisations.passport_item_ended")
def passport_item_ended(params: Any) -> tuple[str, str]:
    words = _item(params) | {"day": day_in_words(date.fromisoformat(params["day"]), language=get_language() or "ar")}
    return (
        _("An item of the passport of %(organisation)s has ended: %(item)s") % words,
        _("It was valid until %(day)s. Please give it anew.") % words,
    )


@wording("organisations.outside_recognised")
def outside_recognised(params: Any) -> tuple[str, str]:
    return (
        _("The assessment by %(what)s is recognised") % params,
        _("What it covers is not asked of %(organisation)s again.") % params,
    )


@wording("organisations.outside_refused")
def outside_refused(params: Any) -> tuple[str, str]:
    return (_("The assessment by %(what)s was not recognised") % params, _("The reason is:\n\n%(reason)s") % params)


@wording("organisations.improvement_agreed")
def improvement_agreed(params: Any) -> tuple[str, str]:
    return (
        _("A new point of the improvement plan of %(organisation)s") % params,
        _("%(what)s\n\nYour page says until when, and what shows that it is done.") % params,
    )


@wording("organisations.improvement_returned")
def improvement_returned(params: Any) -> tuple[str, str]:
    return (
        _("A point of the improvement plan came back") % params,
        _("%(what)s\n\nSomething is missing:\n\n%(reason)s") % params,
    )


@wording("organisations.improvement_confirmed")
def improvement_confirmed(params: Any) -> tuple[str, str]:
    return (_("A point of the improvement plan is confirmed") % params, _("%(what)s\n\nIt is done.") % params)


@wording("organisations.contest_upheld")
def contest_upheld(params: Any) -> tuple[str, str]:
    return (
        _("Your contest was upheld") % params,
        _("The assessment of %(organisation)s is corrected:\n\n%(reason)s") % params,
    )


@wording("organisations.contest_dismissed")
def contest_dismissed(params: Any) -> tuple[str, str]:
    return (
        _("Your contest was dismissed") % params,
        _("The assessment of %(organisation)s stays as it is:\n\n%(reason)s") % params,
    )


@wording("organisations.tier_changed")
def tier_changed(params: Any) -> tuple[str, str]:
    words = {**params, "tier": Tier(params["tier"]).label}
    return (
        _("The tier of %(organisation)s is now “%(tier)s”") % words,
        _("It follows your performance in closed grants, by the charter.\n\n%(reason)s") % words,
    )
