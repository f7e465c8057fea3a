"""Versions are discussed before they are adopted: who speaks for whom, who reads it, and that it stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from audit import outbox
from charter import services, wording
from charter.defaults import default_rules
from charter.models import CharterVersion, Remark
from charter.schema import CharterRules
from kernel.permissions import Refused
from tests.factories import accounts
from tests.factories import charter as make

pytestmark = pytest.mark.django_db


def changed_rules(**changed: Any) -> CharterRules:
    rules = default_rules()
    return rules.model_copy(update={"scoring": rules.scoring.model_copy(update=changed)})


def say(version: CharterVersion, number: int = 0, body: str = "نطلب نصاباً أعلى.", chapter: str = "committee") -> Remark:
    network, voter = make.networks()[number]
    return services.discuss(version, body, network=network, chapter=chapter, actor=voter)


def test_networks_and_the_fund_speak_and_everybody_reads_it_without_names(client: Client) -> None:
    version = make.proposed_charter()
    said = say(version)
    services.discuss(version, "سنردّ خطّياً.", network=None, chapter="", actor=make.manager())
    page = client.get(reverse("charter:version_detail", args=[version.number])).content.decode()
    assert "نطلب نصاباً أعلى." in page
    assert str(said.network) in page
    assert "سنردّ خطّياً." in page
    assert said.author.full_name not in page


@pytest.mark.parametrize("who", ["another network", "the fund", "stranger", "ended mandate"])
def test_nobody_speaks_for_others(who: str) -> None:
    version = make.proposed_charter()
    (first, voter), (other, _voter), *_rest = make.networks()
    network: Any = {"another network": other, "the fund": None}.get(who, first)
    actor = accounts.user() if who == "stranger" else voter
    if who == "ended mandate":
        mandate = first.representatives.get()
        yesterday = timezone.localdate() - timedelta(days=1)
        services.end_mandate(mandate, ends_on=yesterday, actor=accounts.administrator(), reason="انتهى")
    with pytest.raises(Refused):
        services.discuss(version, "كلام", network=network, chapter="", actor=actor)
    assert not Remark.objects.exists()


def test_a_version_is_spoken_on_while_it_is_proposed_or_in_force() -> None:
    writer = make.manager()
    version = make.proposed_charter()
    services.withdraw(version, actor=writer, reason="سُحبت")
    with pytest.raises(Refused, match="ليست معروضة على الشبكات ولا سارية"):
        say(version)
    in_force = make.ratified_charter()
    assert say(in_force).version == in_force


def test_what_was_said_stays() -> None:
    said = say(make.proposed_charter())
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE charter_remark SET body = 'x' WHERE id = %s", [said.pk])


def test_the_others_are_told_and_the_author_is_not(django_capture_on_commit_callbacks: Any) -> None:
    version = make.proposed_charter()
    outbox.drain()
    mail.outbox.clear()
    said = say(version)
    outbox.drain()
    told = {address for letter in mail.outbox for address in letter.to}
    others = {voter.email for _network, voter in make.networks() if voter != said.author}
    assert others < told
    assert said.author.email not in told
    assert not any(said.body in letter.body for letter in mail.outbox)


def test_the_form_keeps_what_was_typed_and_escapes_it(client: Client) -> None:
    version = make.proposed_charter()
    network, voter = make.networks()[0]
    accounts.sign_in(client, voter)
    address = reverse("charter:discuss", args=[version.number])
    long = "<script>alert(1)</script>" + "ط" * 3000
    page = client.post(address, {"network": str(network.pk), "chapter": "scoring", "body": long})
    assert page.status_code == 422
    assert "ط" * 3000 in page.content.decode()
    forged = client.post(address, {"network": str(make.networks()[1][0].pk), "chapter": "", "body": "كلام"})
    assert forged.status_code == 422
    assert client.post(address, {"network": "fund", "chapter": "", "body": "كلام"}).status_code == 422
    said = {"network": str(network.pk), "chapter": "scoring", "body": "<script>alert(1)</script>"}
    assert client.post(address, said).status_code == 302
    read = client.get(reverse("charter:version_detail", args=[version.number])).content.decode()
    assert "&lt;script&gt;alert(1)" in read
    assert Remark.objects.get().network == network


def test_strangers_do_not_find_the_form(client: Client) -> None:
    version = make.proposed_charter()
    address = reverse("charter:discuss", args=[version.number])
    assert client.get(address).status_code == 302
    accounts.sign_in(client, accounts.user())
    assert client.get(address).status_code == 404
    assert client.post(address, {"network": "fund", "body": "كلام"}).status_code == 404


def test_a_version_costs_the_same_with_one_and_three_remarks(client: Client) -> None:
    version = make.proposed_charter()
    say(version)
    address = reverse("charter:version_detail", args=[version.number])

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    one = queries()
    say(version, 1)
    say(version, 2)
    assert queries() == one


def test_what_changes_is_said_in_sentences_in_each_language(client: Client) -> None:
    make.ratified_charter()
    after = changed_rules(fundable_from=65)
    differences = wording.compare(default_rules(), after)
    assert len(differences) == 1
    for language, expected in {"en": "from <bdi>60", "ar": "من <bdi>60", "ku": "<bdi>65"}.items():
        with translation.override(language):
            assert expected in differences[0].sentence
    version = make.proposed_charter(after)
    page = client.get(reverse("charter:version_detail", args=[version.number])).content.decode()
    with translation.override("ar"):
        assert wording.compare(default_rules(), after)[0].sentence in page


def test_a_criterion_that_comes_or_goes_is_said_so() -> None:
    rules = default_rules()
    fewer = changed_rules(criteria=rules.scoring.criteria[1:])
    with translation.override("en"):
        gone = [one.sentence for one in wording.compare(rules, fewer)]
        new = [one.sentence for one in wording.compare(fewer, rules)]
    assert any("is dropped; it was" in one for one in gone)
    assert any("is new:" in one for one in new)
