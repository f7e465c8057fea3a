"""The letter to a giver whose gift arrived: thanks, and the link to the receipt. Only who typed an address gets one."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audit import outbox
from audit.sealed import opened_or
from funds.models import Gift
from funds.selectors import cards as selectors
from funds.services import cards
from kernel import mail
from kernel.money import format_money


@outbox.handler(cards.LETTER)
def send_letter(payload: dict[str, Any]) -> None:
    """Write to the giver in the language of the page where the gift was begun."""
    gift = Gift.objects.select_related("giver", "giver__data_key").get(pk=payload["gift"])
    address = opened_or(gift.giver, "email", "")
    if address:
        mail.send(lambda: _letter(gift), to=address, language=gift.language, message_id=f"gift.{gift.pk}")


def _letter(gift: Gift) -> mail.Letter:
    return mail.Letter(
        subject=_("Your gift arrived: %(reference)s") % {"reference": gift.reference},
        body="\n\n".join(
            [
                _("Thank you. %(amount)s arrived.") % {"amount": format_money(gift.money, gift.language)},
                _("The link opens your receipt. Keep it: whoever has it sees your gift."),
            ]
        ),
        path=reverse("giving:gift", args=[selectors.token_of(gift)]),
        action=_("Open the receipt"),
    )
