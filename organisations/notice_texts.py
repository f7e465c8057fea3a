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
