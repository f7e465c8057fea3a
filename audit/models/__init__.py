"""The record, the transparency log over it, the outbox, and the two shapes of a recorded object."""

from audit.models.erasure import Erasure, ErasureItem
from audit.models.record import Leaf, Opening, RecordedEvent
from audit.models.restart import LogAlarm, LogRestart
from audit.models.shapes import Recorded, Stateful
from audit.models.tree import LogCheckpoint, LogEpoch, LogKey, LogTile
from audit.models.vault import DataKey, Sealing
from audit.models.witnesses import LogCosignature, LogWitness
from audit.models.work import Lease, OutboxMessage

__all__ = [
    "DataKey",
    "Erasure",
    "ErasureItem",
    "Leaf",
    "Lease",
    "LogAlarm",
    "LogCheckpoint",
    "LogCosignature",
    "LogEpoch",
    "LogKey",
    "LogRestart",
    "LogTile",
    "LogWitness",
    "Opening",
    "OutboxMessage",
    "Recorded",
    "RecordedEvent",
    "Sealing",
    "Stateful",
]
