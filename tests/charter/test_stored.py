"""Charters of yesterday: a document that was stored before the schema knew all of its numbers is read, and says what it lacks."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import ValidationError

from audit import lifecycle
from charter import events, selectors, services, stored, wording
from charter.defaults import default_rules
from charter.models import CharterVersion
from charter.schema import CapacityRules, Rules, flatten
from charter.services.versions import fingerprint
from tests.factories import charter as make

FIRST: dict[str, Any] = json.loads(Path(__file__).with_name("first_schema.json").read_text(encoding="utf-8"))
RULES = default_rules()
ADDED: dict[str, Any] = {
    "applications": {
        "condition_waiver": "fund_manager",
        "international_only_support": True,
        "logframe_from_minor": 2_000_000,
        "logframe_most_indicators": 5,
        "logframe_most_results": 12,
        "files_megabytes": 50,
        "organisation_files_megabytes": 500,
        "unfinished_file_hours": 72,
        "files_kept_months": 24,
        "files_kept_after_grant_months": 84,
    },
    "capacity": RULES.capacity.model_dump(mode="json"),
    "deadlines": {
        "complaint_follow_up_months": [3, 6],
        "question_answer_days": 2,
        "question_days_before_close": 3,
        "outage_least_hours": 2,
        "outage_window_hours": 48,
        "rapid_alternate_hours": 8,
        "rapid_answer_hours": 24,
        "rapid_declaration_hours": 2,
        "rapid_payment_hours": 24,
        "rapid_reminder_hours": 4,
        "rapid_scoring_hours": 10,
        "rapid_screening_hours": 4,
    },
    "grant_types": {kind: {"report_calendar_days": None, "start_calendar_days": None} for kind in RULES.grant_types},
    "forecast": {
        "late_months": 3,
        "months": 36,
        "pledged_percent": 50,
        "pound_falls_percent": 30,
        "signed_percent": 90,
    },
    "giving": {"least_minor": 500, "most_minor": 1000000},
    "log": {"donor_witnesses": 1, "network_witnesses": 2, "promised_seconds": 60},
    "payments": {
        "bank_change_near_days": 14,
        "voucher_days": 14,
        "voucher_tries": 5,
        "voucher_tries_per_hour": 20,
    },
    "passport": {"remind_days": [60, 30, 7], "signed_months": 3},
    "publication": {
        "band_edges_minor": [1000000, 2500000, 5000000, 10000000, 25000000, 50000000],
        "delay_days": 30,
        "kept_versions": 30,
        "least_candidates": 3,
        "least_partners": 3,
        "least_people": 10,
        "least_uncertainty_percent": 20,
        "people_rounded_to": 10,
        "review_months": 6,
        "sectors_withheld": ["gbv", "protection"],
    },
    "scoring": {
        "assignment": {
            "alternates_after_deadline": False,
            "elsewhere_points": 0,
            "language_points": 0,
            "most_applications": 0,
            "reminder_days": 0,
            "sector_points": 0,
        },
        "calibration": {
            "interval_percent": 90,
            "least_freedom": 10,
            "least_scorecards": 5,
            "reliable_from_hundredths": 67,
        },
        "concepts": RULES.scoring.concepts.model_dump(mode="json"),
        "portfolio": {"deviation_worth_permille": 0},
    },
    "zakat": {
        "alarm_days": 60,
        "cost_categories": ["B", "F"],
        "distribution_days": 354,
        "recipients": ["poor", "needy", "debtors", "wayfarers"],
    },
}
"""What a charter of the first schema is read to say beyond itself. A proposed value that changes changes it there too."""


def test_a_charter_of_the_first_schema_is_read_and_says_what_it_lacks() -> None:
    rules = stored.rules_of(FIRST)
    now, said = flatten(rules), flatten(FIRST)
    assert {path: now.get(path) for path in said} == said
    assert {path: now[path] for path in stored.added(FIRST)} == flatten(ADDED)
    assert stored.scoring_of(FIRST["scoring"]) == rules.scoring


def bare(rules: Rules, dumped: dict[str, Any]) -> dict[str, Any]:
    """A part of the charter without each field that the schema demands; which tiers and items there are stays."""
    kept = {}
    for name, value in rules:
        parts = {} if isinstance(value, Rules) or not isinstance(value, Mapping) else value
        if any(isinstance(part, Rules) for part in parts.values()):
            kept[name] = {key: bare(part, dumped[name][key]) for key, part in parts.items()}
        elif not type(rules).model_fields[name].is_required():
            kept[name] = dumped[name]
    return kept


def test_any_field_that_the_schema_demands_may_have_come_later() -> None:
    dumped = RULES.model_dump(mode="json")
    document = bare(RULES, dumped)
    assert set(document) == {"format", "tiers", "grant_types", "giving", "forecast", "log", "passport", "zakat"}
    assert set(document["tiers"]["M"]) < set(dumped["tiers"]["M"])
    assert stored.rules_of(document) == RULES
    lacking = stored.added(document)
    assert {path for path in flatten(RULES) if path not in flatten(document)} == set(lacking)
    for chapter in set(dumped) - set(document):
        without = {**dumped}
        del without[chapter]
        assert stored.rules_of(without) == RULES


def test_what_no_charter_ever_said_is_refused() -> None:
    for path, value in (("payments", {"unheard_of": 1}), ("tiers", {"M": None})):
        document = copy.deepcopy(FIRST)
        document[path] |= value
        with pytest.raises(ValidationError):
            stored.rules_of(document)
    document = copy.deepcopy(FIRST)
    del document["tiers"]["M"]
    with pytest.raises(ValidationError, match="the tiers M are missing"):
        stored.rules_of(document)


@pytest.mark.django_db
def test_a_version_of_yesterday_binds_and_its_page_names_the_numbers_that_came_later() -> None:
    writer = make.manager()
    make.networks()
    old = CharterVersion(
        number=1,
        summary=make.SUMMARY,
        rules_data=FIRST,
        rules_sha256=fingerprint(FIRST),
        drafted_by=writer,
    )
    version = services.propose(lifecycle.create(old, events.CharterDrafted(number=1), actor=writer), actor=writer)
    for network, voter in make.networks():
        version.refresh_from_db()
        if version.state == "proposed":
            services.vote(version, network, consents=True, actor=voter)
    assert selectors.rules_in_force().deadlines.rapid_payment_hours == RULES.deadlines.rapid_payment_hours
    for page in (reverse("charter:in_force"), reverse("charter:version_detail", args=[1])):
        shown = Client(headers={"accept-language": "en"}).get(page)
        assert len(shown.context["added"]) == len(wording.added(stored.rules_of(FIRST), FIRST)) > 20
        assert "Not said in this version" in shown.content.decode()
    assert json.loads(Client().get(reverse("charter:version_json", args=[1])).content) == FIRST
    successor = services.draft_version(selectors.rules_to_begin_with(), make.SUMMARY, writer)
    assert stored.added(successor.rules_data) == []
    assert wording.added(successor.rules, successor.rules_data) == []


def test_the_questionnaire_keeps_its_order_in_a_database_that_keeps_none() -> None:
    listed, dumped = list(RULES.capacity.questions), RULES.capacity.model_dump(mode="json")
    by_length = dict(sorted(dumped["questions"].items(), key=lambda item: (len(item[0]), item[0])))
    assert list(by_length) != listed
    assert list(CapacityRules.model_validate({**dumped, "questions": by_length}).questions) == listed
    # What a document lists without places is numbered as it stands there.
    bare_ones = {key: {name: said for name, said in one.items() if name != "place"} for key, one in by_length.items()}
    read = CapacityRules.model_validate({**dumped, "questions": bare_ones}).questions
    assert [(key, one.place) for key, one in read.items()] == [(key, n) for n, key in enumerate(by_length, start=1)]


@pytest.mark.database("opened")
def test_the_charter_in_force_asks_in_the_order_in_which_it_was_adopted(db: None) -> None:
    assert list(selectors.charter_in_force().rules.capacity.questions) == list(RULES.capacity.questions)
