"""What a signed passport says of an organisation: what this fund found in order, each part a claim of its own."""

from collections.abc import Iterator
from typing import Any, Final

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.sealed import opened_or
from organisations import rules, selectors
from organisations.models import Organisation, PassportItem
from organisations.states import BankAccountState, OrganisationState, PassportState, ProofKind

ACCOUNT: Final = "bank_account."
ITEM: Final = "item."
PROOF: Final = "proof."
WORDS: Final = ".text"
LABELS: Final = {
    "type": _("Type"),
    "founded_year": _("Founded in"),
    "governorates": _("Governorates of work"),
    "registration": _("Registration, its number and end"),
    "size": _("Last year's expenditure"),
    "leadership": _("Who leads it: women, young people, displaced people, persons with disabilities"),
    "about": _("Who you are, in your words"),
    "contact": _("E-mail address and phone"),
    "standing": _("What the fund decided: eligible or not, tier"),
    "assessment": _("Capacity assessment: score by section"),
}
OPEN: Final = frozenset({"type", "founded_year", "governorates", "registration", "standing"})
"""What is ticked when the page opens: nothing of it is private."""
LEADERSHIP: Final = ("women_led", "youth_led", "displaced_led", "disability_led")
DECIDED: Final = frozenset({OrganisationState.ELIGIBLE, OrganisationState.INELIGIBLE})


def claims_of(organisation: Organisation) -> dict[str, Any]:
    """Everything that may be disclosed, by the name of its claim; only what the fund accepted and what holds today."""
    return dict(_claims(organisation))


def _claims(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    yield "type", organisation.type
    yield "founded_year", organisation.founded_year
    yield "governorates", sorted(organisation.governorates)
    yield (
        "registration",
        {
            "state": organisation.registration_state,
            "number": organisation.registration_number,
            "valid_until": _day(organisation.registration_valid_until),
        },
    )
    yield "size", {"last_year_expenditure_minor": organisation.last_year_expenditure_minor, "currency": "USD"}
    yield "leadership", {name: getattr(organisation, name) for name in LEADERSHIP}
    if organisation.about:
        yield "about", organisation.about
    contact = {name: opened_or(organisation, name, "") for name in ("email", "phone")}
    if any(contact.values()):
        yield "contact", contact
    yield from _found(organisation)
    yield from _proofs(organisation)
    yield from _items(organisation)
    yield from _accounts(organisation)


def _day(day: Any) -> str | None:
    return day.isoformat() if day is not None else None


def _found(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    if organisation.state not in DECIDED:
        return
    standing = {
        "state": organisation.state,
        "tier": organisation.tier,
        "charter_version": organisation.tier_rules_version,
        "decided_on": timezone.localdate(organisation.moved_at).isoformat(),
        "eligible_until": _day(organisation.eligible_until),
    }
    yield "standing", standing
    if (found := selectors.latest_assessment(organisation)) is not None:
        day = timezone.localdate(found.recorded_at).isoformat()
        yield "assessment", {"score": found.score, "sections": found.sections, "assessed_on": day}


def _proofs(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    """The newest valid document of each kind that the fund itself holds: its facts and fingerprint, never the file."""
    seen: set[str] = set()
    for proof in selectors.valid_proofs_of(organisation).filter(vouched__isnull=True):
        if proof.kind in seen:
            continue
        seen.add(proof.kind)
        facts = {
            "number": proof.number,
            "issued_by": proof.issued_by,
            "issued_on": proof.issued_on.isoformat(),
            "valid_until": _day(proof.valid_until),
            "document_sha256": proof.sha256,
        }
        yield f"{PROOF}{proof.kind}", facts


def _items(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    asked = rules.asked_of(organisation)
    for key, item in sorted(selectors.passport_items(organisation).items()):
        if key not in asked or not rules.in_date(item):
            continue
        yield f"{ITEM}{key}", _item(item, asked[key].name.model_dump())
        text = _words(item)
        if text:
            yield f"{ITEM}{key}{WORDS}", text


def _item(item: PassportItem, title: dict[str, str]) -> dict[str, Any]:
    accepted = item.state == PassportState.ACCEPTED and item.current is not None
    return {
        "title": title,
        "state": item.state,
        "decided_on": timezone.localdate(item.moved_at).isoformat(),
        "valid_until": _day(item.valid_until),
        "document_sha256": item.current.sha256 if accepted and item.current is not None else "",
    }


def _words(item: PassportItem) -> str:
    if item.state != PassportState.ACCEPTED or item.current is None:
        return ""
    return str(opened_or(item.current, "text", ""))


def _accounts(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    verified = [
        one
        for one in selectors.bank_accounts_of(organisation)
        if one.state == BankAccountState.VERIFIED and not one.is_erased
    ]
    for number, one in enumerate(verified, start=1):
        names = ("holder_latin", "holder_ar", "bank", "number", "currency")
        yield f"{ACCOUNT}{number}", {name: str(getattr(one, name)) for name in names}


def label(name: str, organisation: Organisation) -> Any:
    """What a claim is called on the page where the organisation chooses."""
    if name in LABELS:
        return LABELS[name]
    if name.startswith(PROOF):
        kind = name.removeprefix(PROOF)
        words = ProofKind(kind).label if kind in ProofKind.values else kind
        return format_lazy(_("Document: {kind} (its facts and fingerprint)"), kind=words)
    if name.startswith(ACCOUNT):
        return format_lazy(_("Verified bank account {number}"), number=name.removeprefix(ACCOUNT))
    asked = rules.asked_of(organisation).get(name.removeprefix(ITEM).removesuffix(WORDS))
    title = asked.name.in_language(get_language() or "ar") if asked is not None else name
    if name.endswith(WORDS):
        return format_lazy(_("{item}: your own words, with the names in them"), item=title)
    return format_lazy(_("{item}: that it was accepted, and until when"), item=title)


def is_account(name: str) -> bool:
    """Whether a claim discloses bank details."""
    return name.startswith(ACCOUNT)
