"""Telegram, WhatsApp and SMS, through the gateway that the fund named for each in its environment.

Gateways are other people's machines: what goes there is one line and an address that asks for a sign-in, never more.
"""

from urllib.parse import quote

from django.conf import settings

from notices.states import Way

PLACE = "{to}"
"""Where the number stands in the address of a gateway, which is one of apprise (https://github.com/caronc/apprise)."""


def offered() -> list[Way]:
    """The ways for which this fund has a gateway."""
    return [way for way in Way if settings.MESSAGE_GATEWAYS.get(way.value)]


def send(way: str, address: str, text: str) -> bool:
    """Hand ``text`` to the gateway of ``way``; whether it took it. It may have reached nobody all the same."""
    from apprise import Apprise, AppriseAsset, NotifyFormat  # two hundred services: of use to workers only

    asset = AppriseAsset(async_mode=False, secure_logging=True, app_id="poolfund", app_url=settings.SITE_URL)
    gateway = Apprise(asset=asset)
    added = gateway.add(settings.MESSAGE_GATEWAYS.get(way, "").replace(PLACE, quote(address, safe="")))
    return bool(added and gateway.notify(body=text, body_format=NotifyFormat.TEXT))
