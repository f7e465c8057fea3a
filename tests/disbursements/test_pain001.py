"""Files for the bank: valid by the official schema, the same bytes each time, in letters that banks carry."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from disbursements.iso20022.latin import NotLatinError, bank_text, is_bank_text
from disbursements.iso20022.pain001 import Account, Charges, CreditTransfer, Order, Version, write
from tests.standards import STANDARDS, needs

PAYER = Account("Example Pooled Fund", "DE89370400440532013000", True, "Example Bank AG", "COBADEFFXXX", "DE", "Berlin")
PAYEES = [
    Account("Jam'iyat al-Mithal lil-Tanmiya", "SY12345678901", False, "Example Bank of Damascus", "", "SY"),
    Account("Komeleya Mînak û Şoreş", "TR330006100519786457841326", True, "", "", ""),
    Account("Association « Exemple » & Frères №5 —" + " long" * 40, "GB82WEST12345698765432", True, "Bank “X”; Y_Z"),
    Account("Mu’assasat al-ʿAwn", "0001112223334445556667778889990001"[:34], False, "Bank 2", "COBADEFF", "SY", "Aleppo"),
]  # fmt: skip


@cache
def schema(version: str) -> Any:
    return etree.XMLSchema(etree.parse(STANDARDS / "iso20022" / "xsd" / f"{version}.xsd"))


def order(payments: int, seed: int = 7, *, currency: str = "USD", digits: int = 2) -> Order:
    """An order of random payments, the same for the same seed."""
    chance = random.Random(seed)
    transfers = tuple(
        CreditTransfer(
            f"PAY-2026-{number:07}X",
            UUID(int=chance.getrandbits(128), version=4),
            chance.choice([1, 99, 100, chance.randrange(1, 10**12)]),
            chance.choice(PAYEES),
            f"GR-2026-{chance.randrange(10**7):07} tranche {chance.randrange(1, 9)}",
        )
        for number in range(payments)
    )
    moment = datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)
    return Order(
        "RUN-2026-7K3QF2XM", moment, date(2026, 11, 25), currency, digits, chance.choice(list(Charges)), PAYER, transfers
    )  # fmt: skip


@needs("iso20022")
@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize(("payments", "currency"), [(500, "USD"), (1, "EUR")])
def test_random_payments_are_valid_by_the_official_schema(version: Version, payments: int, currency: str) -> None:
    one = order(payments, currency=currency)
    content = write(one, version)
    document = etree.fromstring(content)
    schema(version).assertValid(document)
    found = document.xpath("//*[local-name()='InstdAmt']/text()")
    sums = document.xpath("//*[local-name()='CtrlSum']/text()")
    assert len(found) == payments
    assert [Decimal(said) for said in sums] == [sum(map(Decimal, found))] * 2 == [Decimal(one.total_minor) / 100] * 2
    assert document.xpath("//*[local-name()='NbOfTxs']/text()") == [str(payments)] * 2
    ends = document.xpath("//*[local-name()='EndToEndId']/text()")
    assert ends == [transfer.end_to_end for transfer in one.transfers]
    assert content == write(order(payments, currency=currency), version), "the same order gives the same bytes"


def test_amounts_have_the_digits_of_their_currency() -> None:
    assert b">0.01<" in write(order(40), Version.V09)
    dinars = replace(order(1), currency="JOD", digits=3)
    assert f">{Decimal(dinars.total_minor).scaleb(-3)}<".encode() in write(dinars, Version.V09)


def test_an_order_without_payments_is_none() -> None:
    with pytest.raises(ValueError, match="at least one"):
        write(order(0), Version.V09)


def test_names_that_no_bank_carries_are_not_guessed() -> None:
    payee = replace(PAYEES[0], holder="جمعية المثال")
    one = replace(order(1), transfers=(replace(order(1).transfers[0], payee=payee),))
    with pytest.raises(NotLatinError):
        write(one, Version.V09)
    assert not is_bank_text("مصرف")
    assert not is_bank_text("—")
    assert is_bank_text("Banque d'Ég. & Co")
    assert bank_text("Komeleya Şoreş û Çîya_2 «x»", limit=140) == "Komeleya Sores u Ciya-2 x"
    assert bank_text("Straße Łódź ıı", limit=9) == "Strasse L"


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_whatever_is_carried_is_in_the_banks_letters(text: str) -> None:
    try:
        carried = bank_text(text, limit=70)
    except NotLatinError:
        return
    assert carried.isascii()
    assert 0 < len(carried) <= 70
    assert not set(carried) & set("<>&\"'\\;@#%*=!{}[]\n\t") - {"'"}
    assert bank_text(carried, limit=70) == carried
