"""Papers for givers, drawn when they are asked for: the receipt of one gift, and the certificate of a year."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import papers
from audit.sealed import opened_or
from funds.events import CertificateIssued, GiftReceived
from funds.giving_ends import told_of
from funds.models import Gift, GivingCertificate
from funds.selectors import cards as selectors
from funds.states import Purpose
from kernel.money import Money, format_money
from kernel.pdf import render_pdf
from kernel.pieces.words import day_in_words, in_damascus


def receipt(gift: Gift, language: str) -> bytes:
    """The receipt of a gift that arrived, as PDF in ``language``; what went back of it stands there too."""
    with override(language):
        facts = [(_("Amount received"), format_money(gift.money, language))]
        kept = selectors.kept_of(gift)
        if kept != gift.money:
            facts.append((_("Of it kept by the fund"), format_money(kept, language)))
        facts.append((_("What your gift is for"), str(Purpose(gift.purpose).label)))
        if name := opened_or(gift, "name", ""):
            facts.append((_("Your name"), str(name)))
        if gift.received_at is not None:
            facts.append((_("Received on"), day_in_words(in_damascus(gift.received_at).date(), language=language)))
        data = {
            "language": language,
            "reference": gift.reference,
            "title": _("Receipt of a gift"),
            "facts": facts,
            "note": " ".join([_promise(gift.purpose), *(told for _gift, told in told_of([gift.reference]))]),
            "proof": papers.printed(gift, GiftReceived.type),
        }
    return render_pdf("funds/gift_receipt.typ", data)


def _promise(purpose: str) -> str:
    """What the fund promises of a gift of this purpose."""
    if purpose == Purpose.ZAKAT:
        return _(
            "All of it is given to recipients of zakat: no cost of the payment, of the fund or of exchange is taken from it."
        )
    if purpose == Purpose.WAQF:
        return _("The capital is kept; only its yield is spent.")
    return _("The fund publishes what it does with its money.")


def certificate(found: GivingCertificate, language: str) -> bytes:
    """The certificate of what a giver gave in one year, as PDF in ``language``: what was certified, not what is now."""
    with override(language):
        sums: dict[str, int] = {}
        rows = []
        for one in found.gifts:
            money = Money(one["minor"], one["currency"])
            sums[money.currency] = sums.get(money.currency, 0) + money.minor
            rows.append(
                [one["day"], one["reference"], str(Purpose(one["purpose"]).label), format_money(money, language)]
            )
        data: dict[str, Any] = {
            "language": language,
            "reference": found.reference,
            "title": _("Certificate of gifts in %(year)s") % {"year": found.year},
            "facts": [
                (_("Giver"), _names(found)),
                *((_("In all"), format_money(Money(minor, currency), language)) for currency, minor in sums.items()),
            ],
            "head": [_("Received on"), _("Reference"), _("What your gift is for"), _("Amount")],
            "rows": rows,
            "told": [[reference, told] for reference, told in told_of(one["reference"] for one in found.gifts)],
            "note": _("What went back to the giver before this certificate was issued is not in it."),
            "proof": papers.printed(found, CertificateIssued.type),
        }
    return render_pdf("funds/certificate.typ", data)


def _names(found: GivingCertificate) -> str:
    """The name that the giver typed last among these gifts; the address where none has one."""
    gifts = Gift.objects.filter(giver=found.giver, reference__in=[one["reference"] for one in found.gifts])
    names = (str(opened_or(one, "name", "")) for one in gifts.select_related("data_key").order_by("-received_at"))
    return next(filter(None, names), str(opened_or(found.giver, "email", "")))
