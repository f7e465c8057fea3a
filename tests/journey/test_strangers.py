"""Every URL, opened and sent by people whom it does not concern: no word of others appears, nothing changes, nothing breaks."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from accounts.models import User
from accounts.roles import Role
from audit.models import Leaf, Stateful
from committees.models import Assignment
from committees.services import conflicts, panels, scores
from committees.states import ConflictKind, SeatOffice
from grants.models import Application
from grants.services import applications, reports, screening
from organisations.models import Organisation
from poolfund import access
from tests.factories import accounts, awards, committees, disbursements, funds, organisations
from tests.factories import grants as factory

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.database("fund")]

CANARIES = ("draft", "application", "declaration", "score", "report", "bank", "profile")
OFFICERS = {"programme officer", "auditor"}
MAY_READ = {
    "draft": set(),
    "application": OFFICERS,
    "declaration": OFFICERS,
    "score": set(),
    "report": OFFICERS,
    "bank": {"auditor"},
    "profile": OFFICERS,
}  # type: dict[str, set[str]]
"""Which strangers may read which of the words; the scoring still runs, so nobody reads scores."""
MODELS = {
    "calls": "grants.Call", "applications": "grants.Application", "section": "grants.Section",
    "question": "grants.Question", "eligibility": "grants.EligibilityQuestion", "grants": "grants.Grant",
    "reports": "grants.Report", "conditions": "grants.AwardCondition", "tranches": "disbursements.Tranche",
    "payments": "disbursements.Payment", "committees": "committees.Committee", "panels": "committees.Panel",
    "meetings": "committees.Meeting", "items": "committees.AgendaItem", "seats": "committees.Seat",
    "organisations": "organisations.Organisation", "documents": "organisations.RegistrationProof",
    "bank-accounts": "organisations.BankAccount", "donors": "funds.Donor", "pledges": "funds.Pledge",
    "contributions": "funds.Contribution", "offices": "accounts.Appointment", "accounts": "accounts.User",
    "networks": "charter.Network", "vote": "charter.Network", "messages": "notices.Notice",
    "panel": "grants.Call", "scorers": "grants.Application", "declarations": "grants.Application",
    "giving": "funds.Donor", "representatives": "funds.DonorRepresentative", "people": "organisations.Person",
}  # fmt: skip
"""The last noun before an id in an address -> what it names; other nouns get ids of nothing."""
PRIVATE = {"applications", "grants", "reports", "conditions", "tranches", "payments", "documents", "bank-accounts"}
"""Nouns whose things are shut to people outside: no page at all."""
WORDS = {
    "key": ["basics", "budget"],
    "language": ["ar"],
    "section": ["identity"],
    "chart": ["giving"],
    "token": ["no-token"],
}
MOST_ROWS, MOST_PATHS = 2, 4
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
SENT = {
    "reason": "سبب طويل بما يكفي لهذا الفعل", "note": "سبب", "confirm": "on", "read": "on", "agree": "on", "outcome": "eligible",
    "choice": "approve", "kind": "none", "cause": "سبب", "words": "سبب", "evidence": "سبب", "discussion": "نص",
    "proposed_minor": "1000", "bank_reference": "X-1", "forecast_minor": "1", "cash_on_hand_minor": "0",
}  # fmt: skip
OWN_RIGHT = {"set_language", "grants:application_start"}
"""What anybody, or any eligible organisation, may do for itself."""


def canary(kind: str) -> str:
    """A word that stands nowhere else."""
    return f"عصفور-{kind}-7Q3"


# The world ----------------------------------------------------------------------------------------------------------


@dataclass
class World:
    """Somebody's papers, and the people whom they do not concern."""

    victim: Organisation
    insider: Organisation
    application: Application
    strangers: dict[str, User | None]
    addresses: list["Address"] = field(default_factory=list)


def _typed(answers: dict[str, dict[str, Any]], word: str) -> dict[str, dict[str, Any]]:
    """The answers with ``word`` in every text."""
    answers["basics"] |= {"title": word, "summary": word}
    for line in answers["budget"]["lines"]:
        line |= {"description": word, "remark": word}
    for key, said in answers.items():
        if key not in {"eligibility", "basics", "budget"}:
            said.update(dict.fromkeys(said, word))
    return answers


