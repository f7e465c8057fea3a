"""What banks say back, read from every published version; what is no statement is refused, what attacks is refused first."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from disbursements.iso20022 import statements, tables
from disbursements.iso20022.statements import Direction, read
from kernel.money import minor_digits
from kernel.xml_files import UnreadableError, parsed
from tests.standards import STANDARDS, needs

SAMPLES: Path = STANDARDS / "iso20022" / "samples" / "genkgo"
WRONG = "camt053.v2.wrong.xml"

CAMT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>
<CreDtTm>2026-11-22T08:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>
{entries}</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>
<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>{end}</EndToEndId></Refs>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
REJECTED = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId>
<CreDtTm>2026-11-22T08:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId>
<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>{body}</CstmrPmtStsRpt></Document>"""
REFUSED_ONE = """<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>{end}</OrgnlEndToEndId>
<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Account closed</AddtlInf></StsRsnInf></TxInfAndSts>
</OrgnlPmtInfAndSts>"""


def entry(
    amount: str, end: str = "NOTPROVIDED", *, side: str = "DBIT", day: str = "2026-11-20", reference: str = "B1",
    currency: str = "USD", text: str = "",
) -> str:  # fmt: skip
    """One entry of a made statement."""
    return ENTRY.format(
        amount=amount, end=end, side=side, day=day, reference=reference, currency=currency, text=text
    )  # fmt: skip


def camt(*entries: str, version: str = "08") -> bytes:
    """A made statement."""
    return CAMT.format(entries="".join(entries), version=version).encode()


@needs("iso20022")
@pytest.mark.parametrize("name", sorted(one.name for one in SAMPLES.glob("*.xml")))
def test_published_samples(name: str) -> None:
    content = (SAMPLES / name).read_bytes()
    if name == WRONG:
        with pytest.raises(UnreadableError) as refused:
            read(content, minor_digits)
        assert refused.value.code == "empty"
        return
    counted = len(etree.fromstring(content).xpath("//*[local-name()='Ntry']"))
    found = read(content, minor_digits)
    assert (found.entries, found.kind) == (counted, etree.fromstring(content).nsmap[None].split(":")[-1][:8])
    assert len(found.lines) >= found.entries
    assert all(line.minor >= 0 and line.currency for line in found.lines)


@needs("iso20022")
def test_every_version_with_a_schema_is_read_and_made_statements_are_valid() -> None:
    schemas = STANDARDS / "iso20022" / "xsd"
    for version in ("02", "04", "08"):
        content = camt(entry("12.50", "PAY-2026-7K3QF2XM", text="Payment"), version=version)
        found = read(content, minor_digits)
        assert found.version == f"camt.053.001.{version}"
        assert (schemas / f"camt.053.001.{version}.xsd").is_file()
        line = found.lines[0]
        assert (line.direction, line.minor, line.end_to_end) == (Direction.OUT, 1250, "PAY-2026-7K3QF2XM")
        assert (line.booked_on, line.reference, line.text) == (date(2026, 11, 20), "B1", "Payment")
    refused = REJECTED.format(message="RUN-1", group="", body=REFUSED_ONE.format(message="RUN-1", end="PAY-1"))
    etree.XMLSchema(etree.parse(schemas / "pain.002.001.03.xsd")).assertValid(etree.fromstring(refused))


def test_rejections_are_of_one_order_or_of_the_whole_file() -> None:
    one = REJECTED.format(message="RUN-1", group="", body=REFUSED_ONE.format(message="RUN-1", end="PAY-1"))
    (line,) = read(one.encode(), minor_digits).lines
    assert (line.direction, line.end_to_end, line.order) == (Direction.REJECTED, "PAY-1", "RUN-1")
    assert line.text == "AC04 · Account closed"
    group = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM02</Cd></Rsn></StsRsnInf>"
    (line,) = read(REJECTED.format(message="RUN-1", group=group, body="").encode(), minor_digits).lines
    assert (line.end_to_end, line.order, line.text) == ("", "RUN-1", "AM02")
    accepted = REJECTED.format(message="RUN-1", group="<GrpSts>ACCP</GrpSts>", body="")
    assert read(accepted.encode(), minor_digits).lines == []


_BOMB = "".join(f'<!ENTITY b{n} "{"&b" + str(n - 1) + ";" if n else "x"}{"&b" + str(n - 1) + ";" if n else "x"}">' for n in range(40))  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml"),
        (b"\x00\x01\x02", "xml"),
        (b"<a><b></a>", "xml"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "declares"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "declares"),
        (f"<!DOCTYPE a [{_BOMB}]><a>&b39;</a>".encode(), "declares"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "declares"),
        (b"<a>" * 50 + b"</a>" * 50, "size"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "kind"),
        (camt(entry("1.005")), "content"),
        (camt(entry("NaN")), "content"),
        (camt(entry("1e99")), "content"),
        (camt(entry("1", day="2026-13-01")), "content"),
        (camt(entry("1", side="BOTH")), "content"),
    ],
)  # fmt: skip
def test_what_attacks_or_lies_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(content, minor_digits)
    assert refused.value.code == code


def test_many_elements_are_counted_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.xml_files._ELEMENTS", 100)
    with pytest.raises(UnreadableError, match="size"):
        parsed(b"<a>" + b"<b/>" * 101 + b"</a>")


def test_tables_are_read_by_a_mapping() -> None:
    mapping = {"day": "Date", "amount": "Amount", "end_to_end": "Your ref", "text": "Details"}
    content = "Date;Amount;Your ref;Details\n20.11.2026;-1,234.50;PAY-1;x\n٢١/١١/٢٠٢٦;٥٠٠;;زيارة\n;;;\n".encode(
        "utf-8-sig"
    )
    found = tables.read(content, mapping, account="A1", currency="USD", digits=minor_digits)
    assert [(one.direction, one.minor, one.end_to_end) for one in found.lines] == [
        (Direction.OUT, 123450, "PAY-1"), (Direction.IN, 50000, ""),
    ]  # fmt: skip
    assert found.lines[1].booked_on == date(2026, 11, 21)
    sides = {"day": "d", "debit": "out", "credit": "in", tables.COMMA: "1"}
    found = tables.read(b'd,out,in\n2026-11-20,"1.234,50",\n2026-11-21,,"7,00"\n', sides, account="", currency="EUR", digits=minor_digits)  # fmt: skip
    assert [(one.direction, one.minor) for one in found.lines] == [(Direction.OUT, 123450), (Direction.IN, 700)]


@pytest.mark.parametrize(
    ("content", "mapping", "code", "detail"),
    [
        (b"Date,Amount\n", {"day": "Date"}, "mapping", ""),
        (b"Date,Amount\n", {"day": "Tag", "amount": "Amount"}, "column", "Tag"),
        (b"Date,Amount\n2026-11-20,x\n", {"day": "Date", "amount": "Amount"}, "row", "2: x"),
        (b"Date,Amount\nmorgen,1\n", {"day": "Date", "amount": "Amount"}, "row", "2: morgen"),
        (b"\x00\x00", {"day": "Date", "amount": "Amount"}, "content", ""),
    ],
)
def test_tables_say_what_is_wrong(content: bytes, mapping: dict[str, str], code: str, detail: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        tables.read(content, mapping, account="", currency="USD", digits=minor_digits)
    assert (refused.value.code, refused.value.detail) == (code, detail)


def test_a_statement_of_10_000_entries_is_read_in_seconds() -> None:
    found = statements.read(camt(*(entry(f"{n}.01", f"PAY-{n}") for n in range(10_000))), minor_digits)
    assert found.entries == 10_000
