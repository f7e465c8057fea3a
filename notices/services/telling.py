"""How a message leaves: by e-mail, or through a gateway to a telephone; at once, or with the others of a day.

What goes to a gateway is written down as on its way, committed, and only then sent: whatever breaks, no telephone hears
twice. Where the gateway refuses, or a crash leaves unknown what it did, e-mail tells the same; a letter carries its own
number (Message-ID), by which mailboxes know it if it is sent twice.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import User
from audit import outbox
from audit.sealed import opened_or
from kernel import mail
from kernel.pdf import fund_name
from notices import gateways, registry, selectors, timing
from notices.models import Channel, Delivery, Notice
from notices.states import DeliveryState, Way

TELL: Final = "notices.mail"
DIGEST: Final = "notices.digest"
SETTLE: Final = "notices.settle"
INSTEAD: Final = "notices.instead"
PATIENCE: Final = timedelta(minutes=10)
"""How long a message may be on its way to a gateway before nobody knows what became of it."""

log = logging.getLogger(__name__)


@outbox.handler(TELL)
def tell(payload: dict[str, Any]) -> None:
    """Tell a notice now, or say until when it waits; nobody whose account is closed is told anything."""
    notice = Notice.objects.select_related("user").filter(dedupe_key=payload["dedupe_key"]).first()
    if notice is None or notice.delivery_id or not notice.user.is_active:
        return
    wishes, now = selectors.wishes_of(notice.user), timezone.localtime()
    urgent = registry.is_urgent(notice.kind) or timing.ends_within_a_day(notice.params.get("due"), now)
    due = timing.due(now, urgent=urgent, daily_at=wishes.daily_at if wishes.daily else None, quiet=wishes.quiet)
    if wishes.daily and not urgent:
        _keep_for_the_day(notice, due)
    elif due > now:
        outbox.put(TELL, payload, dedupe_key=f"{notice.dedupe_key}:{due.isoformat()}", not_before=due)
    else:
        _deliver(notice.user, [notice])


def _keep_for_the_day(notice: Notice, due: datetime) -> None:
    notice.waits = True
    notice.save(update_fields=["waits"])
    payload = {"user": str(notice.user_id)}
    outbox.put(DIGEST, payload, dedupe_key=f"{notice.user_id}:{due.isoformat()}", not_before=due)


@outbox.handler(DIGEST)
def tell_the_day(payload: dict[str, Any]) -> None:
    """Tell together what waits for a person and was not read meanwhile."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    waiting = Notice.objects.filter(user_id=payload["user"], waits=True)
    unread = list(waiting.filter(read_at__isnull=True).order_by("created_at", "number"))
    if user is not None and unread:
        _deliver(user, unread)
    waiting.update(waits=False)


def _deliver(user: User, notices: list[Notice]) -> None:
    channel = selectors.channel_in_use(user)
    delivery = Delivery.objects.create(user=user, way=channel.way if channel else Way.EMAIL)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(delivery=delivery, waits=False)
    if channel is None:
        _mail(user, notices)
        _settle(delivery, DeliveryState.SENT)
        return
    payload = {"delivery": str(delivery.pk)}
    outbox.put(SETTLE, payload, dedupe_key=str(delivery.pk), not_before=timezone.now() + PATIENCE)
    transaction.on_commit(partial(_hand_over, delivery.pk), robust=True)


def _settle(delivery: Delivery, state: DeliveryState) -> None:
    delivery.state, delivery.settled_at = state, timezone.now()
    delivery.save(update_fields=["state", "settled_at"])


# --- Through a gateway ------------------------------------------------------------------------------------------------


def _hand_over(delivery_id: UUID) -> None:
    """Send a delivery that is committed as on its way, and write down what became of it."""
    delivery = Delivery.objects.select_related("user").get(pk=delivery_id)
    channel = selectors.channel_in_use(delivery.user)
    taken = channel is not None and _taken(channel, _line(delivery, selectors.wishes_of(delivery.user).titled))
    _know(delivery_id, DeliveryState.SENT if taken else DeliveryState.FAILED)


def _taken(channel: Channel, text: str) -> bool:
    address = opened_or(channel, "address", "")
    taken = bool(address) and gateways.send(channel.way, address, text)
    if not taken:
        log.warning("a gateway did not take a message", extra={"kind": channel.way})
    failing = None if taken else channel.failing_since or timezone.now()
    Channel.objects.filter(pk=channel.pk).update(failing_since=failing)
    return taken


@transaction.atomic
def _know(delivery_id: UUID, state: DeliveryState) -> None:
    """Write down what became of a delivery, once; whatever did not surely arrive goes by e-mail too."""
    waiting = Delivery.objects.select_for_update(no_key=True).filter(state=DeliveryState.SENDING)
    delivery = waiting.filter(pk=delivery_id).first()
    if delivery is None:
        return
    _settle(delivery, state)
    if state != DeliveryState.SENT:
        outbox.put(INSTEAD, {"delivery": str(delivery_id)}, dedupe_key=str(delivery_id))


@outbox.handler(SETTLE)
def settle(payload: dict[str, Any]) -> None:
    """What is still on its way was cut off by a crash: nobody knows whether the gateway took it."""
    _know(UUID(payload["delivery"]), DeliveryState.UNKNOWN)


@outbox.handler(INSTEAD)
def mail_instead(payload: dict[str, Any]) -> None:
    """Tell by e-mail what a gateway did not surely take."""
    delivery = Delivery.objects.select_related("user").get(pk=payload["delivery"])
    if delivery.user.is_active:
        _mail(delivery.user, list(delivery.notices.order_by("created_at", "number")))


def _line(delivery: Delivery, titled: bool) -> str:  # noqa: FBT001 -- a wish
    """What a telephone shows in one line (a template of WhatsApp takes no more): a title (or only that something waits) and an address that asks for a sign-in."""
    notices = list(delivery.notices.order_by("created_at", "number"))
    with translation.override(delivery.user.language):
        if len(notices) == 1:
            path = reverse("notices:notice_detail", args=[notices[0].pk])
            title = registry.word(notices[0].kind, notices[0].params).subject if titled else ""
        else:
            path, title = reverse("notices:notice_list"), ""
        title = " ".join(title.split()) or _waiting(len(notices))
    return f"{title} {mail.absolute(path)}"


def _waiting(number: int) -> str:
    said = ngettext("%(n)s message waits for you: %(fund)s", "%(n)s messages wait for you: %(fund)s", number)
    return said % {"n": number, "fund": fund_name(translation.get_language())}


# --- By e-mail --------------------------------------------------------------------------------------------------------


def _mail(user: User, notices: list[Notice]) -> None:
    write = partial(_letter, notices[0]) if len(notices) == 1 else partial(_digest, notices)
    mail.send(write, to=user.email, language=user.language, message_id=f"notice.{notices[0].pk}")


def _letter(notice: Notice) -> mail.Letter:
    said = registry.word(notice.kind, notice.params)
    return mail.Letter(said.subject, said.body, path=notice.url, action=said.action)


def _digest(notices: list[Notice]) -> mail.Letter:
    titles = [f"• {registry.word(notice.kind, notice.params).subject}" for notice in notices]
    return mail.Letter(_waiting(len(notices)), "\n".join(titles), path=reverse("notices:notice_list"))