def _written(call: Any, organisation: Organisation, word: str) -> Application:
    application = factory.draft_application(call, organisation)
    for key, typed in _typed(factory.answers(application), word).items():
        writer = factory.preparer(organisation)
        applications.save_part(application, key, typed, version=0, tab="t", actor=writer)
    application.refresh_from_db()
    return application


def _screened(victim: Organisation) -> Application:
    """The victim's application and another one, with a committee that scores them."""
    call = factory.open_call()
    application = applications.submit(_written(call, victim, canary("application")), actor=factory.signatory(victim))
    other = factory.submitted_application(call)
    factory.closed_call(call)
    for one in (application, other):
        one.refresh_from_db()
        screening.find_eligible(one, checklist=factory.all_holds(one), actor=factory.programme_officer())
    call.refresh_from_db()
    panel = panels.open_panel(call, committees.constituted_committee(), actor=committees.officer())
    case = committees.Case(panel, [], []).fresh()
    for number, seat in enumerate(case.seats):
        for one in case.applications:
            kind = ConflictKind.HARD if number == len(case.seats) - 1 and one == application else ConflictKind.SOFT
            ground = "partnership" if kind == ConflictKind.HARD else "past_activity"
            said = {"ground": ground, "explanation": canary("declaration"), "actor": seat.user}
            conflicts.declare(seat, one, kind=kind, **said)
    case = committees.scoring(case)
    first = Assignment.objects.filter(application=application).select_related("seat__user")[0]
    said_of = {key: (points, canary("score") * 3) for key, (points, _) in committees.judgement(application).items()}
    scores.submit(first, said_of, actor=first.seat.user)
    application.refresh_from_db()
    return application


def _reported(victim: Organisation) -> None:
    """A grant of the victim with a payment that arrived and a report that waits."""
    grant = awards.active_grant(organisation=victim, tier="M")
    disbursements.pay(grant.tranches.get(number=1))
    report = disbursements.written_report(grant, spent_minor=100_00)
    for name in ("achieved", "did_not_work", "participation"):
        setattr(report, name, canary("report"))
    report.save(update_fields=["achieved", "did_not_work", "participation"])
    reports.submit_report(report, actor=awards.signatory(grant))


@pytest.fixture(scope="module")
def world(standing: None) -> World:
    """Papers of one organisation at every step, and strangers of every kind: some of them with rights to things alike."""
    contribution = funds.confirmed_contribution(2_000_000_00)
    victim = organisations.eligible_organisation("M", about=canary("profile"))
    organisations.usable_bank_account(victim, bank=canary("bank"), holder_ar=canary("bank"))
    application = _screened(victim)
    _reported(victim)
    _written(factory.open_call(), victim, canary("draft"))
    assigned = Assignment.objects.filter(application=application).values("seat")
    panel_seats = application.call.panel.committee.seats.order_by("number")
    # Not the chair, who reads the register of conflicts.
    plain = panel_seats.exclude(office=SeatOffice.CHAIR).exclude(pk__in=assigned)
    member = plain.exclude(recusals__application=application).first()
    recused = panel_seats.get(recusals__application=application)
    assert member is not None
    insider = organisations.eligible_organisation("M")
    factory.draft_application(factory.open_call(), insider)
    organisations.usable_bank_account(insider)
    strangers = {
        "nobody": None,
        "signatory of another organisation": organisations.signatory_of(insider),
        "appeals panelist": accounts.officer(Role.APPEALS_PANELIST),
        "member without assignment": member.user,
        "recused member": recused.user,
        "donor": funds.representative(contribution.donor),
        "auditor": accounts.officer(Role.AUDITOR),
        "programme officer": accounts.officer(Role.PROGRAMME_OFFICER),
    }
    made = World(victim, insider, application, strangers)
    made.addresses.extend(_addresses(made))
    return made


# The walk ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """One address: the name and path of its URL, and the noun before each of its ids."""

    name: str
    path: str
    nouns: frozenset[str]


def _urls(resolver: URLResolver, prefix: str = "", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _urls(entry, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "")), prefix + str(entry.pattern)


