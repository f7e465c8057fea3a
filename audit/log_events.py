"""What happens to the log itself; each is a leaf like any other act."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from audit.states import ErasureGround, WitnessGroup


@register
class LogKeyIntroduced(Event):
    type = "audit.log_key.introduced"
    sentence = _("began to sign the log with the key %(verifier_key)s")
    verifier_key: str


@register
class LogKeyRetired(Event):
    type = "audit.log_key.retired"
    sentence = _("stopped signing the log with the key %(verifier_key)s")
    verifier_key: str


@register
class WitnessRegistered(Event):
    type = "audit.witness.registered"
    sentence = _("registered the witness %(name)s (%(group)s) with the key %(verifier_key)s")
    labels = {"group": WitnessGroup}
    name: str
    group: str
    verifier_key: str


@register
class WitnessRetired(Event):
    type = "audit.witness.retired"
    sentence = _("retired the witness %(name)s")
    name: str


@register
class LogRestartProposed(Event):
    """``lost`` are hashes of leaves that receipts show and the database has lost."""

    type = "audit.log_restart.proposed"
    needs_second_factor = True
    sentence = _("proposed a new epoch of the log after a rollback to %(agreed_size)s of %(seen_size)s leaves")
    origin: str
    seen_size: int
    agreed_size: int
    lost: list[str]


@register
class LogRestartConfirmed(Event):
    """The first leaf of an epoch: it commits to the last known checkpoint of the epoch before."""

    type = "audit.log_restart.confirmed"
    needs_second_factor = True
    sentence = _("acknowledged the rollback to %(agreed_size)s of %(seen_size)s leaves; the log goes on as %(origin)s")
    origin: str
    previous_origin: str
    previous_note: str
    seen_size: int
    agreed_size: int
    lost: list[str]


@register
class LogRestartWithdrawn(Event):
    type = "audit.log_restart.withdrawn"
    needs_second_factor = True
    sentence = _("withdrew the proposal of a new epoch of the log")


@register
class ErasureProposed(Event):
    """``leaves`` are the hashes of the leaves whose records are to be destroyed; never what the records say."""

    type = "audit.erasure.proposed"
    sentence = _("proposed to erase %(count)s records: %(ground)s")
    labels = {"ground": ErasureGround}
    ground: str
    count: int
    leaves: list[str]


@register
class ErasureCarriedOut(Event):
    """The leaf that lets the check of the log accept leaves without their records."""

    type = "audit.erasure.carried_out"
    sentence = _("as a second person erased %(count)s records: %(ground)s")
    labels = {"ground": ErasureGround}
    ground: str
    count: int
    leaves: list[str]


@register
class ErasureWithdrawn(Event):
    type = "audit.erasure.withdrawn"
    sentence = _("withdrew the proposal to erase records")
