"""How things stand: which checkpoint enough witnesses have signed, how old it is, and what readers should trust."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from audit import needs, notes, quorum
from audit.models import LogCheckpoint, LogCosignature, LogKey, LogWitness
from audit.states import LogWitnessState, WitnessGroup

LOOKED_BACK: Final = 500
"""Checkpoints among which the newest with a quorum is looked for."""


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """One group of witnesses under one checkpoint."""

    label: str
    needed: int
    registered: int
    signed: int

    @property
    def met(self) -> bool:
        """Whether enough of them signed."""
        return self.signed >= self.needed


@dataclass(frozen=True, slots=True)
class WitnessStanding:
    """One witness: when it last signed, and which size."""

    witness: LogWitness
    key_name: str
    size: int | None
    signed_at: datetime | None

    @property
    def age(self) -> timedelta | None:
        """How long ago it signed."""
        return timezone.now() - self.signed_at if self.signed_at else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest checkpoint, the newest that satisfies the policy, and the witnesses."""

    newest: LogCheckpoint | None
    witnessed: LogCheckpoint | None
    groups: tuple[GroupStanding, ...]
    witnesses: tuple[WitnessStanding, ...]

    @property
    def age(self) -> timedelta | None:
        """How old the newest checkpoint with a quorum is."""
        return timezone.now() - self.witnessed.signed_at if self.witnessed else None


def policy() -> quorum.Policy:
    """What the fund asks readers to demand: all keys that ever signed, and the quorum that the charter names."""
    rows = list(LogWitness.objects.order_by("group", "name", "pk"))
    named = {
        member.key: member for member in quorum.members((_key_name(row.verifier_key), row.verifier_key) for row in rows)
    }
    asked = needs.needs()
    wanted = {WitnessGroup.DONORS: asked.donors, WitnessGroup.NETWORKS: asked.networks}
    active = [row for row in rows if row.state == LogWitnessState.REGISTERED]
    groups = tuple(
        quorum.Group(
            str(group.value), wanted[group], tuple(named[row.verifier_key] for row in active if row.group == group)
        )
        for group in WitnessGroup
    )
    counted = {row.verifier_key for row in active}
    former = tuple(member for key, member in named.items() if key not in counted)
    logs = [*LogKey.objects.order_by("epoch_id", "pk").values_list("verifier_key", flat=True), *promise_keys()]
    return quorum.Policy(tuple(logs), groups, former)


def promise_keys() -> list[str]:
    """Verifier keys under which the fund gives and gave promises."""
    return [str(notes.SigningKey.parse(line).verifier) for line in settings.LOG_PROMISE_KEYS]


def _key_name(verifier_key: str) -> str:
    return notes.VerifierKey.parse(verifier_key).name


def signers(checkpoint: LogCheckpoint) -> set[str]:
    """Verifier keys of the witnesses that signed ``checkpoint`` (prefetched as ``cosignatures__witness``)."""
    return {cosignature.witness.verifier_key for cosignature in checkpoint.cosignatures.all()}


def witnessed(*, epoch: int | None = None, above: int = 0, rules: quorum.Policy | None = None) -> LogCheckpoint | None:
    """The newest checkpoint of more than ``above`` leaves under which the policy is satisfied."""
    rules = rules or policy()
    rows = LogCheckpoint.objects.filter(size__gt=above).order_by("-epoch_id", "-size")
    if epoch is not None:
        rows = rows.filter(epoch_id=epoch)
    if rules.binding:
        rows = rows.filter(cosignatures__isnull=False).distinct()
    recent = rows.select_related("epoch").prefetch_related("cosignatures__witness")[:LOOKED_BACK]
    return next((one for one in recent if rules.met(signers(one))), None)


def standing() -> Standing:
    """The whole picture, for the page of the log."""
    rules = policy()
    newest = LogCheckpoint.objects.select_related("epoch").order_by("-epoch_id", "-size").first()
    held = witnessed(rules=rules)
    signed = signers(held) if held else set()
    groups = tuple(
        GroupStanding(str(WitnessGroup(group.name).label), group.needed, len(group.members), group.signed(signed))
        for group in rules.groups
    )
    return Standing(newest, held, groups, tuple(_witness_standings()))


def _witness_standings() -> list[WitnessStanding]:
    rows = LogWitness.objects.filter(state=LogWitnessState.REGISTERED).order_by("group", "name", "pk")
    last = {
        one.witness_id: one
        for one in LogCosignature.objects.select_related("checkpoint")
        .order_by("witness_id", "-checkpoint__epoch_id", "-checkpoint__size")
        .distinct("witness_id")
    }
    return [_witness_standing(row, last.get(row.pk)) for row in rows]


def _witness_standing(row: LogWitness, last: LogCosignature | None) -> WitnessStanding:
    return WitnessStanding(
        witness=row,
        key_name=_key_name(row.verifier_key),
        size=last.checkpoint.size if last else None,
        signed_at=datetime.fromtimestamp(last.timestamp, UTC) if last else None,
    )
