"""Pages of the charter: public, drafts, votes, networks, holidays."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from charter import selectors, services
from charter.labels import SECTIONS
from charter.models import CharterVersion, Holiday, Network, NetworkRepresentative
from charter.states import CharterState
from kernel.work import work_for
from tests.factories import accounts
from tests.factories import charter as make

pytestmark = pytest.mark.django_db

LANGUAGES = ("ar", "en", "ku")


@pytest.fixture
def writer(client: Client) -> Any:
    person = make.manager()
    accounts.sign_in(client, person)
    return person


@pytest.fixture
def draft(writer: Any) -> CharterVersion:
    return services.draft_version(selectors.rules_to_begin_with(), make.SUMMARY, writer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_the_charter_in_force(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    assert client.get(reverse("charter:in_force")).status_code == 200
    make.ratified_charter()
    page = client.get(reverse("charter:in_force"))
    assert page.status_code == 200
    for key in SECTIONS:
        assert f'id="{key}"' in page.content.decode()
    for name in ("version_list", "network_list", "holiday_list"):
        assert client.get(reverse(f"charter:{name}")).status_code == 200


def test_everybody_reads_a_version_with_its_votes_and_record(client: Client) -> None:
    version = make.ratified_charter()
    page = client.get(reverse("charter:version_detail", args=[version.number])).content.decode()
    for network, _voter in make.networks():
        assert str(network.name) in page
    assert version.rules_sha256 in page
    data = client.get(reverse("charter:version_json", args=[version.number]))
    assert json.loads(data.content) == version.rules_data


def test_strangers_do_not_see_drafts(client: Client, draft: CharterVersion) -> None:
    stranger = Client()
    for name in ("version_detail", "version_json"):
        assert stranger.get(reverse(f"charter:{name}", args=[draft.number])).status_code == 404
    assert stranger.get(reverse("charter:compare", args=[draft.number, draft.number])).status_code == 404
    assert f"/{draft.number}/" not in stranger.get(reverse("charter:version_list")).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.FUND_MANAGER, Role.ADMINISTRATOR}])
def test_other_officers_do_not_write(client: Client, role: Role, draft: CharterVersion) -> None:
    other = Client()
    accounts.sign_in(other, accounts.officer(role))
    assert other.get(reverse("charter:draft_new")).status_code == 403
    for name in ("draft", "propose", "draft_whole", "withdraw"):
        assert other.post(reverse(f"charter:{name}", args=[draft.number])).status_code == 403


def test_a_draft_is_begun_changed_and_proposed(client: Client, writer: Any) -> None:
    make.networks()
    response = client.post(reverse("charter:draft_new"), {"summary_ar": "مهلة أطول للفرز"})
    draft = CharterVersion.objects.get()
    assert response["Location"] == reverse("charter:draft", args=[draft.number])
    assert client.get(response["Location"]).status_code == 200
    section = reverse("charter:draft_section", args=[draft.number, "deadlines"])
    form = client.get(section).context["form"]
    typed = {name: field.initial for name, field in form.fields.items()} | {"deadlines.screening_days": "٧"}
    assert client.post(section, typed)["Location"] == reverse("charter:draft", args=[draft.number])
    draft.refresh_from_db()
    assert CharterVersion.objects.get().rules.deadlines.screening_days == 7
    client.post(reverse("charter:propose", args=[draft.number]), {"reason": "طلبته الشبكات"})
    draft.refresh_from_db()
    assert draft.state == CharterState.PROPOSED
    assert client.get(section).status_code == 404


@pytest.mark.parametrize("key", list(SECTIONS))
def test_every_chapter_can_be_saved_as_it_is(client: Client, draft: CharterVersion, key: str) -> None:
    section = reverse("charter:draft_section", args=[draft.number, key])
    form = client.get(section).context["form"]
    typed = {}
    for name, field in form.fields.items():
        value = field.prepare_value(field.initial) if hasattr(field, "prepare_value") else field.initial
        if value is not False:
            typed[name] = "on" if value is True else "" if value is None else str(value)
    response = client.post(section, typed)
    assert response.status_code == 302, response.context["form"].errors
    assert CharterVersion.objects.get().rules_data == draft.rules_data


def test_an_error_keeps_what_was_typed(client: Client, draft: CharterVersion) -> None:
    section = reverse("charter:draft_section", args=[draft.number, "ratification"])
    response = client.post(section, {"ratification.share": "1/3", "ratification.minimum": "٤"})
    page = response.content.decode()
    assert response.context["form"].errors
    assert 'value="1/3"' in page
    assert 'value="٤"' in page
    response = client.post(section, {"ratification.share": "نصف", "ratification.minimum": "3"})
    assert "ratification.share" in response.context["form"].errors


def test_a_page_that_was_opened_before_another_saved_says_so_once_and_keeps_what_was_typed(
    client: Client, draft: CharterVersion
) -> None:
    section = reverse("charter:draft_section", args=[draft.number, "ratification"])
    opened = client.get(section).context["form"]["ground"].value()
    other = {"ratification.share": "4/5", "ratification.minimum": "3", "ground": opened}
    assert client.post(section, other).status_code == 302

    mine = {"ratification.share": "3/4", "ratification.minimum": "5", "ground": opened}
    told = client.post(section, mine)
    assert told.context["form"].non_field_errors()
    assert told.context["form"]["ratification.share"].value() == "3/4"
    assert CharterVersion.objects.get().rules.ratification.share.numerator == 4

    again = client.post(section, {**mine, "ground": told.context["form"]["ground"].value()})
    assert again.status_code == 302
    assert CharterVersion.objects.get().rules.ratification.share.numerator == 3


@pytest.mark.parametrize("typed", ["²", "50, 30, ³", "a, b"])
def test_a_list_of_anything_but_numbers_is_refused(client: Client, draft: CharterVersion, typed: str) -> None:
    section = reverse("charter:draft_section", args=[draft.number, "committee"])
    response = client.post(section, {"committee.seats_allowed": typed})
    assert "committee.seats_allowed" in response.context["form"].errors


def test_the_whole_charter_goes_out_and_in_as_json(client: Client, draft: CharterVersion) -> None:
    url = reverse("charter:draft_whole", args=[draft.number])
    assert client.get(url).status_code == 200
    data = json.loads(client.get(reverse("charter:version_json", args=[draft.number])).content)
    data["currency"] = "EUR"
    file = SimpleUploadedFile("charter.json", json.dumps(data).encode(), "application/json")
    assert client.post(url, {"text": "", "file": file}).status_code == 302
    assert CharterVersion.objects.get().rules.currency == "EUR"


@pytest.mark.parametrize("text", ["{", "[]", '{"currency": 3}', "[" * 100_000, "null"])
def test_what_is_no_charter_is_refused_by_path_and_kept(client: Client, draft: CharterVersion, text: str) -> None:
    response = client.post(reverse("charter:draft_whole", args=[draft.number]), {"text": text})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert response.context["form"]["text"].value() == text


def test_errors_of_json_name_their_path(client: Client, draft: CharterVersion) -> None:
    data = {**draft.rules_data, "deadlines": {**draft.rules_data["deadlines"], "screening_days": -3}}
    response = client.post(reverse("charter:draft_whole", args=[draft.number]), {"text": json.dumps(data)})
    assert any("deadlines.screening_days" in error for error in response.context["form"].non_field_errors())


def test_a_representative_votes_from_my_work(client: Client) -> None:
    version = make.proposed_charter()
    network, voter = make.networks()[0]
    (item,) = work_for(voter)
    accounts.sign_in(client, voter)
    assert item.url in client.get(reverse("work")).content.decode()
    assert client.get(item.url).status_code == 200
    assert client.post(item.url, {}).context["form"].errors
    response = client.post(item.url, {"consents": "yes", "comment": "نوافق"})
    assert response["Location"] == reverse("charter:version_detail", args=[version.number])
    assert selectors.votes_on(version).get().network == network
    assert work_for(voter) == []
    assert client.post(item.url, {"consents": "no"}).context["form"].non_field_errors()


def test_nobody_votes_for_another_network(client: Client) -> None:
    version = make.proposed_charter()
    (one, _a), (_two, b), *_ = make.networks()
    url = reverse("charter:vote", args=[version.number, one.pk])
    for person in (b, make.manager(), accounts.administrator(), accounts.user()):
        other = Client()
        accounts.sign_in(other, person, second_factor=True)
        assert other.get(url).status_code == 404
        assert other.post(url, {"consents": "yes"}).status_code == 404
    assert not selectors.votes_on(version).exists()


def test_an_ended_mandate_ends_at_the_next_request(client: Client) -> None:
    version = make.proposed_charter()
    network, voter = make.networks()[0]
    accounts.sign_in(client, voter)
    url = reverse("charter:vote", args=[version.number, network.pk])
    assert client.get(url).status_code == 200
    services.end_mandate(
        network.representatives.get(user=voter),
        ends_on=timezone.localdate() - timedelta(days=1),
        actor=accounts.administrator(),
        reason="انتهت ولايتها",
    )
    assert client.post(url, {"consents": "yes"}).status_code == 404


def test_what_changes_stands_on_the_page(client: Client) -> None:
    make.ratified_charter()
    rules = selectors.rules_to_begin_with()
    changed = rules.model_copy(update={"deadlines": rules.deadlines.model_copy(update={"screening_days": 9})})
    make.proposed_charter(changed)
    page = client.get(reverse("charter:compare", args=[1, 2])).content.decode()
    assert page.count("<del>") == 1
    assert client.get(reverse("charter:compare", args=[1, 99])).status_code == 404


def test_administrators_keep_networks_and_holidays(client: Client) -> None:
    admin = accounts.administrator()
    accounts.sign_in(client, admin, second_factor=True)
    voter = accounts.user()
    today = timezone.localdate().isoformat()
    client.post(reverse("charter:network_add"), {"name_ar": "شبكة النهر", "joined_on": today, "reason": "طلبت"})
    network = Network.objects.get()
    page = reverse("charter:network_detail", args=[network.pk])
    assert client.get(page).status_code == 200
    mandate = reverse("charter:mandate_add", args=[network.pk])
    assert client.post(mandate, {"email": "x@y.example", "starts_on": today, "reason": "x"}).context["form"].errors
    client.post(mandate, {"email": voter.email, "starts_on": today, "reason": "انتخبت"})
    assert voter.full_name in client.get(page).content.decode()
    given = NetworkRepresentative.objects.get()
    client.post(reverse("charter:mandate_end", args=[given.pk]), {"day": today, "reason": "استقالت"})
    client.post(reverse("charter:network_end", args=[network.pk]), {"day": today, "reason": "انسحبت"})
    assert not selectors.networks_with_vote().exists()

    holiday = {"day": f"{timezone.localdate().year}-12-25", "name_ar": "عيد الميلاد"}
    client.post(reverse("charter:holiday_add"), holiday)
    assert "day" in client.post(reverse("charter:holiday_add"), holiday).context["form"].errors
    made = Holiday.objects.get()
    assert client.get(reverse("charter:holiday_remove", args=[made.pk])).status_code == 200
    client.post(reverse("charter:holiday_remove", args=[made.pk]))
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("name", ["network_add", "holiday_add"])
def test_administration_needs_factor_and_session(client: Client, name: str) -> None:
    admin = accounts.administrator()
    accounts.sign_in(client, admin)
    assert client.get(reverse(f"charter:{name}"))["Location"].startswith(reverse("accounts:second_factor"))
    assert client.post(reverse(f"charter:{name}"), {"name_ar": "x"}).status_code == 403
    accounts.sign_in(client, make.manager(), second_factor=True)
    assert client.get(reverse(f"charter:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["version_list", "network_list"])
def test_lists_cost_the_same_for_any_number(client: Client, name: str) -> None:
    costs = []
    for number in (3, 6):
        make.networks(number)
        make.ratified_charter()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"charter:{name}"))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_holidays_move_deadlines_and_are_read_once() -> None:
    from datetime import UTC, datetime

    from audit.context import correlated

    start = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday
    assert selectors.working_deadline(start, 1).date().isoformat() == "2026-11-19"
    services.add_holiday(datetime(2026, 11, 19, tzinfo=UTC).date(), make.SUMMARY, actor=accounts.administrator())
    deadline = selectors.working_deadline(start, 1)
    assert deadline.isoformat() == "2026-11-22T23:59:59+03:00"
    with correlated(), CaptureQueriesContext(connection) as queries:
        selectors.working_deadline(start, 1)
        selectors.working_deadline(start, 5)
    assert len(queries) == 1
