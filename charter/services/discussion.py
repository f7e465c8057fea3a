"""What networks and the fund say to each other on a version before the networks adopt or refuse it."""

from django.db import transaction

from accounts.models import User
from audit import lifecycle
from charter import events
from charter.models import CharterVersion, Network, Remark
from kernel.database import lock_rows
from kernel.texts import clean_text


@transaction.atomic
def discuss(version: CharterVersion, body: str, *, network: Network | None, chapter: str, actor: User) -> Remark:
    """Say ``body`` on ``version`` for ``network``, or for the fund without one; everybody reads it, and it stays.

    ``chapter`` is a key of the rules, or empty for the whole. Raises `Refused`.
    """
    # Locked, so that nobody speaks on a version that is concluded in the same moment.
    (locked,) = lock_rows(CharterVersion.objects.filter(pk=version.pk))
    remark = Remark(version=locked, network=network, author=actor, chapter=chapter, body=clean_text(body))
    event = events.CharterDiscussed(number=locked.number, network=network.pk if network else None, chapter=chapter)
    return lifecycle.create(remark, event, actor=actor)
