"""A person's own numbers and wishes: a number is used from the moment she wrote the code that was sent to it."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from audit import outbox, vault
from audit.sealed import opened_or
from kernel import limits
from kernel.pdf import fund_name
from kernel.permissions import Refused
from notices import gateways, selectors
from notices.models import Channel, Wishes
from notices.states import Way

CODE: Final = "notices.code"
LASTS: Final = timedelta(minutes=15)
TRIES: Final = 5
CODES_AN_HOUR: Final = 5


def wish(user: User, **wishes: Any) -> Wishes:
    """Write down how ``user`` wants to be told; raises `Refused` for a way that she has not confirmed."""
    if "way" in wishes and wishes["way"] not in {choice.value for choice in selectors.ways_of(user)}:
        raise Refused(_("Confirm a number for this way first."))
    made, _new = Wishes.objects.update_or_create(user=user, defaults=wishes)
    return made


@transaction.atomic
def ask(user: User, way: str, *, address: str) -> Channel:
    """Send a code to a number of the person's; raises `Refused` for a way without gateway and for too many codes."""
    if way not in gateways.offered():
        raise Refused(_("The fund sends no messages this way."))
    if not limits.counted("notices.code", str(user.pk), most=CODES_AN_HOUR):
        raise Refused(_("You asked for many codes. Please try again in an hour."))
    forget(user, way)
    channel = Channel(user=user, way=way, address=address, data_key=vault.key_for(user.pk))
    channel.save(force_insert=True)
    outbox.put(CODE, {"channel": str(channel.pk)}, dedupe_key=str(channel.pk))
    return channel


def code_of(channel: Channel) -> str:
    """Six digits that only the fund can tell; they stand nowhere in the database."""
    return f"{int(salted_hmac('notices.channel', str(channel.pk), algorithm='sha256').hexdigest(), 16) % 10**6:06}"


@outbox.handler(CODE)
def send_code(payload: dict[str, Any]) -> None:
    """Send the code to the number it is to prove; nothing is tried again that a gateway refuses."""
    channel = Channel.objects.select_related("user", "data_key").filter(pk=payload["channel"]).first()
    if channel is None or channel.confirmed_at or is_over(channel):
        return
    with translation.override(channel.user.language):
        said = _("%(code)s is your code for messages of the fund: %(fund)s")
        text = said % {"code": code_of(channel), "fund": fund_name(channel.user.language)}
    address = opened_or(channel, "address", "")
    taken = bool(address) and gateways.send(channel.way, address, text)
    Channel.objects.filter(pk=channel.pk).update(failing_since=None if taken else timezone.now())


def is_over(channel: Channel) -> bool:
    """Whether the code of ``channel`` can no longer be used."""
    return channel.tries >= TRIES or channel.asked_at + LASTS < timezone.now()


@transaction.atomic
def confirm(user: User, way: str, code: str) -> bool:
    """Whether ``code`` proves the person's number of this way; from then on her messages go there.

    Raises `Refused` when there is nothing to confirm, or the code is over.
    """
    channel = Channel.objects.select_for_update(no_key=True).filter(user=user, way=way, confirmed_at=None).first()
    if channel is None or is_over(channel):
        raise Refused(_("This code is over. Ask for a new one."))
    right = constant_time_compare(code, code_of(channel))
    channel.tries += 1
    channel.confirmed_at = timezone.now() if right else None
    channel.save(update_fields=["tries", "confirmed_at"])
    if right:
        wish(user, way=way)
    return right


@transaction.atomic
def forget(user: User, way: str) -> None:
    """Erase a number of the person's; messages that went there come by e-mail."""
    Channel.objects.filter(user=user, way=way).delete()
    Wishes.objects.filter(user=user, way=way).update(way=Way.EMAIL)
