"""Where an organisation stands: whose turn it is, by when, and what of its profile is done."""

from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from kernel.pieces import NextStep, Task, Tone
from kernel.pieces.words import day_in_words
from organisations import capacity_pages, events, passport_pages, rules, selectors
from organisations.models import Organisation
from organisations.rules.due_diligence import may_apply_again_on
from organisations.states import Declaration, OrganisationState, PersonRole

_S = OrganisationState
TONES = {
    _S.REGISTERED: Tone.TODO,
    _S.DD_SUBMITTED: Tone.OPEN,
    _S.DD_RETURNED: Tone.WARN,
    _S.DD_CLEARED: Tone.OPEN,
    _S.ASSESSED: Tone.OPEN,
    _S.ELIGIBLE: Tone.DONE,
    _S.INELIGIBLE: Tone.OFF,
    _S.SUSPENDED: Tone.STOP,
}
_TURNS = {
    _S.REGISTERED: _("The organisation completes its profile and submits it."),
    _S.DD_SUBMITTED: _("The secretariat checks the papers."),
    _S.DD_RETURNED: _("The organisation completes its profile and submits it again."),
    _S.DD_CLEARED: _(
        "The secretariat assesses the capacity; new and very small organisations are decided upon at once."
    ),
    _S.ASSESSED: _("The fund manager decides."),
    _S.SUSPENDED: _("New applications and payments wait until the cause is mended."),
}
Act = tuple[str, Any, Any]


def _acts(organisation: Organisation) -> list[Act]:
    """Steps that some person may take: URL name, event as it would happen, wording of the button."""
    return [
        (
            "submit",
            events.DueDiligenceSubmitted(proofs=[], declarations=list(Declaration.values)),
            _("Submit for the check"),
        ),
        ("review", events.DueDiligenceCleared(checked=[]), _("Check the papers")),
        ("assess", events.CapacityAssessed(score=0, sections={}), _("Assess the capacity")),
        ("decide", events.FoundIneligible(), _("Decide")),
    ]


def next_step(organisation: Organisation, user: Any, *, language: str) -> NextStep:
    """State, turn, deadline, and the button when it is the reader's."""
    mine = next(
        ((name, words) for name, event, words in _acts(organisation) if _is_for(organisation, event, user)), None
    )
    return NextStep(
        state=organisation.get_state_display(),
        turn=_turn(organisation, language),
        due=selectors.due_on(organisation),
        tone=TONES[_S(organisation.state)],
        mine=mine is not None,
        url=reverse(f"organisations:{mine[0]}", args=[organisation.pk]) if mine else "",
        action=mine[1] if mine else "",
    )


def _is_for(organisation: Organisation, event: Any, user: Any) -> bool:
    if isinstance(event, events.FoundIneligible) and organisation.state == _S.DD_SUBMITTED:
        return False
    return bool(lifecycle.possible(organisation, event, actor=user))


def _turn(organisation: Organisation, language: str) -> Any:
    if organisation.state == _S.ELIGIBLE and organisation.eligible_until is not None:
        until = day_in_words(organisation.eligible_until, language=language)
        return format_lazy(_("May apply to every call of its tier until {day}."), day=until)
    if organisation.state == _S.INELIGIBLE:
        again = day_in_words(may_apply_again_on(organisation), language=language)
        return format_lazy(_("May come back from {day}, showing that the cause is mended."), day=again)
    return _TURNS.get(_S(organisation.state), "")


def tasks(organisation: Organisation, sections: dict[str, Any], *, with_bank: bool = True) -> list[Task]:
    """The sections of the profile with what is done and what is missing; bank details only for who may see them."""
    found = [
        Task(title, reverse("organisations:section", args=[organisation.pk, key]), _section_tone(organisation, key))
        for key, title in sections.items()
    ]
    found += [_proofs_task(organisation), *_passport_task(organisation), *_capacity_task(organisation)]
    found += [_people_task(organisation)]
    return [*found, _bank_task(organisation)] if with_bank else found


def _section_tone(organisation: Organisation, key: str) -> Tone:
    if key == "contact" and not organisation.about.strip():
        return Tone.TODO
    if key == "registration":
        unregistered = organisation.registration_state in {"unregistered", "in_process"}
        return Tone.DONE if unregistered or organisation.registration_number else Tone.TODO
    return Tone.DONE


def _proofs_task(organisation: Organisation) -> Task:
    url = reverse("organisations:proofs", args=[organisation.pk])
    missing = rules.missing_for_due_diligence(organisation)
    lacking = bool(missing) and not selectors.valid_proofs_of(organisation).exists()
    tone = Tone.TODO if lacking else (Tone.WARN if missing else Tone.DONE)
    return Task(_("Documents"), url, tone, missing[0] if missing else "")


def _passport_task(organisation: Organisation) -> list[Task]:
    done, number = passport_pages.settled(organisation)
    if not number:
        return []
    url = reverse("organisations:passport", args=[organisation.pk])
    tone = Tone.DONE if done == number else Tone.TODO
    words = format_lazy(_("{done} of {number} items hold."), done=done, number=number)
    return [Task(_("Passport of due diligence"), url, tone, words)]


def _capacity_task(organisation: Organisation) -> list[Task]:
    done, number = capacity_pages.answered(organisation)
    if not number:
        return []
    url = reverse("organisations:capacity", args=[organisation.pk])
    words = format_lazy(_("{done} of {number} questions answered."), done=done, number=number)
    return [Task(_("Capacity"), url, Tone.DONE if done == number else Tone.TODO, words)]


def _people_task(organisation: Organisation) -> Task:
    url = reverse("organisations:people", args=[organisation.pk])
    return Task(_("People"), url, Tone.DONE, _("Preparers write; only signatories submit and sign."))


def _bank_task(organisation: Organisation) -> Task:
    url = reverse("organisations:bank_accounts", args=[organisation.pk])
    has = organisation.bank_accounts.exclude(state="retired").exists()
    return Task(_("Bank account"), url, Tone.DONE if has else Tone.TODO, _("Needed before the first payment only."))


def is_signatory(user: Any, organisation: Organisation) -> bool:
    """Whether ``user`` signs for the organisation."""
    return rules.person_role(user, organisation) == PersonRole.SIGNATORY
