"""What the bank of the played fund says back: a statement with what the fund ordered, and a fee nobody expected."""

from django.core.files.uploadedfile import SimpleUploadedFile

from disbursements.models import Payment
from disbursements.services import statements
from kernel.money import Money
from poolfund.demo.foundations import who

_STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>DEMO-1</MsgId><CreDtTm>2026-01-01T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>DEMO-1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"""
_ENTRY = """<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>
<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>{end}</EndToEndId></Refs>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def says() -> None:
    """One statement of all payments that left, read at once: each matches exactly; the fee waits for its owner."""
    sent = list(Payment.objects.filter(sent_on__isnull=False).order_by("sent_on", "key"))
    entries = [
        _ENTRY.format(
            currency=one.currency, amount=Money(one.amount_minor, one.currency).amount, day=one.sent_on,
            reference=f"BK{number:05}", end=one.key, text="Grant payment",
        )
        for number, one in enumerate(sent, 1)
    ]  # fmt: skip
    if sent:
        fee = {
            "currency": "USD",
            "amount": "35.00",
            "day": sent[-1].sent_on,
            "reference": "BK99999",
            "end": "NOTPROVIDED",
        }
        entries.append(_ENTRY.format(**fee, text="Quarterly account fee"))
    upload = SimpleUploadedFile("statement-demo.xml", _STATEMENT.format(entries="".join(entries)).encode())
    taken = statements.take_statement(upload, actor=who("finance2"))
    statements.read_statement({"statement": str(taken.pk), "start": 0})
