"""Whoever reads every public file, table and sum and reckons with all of them singles out nothing that is withheld."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from tests.attacked_funds import FUNDS, MONTHS, SAFETY, Fund, attack, files, publish
from tests.attacker import Secret, equations, singled_out, whole, words_found
from tests.told import TOLD
from transparency.release.facts import Part, Truth, all_withheld

SECRETS = {
    grant: Secret(partner, minor, nameless=True, words=(f"canary-{grant}",))
    for grant, partner, minor in (("a", "o1", 10), ("b", "o2", 20), ("c", "o3", 30), ("d", "o3", 40))
}
HOLDS = {code: frozenset(code.lower()) for code in ("A", "B", "C", "D", "ABC", "BC", "ABCD")}


def test_the_attacker_finds_a_sum_of_too_few() -> None:
    assert singled_out([(whole(["BC"]), 50)], HOLDS, SECRETS, least=3)


def test_the_attacker_subtracts() -> None:
    """The difference of two sums is what only one of them holds."""
    two = [(whole(["ABC"]), 60), (whole(["BC"]), 50)]
    assert "something of ('o1',) alone" in singled_out(two, HOLDS, SECRETS, least=3)
    assert not singled_out(two[:1], HOLDS, SECRETS, least=3)


def test_the_attacker_takes_open_grants_out_of_sums() -> None:
    told = [(whole(["ABCD"]), 100), (whole(["A"]), 10)]
    assert singled_out(told, HOLDS, SECRETS, least=3)


def test_the_attacker_reckons_with_even_parts() -> None:
    """Half of one sum and the whole of another that holds all but one: twice the half, less the other, is that one."""
    halves = [(frozenset({("ABC", 2)}), 30), (whole(["BC"]), 50)]
    assert "something of ('o1',) alone" in singled_out(halves, HOLDS, SECRETS, least=3)
    assert singled_out([(frozenset({("ABC", 2)}), 31)], HOLDS, SECRETS, least=3) == ["[('ABC', 2)] is not 31"]


def test_a_withheld_amount_that_is_told_alone_is_found() -> None:
    hidden = {**SECRETS, "a": replace(SECRETS["a"], in_sums_only=True)}
    assert singled_out([(whole(["A"]), 10)], HOLDS, hidden, least=3) == ["a is told alone"]
    assert singled_out([(whole(["A"]), 10)], HOLDS, SECRETS, least=3) == []


def test_the_attacker_sees_wrong_sums_and_withheld_words() -> None:
    assert singled_out([(whole(["ABC"]), 61)], HOLDS, SECRETS, least=3)
    assert words_found({"x.csv": b"canary-a"}, SECRETS.values()) == ["canary-a"]
    assert words_found({"canary-b.csv": b""}, SECRETS.values()) == ["canary-b"]


def test_the_attacker_reads_every_file() -> None:
    made = files(replace(TOLD, calls=()))
    for name in ("360giving-grants.json", "hxl-grants.csv", "iati-activities.xml"):
        amounts = {minor for codes, minor in equations({name: made[name]}) if len(codes) == 1}
        assert amounts == {11_000_050, 2_000_000, 6_500_001}


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FUNDS)
def test_nobody_is_singled_out_by_all_files_tables_and_sums_together(fund: Fund) -> None:
    assert attack(fund) == []


def test_a_release_that_is_not_careful_is_found_out() -> None:
    """The same attack against sums of single partners: it is the release that protects, not the attacker's blindness."""
    fund = [
        (0, Truth(f"canary{n}x", f"o{n}", frozenset({"SY07"}), "wash", 900_000 + n, 500_000, 30_000_000, all_withheld([Part.NAME])))
        for n in range(2)
    ]  # fmt: skip
    assert attack(fund, replace(SAFETY, least_partners=1, least_uncertainty_percent=0))
    assert attack(fund) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FUNDS)
def test_what_is_told_later_changes_no_sum_told_before(fund: Fund) -> None:
    first, *later = publish(fund)
    known = {one.code: one for one in first.sums}
    assert all(known[one.code] == one for told in later for one in told.sums if one.code in known)
    assert all(grant.month is None or grant.month >= MONTHS[0] for grant in first.grants)