def _rows(noun: str, world: World) -> list[Any]:
    if noun not in MODELS:
        return [uuid4()]
    model = apps.get_model(MODELS[noun])
    rows = list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:MOST_ROWS])
    if noun in {"applications", "scorers", "declarations"}:
        own = Application.objects.filter(organisation=world.victim).values_list("pk", flat=True)
        rows = list(own)
    if noun in {"documents", "bank-accounts", "people"}:
        rows = list(model._default_manager.filter(organisation=world.victim).values_list("pk", flat=True)[:MOST_ROWS])
    if noun == "organisations":
        rows = [world.victim.pk]
    return rows or [uuid4()]


def _values(route: str, world: World) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    names: list[str] = []
    choices: list[list[Any]] = []
    nouns: set[str] = set()
    for found in ARGUMENT.finditer(route):
        kind, name = found.groups()
        before = [part for part in route[: found.start()].split("/") if part and "<" not in part]
        noun = before[-1] if before else ""
        names.append(name)
        if kind == "uuid":
            nouns.add(noun)
            # Before the id of a paper that is not theirs, strangers also put that of their own organisation.
            own = [world.insider.pk] if noun == "organisations" and route.count("<uuid:") > 1 else []
            choices.append([*_rows(noun, world), *own])
        elif kind == "int":
            choices.append([1])
        else:
            choices.append(WORDS.get(name, ["x"]))
    for values in itertools.islice(itertools.product(*choices), MOST_PATHS):
        yield dict(zip(names, values, strict=True)), frozenset(nouns)


def _addresses(world: World) -> Iterator[Address]:
    for name, route in _urls(get_resolver()):
        if not name.startswith(("account_", "mfa_", "usersessions", "demo_")):
            for values, nouns in _values(route, world):
                try:
                    yield Address(name, reverse(name, kwargs=values), nouns)
                except NoReverseMatch:
                    continue


def _browser(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        accounts.sign_in(client, user, second_factor=True)
    return client


def _body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8", errors="ignore"))


def test_no_address_breaks_or_tells_a_stranger_what_is_not_for_them(world: World) -> None:
    broken, told, shown, read = [], [], [], set()
    for who, user in world.strangers.items():
        client = _browser(user)
        for address in world.addresses:
            if "GET" not in access.table()[address.name].methods:
                continue
            answer = client.get(address.path)
            body = _body(answer)
            if answer.status_code >= 500:
                broken.append(f"{who}: {address.name} {address.path}")
            seen = {kind for kind in CANARIES if canary(kind) in body}
            read |= seen
            told += [f"{who}: {address.path} tells the {kind}" for kind in seen if who not in MAY_READ[kind]]
            if who not in OFFICERS and address.nouns & PRIVATE and answer.status_code == 200:
                shown.append(f"{who}: {address.name} {address.path}")
    assert broken == []
    assert told == []
    assert shown == []
    assert read >= {"application", "report", "bank"}, "the walk finds words where they may be read"


def _standing() -> dict[str, Any]:
    """How many rows each table of the fund has, and the state of everything that has states."""
    counted: dict[str, Any] = {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in settings.FUND_APPS
    }
    for model in apps.get_models():
        if issubclass(model, Stateful):
            states = model._default_manager.order_by("pk").values_list("pk", "state", "leaf")
            counted[f"states of {model._meta.label}"] = list(states)
    return counted


def test_nothing_changes_whatever_strangers_send(world: World) -> None:
    before, leaves = _standing(), Leaf.objects.count()
    broken, changed = [], []
    for who, user in world.strangers.items():
        if who == "programme officer":
            continue
        client = _browser(user)
        for address in world.addresses:
            if "POST" not in access.table()[address.name].methods or address.name in OWN_RIGHT:
                continue
            answer = client.post(address.path, SENT)
            if answer.status_code >= 500:
                broken.append(f"{who}: {address.name} {address.path}")
            if Leaf.objects.count() != leaves:
                changed.append(f"{who}: {address.name} {address.path}")
                leaves = Leaf.objects.count()
    assert broken == []
    assert changed == []
    after = _standing()
    assert {name for name in before if before[name] != after[name]} == set()
