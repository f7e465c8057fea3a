"""The vault: a data key for each subject, destroyed by two people; values sealed under it, and digests for finding them.

Decision 0011. ``settings.VAULT_KEYS`` are the key-encryption keys, base64 of 32 bytes each, from outside the database: the
first one wraps, all of them unwrap. Rows with sealed values are models of the shape `audit.models.Sealing`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Count

from audit import fsck
from audit.models import DataKey, Sealing
from kernel import envelopes
from kernel.envelopes import BadKeys, KeyRing, SealError, WrappingKey

__all__ = ["Erased", "SealError"]

VALUES: Final = "values"
DIGESTS: Final = "digests"
INDEX: Final = "index"
ROWS_AT_ONCE: Final = 500


class Erased(SealError):
    """What is asked for was erased by two people: its key is gone. Templates show nothing in its place."""

    silent_variable_failure = True


def ring() -> KeyRing:
    """The key-encryption keys that this process was given; raises ImproperlyConfigured."""
    try:
        return KeyRing.of(settings.VAULT_KEYS)
    except BadKeys as error:
        raise ImproperlyConfigured(f"VAULT_KEYS: {error}") from error


# --- Keys of subjects ---------------------------------------------------------------------------------------------


def key_for(subject_id: UUID, *, model: Any = DataKey) -> DataKey:
    """The living key of a subject, made when it has none (a first one, or one after an erasure).

    ``model`` is `DataKey` as a migration knows it.
    """
    found: DataKey | None = model.objects.filter(subject_id=subject_id, wrapped__isnull=False).first()
    return found or _new_key(subject_id, model)


def _new_key(subject_id: UUID, model: Any) -> DataKey:
    outer, secret = ring().first, envelopes.new_key()
    key: DataKey = model(subject_id=subject_id)
    key.wrapped, key.wrapped_by = _wrap(outer, secret, key), outer.name
    key.save(force_insert=True)
    return key


def _place(key: DataKey) -> str:
    """What a wrapped key is bound to: its own row and its subject."""
    return f"audit_datakey|{key.pk}|{key.subject_id}"


def _wrap(outer: WrappingKey, secret: bytes, key: DataKey) -> bytes:
    return envelopes.seal(outer.secret, secret, context=_place(key))


def secret_of(key: DataKey) -> bytes:
    """The unwrapped data key, kept on ``key`` for the life of that object; raises `Erased` and `SealError`."""
    if key.wrapped is None:
        raise Erased("the key was destroyed")
    kept: tuple[bytes, bytes] | None = key.__dict__.get("_secret")
    wrapped = bytes(key.wrapped)
    if kept is None or kept[0] != wrapped:
        outer = ring().named(key.wrapped_by)
        kept = wrapped, envelopes.open_sealed(outer.secret, wrapped, context=_place(key))
        key.__dict__["_secret"] = kept
    return kept[1]


def _of(subject_id: UUID, key: DataKey) -> DataKey:
    if key.subject_id != subject_id:
        raise SealError("the key belongs to another subject")
    return key


def seal(key: DataKey, text: str, *, subject_id: UUID, place: str) -> bytes:
    """``text`` sealed for a subject at ``place`` (table, column, row and key); raises `SealError` for another's key."""
    secret = envelopes.derive(secret_of(_of(subject_id, key)), VALUES)
    return envelopes.seal(secret, text.encode(), context=place)


def open_sealed(key: DataKey, sealed: bytes, *, subject_id: UUID, place: str) -> str:
    """The text behind ``sealed``; raises `Erased`, and `SealError` for what was altered or moved."""
    secret = envelopes.derive(secret_of(_of(subject_id, key)), VALUES)
    return envelopes.open_sealed(secret, sealed, context=place).decode()


def digest(key: DataKey, purpose: str, text: str) -> str:
    """HMAC of ``text`` under the subject's own key: proves later what was meant, and is noise after an erasure."""
    return envelopes.digest(envelopes.derive(secret_of(key), DIGESTS), f"{purpose}|{text}")


# --- Finding equal values without reading any ------------------------------------------------------------------------


def index(purpose: str, text: str) -> str:
    """HMAC of ``text`` under a key derived from the first outer key: the same for every subject."""
    return _index(ring().first, purpose, text)


def indexes(purpose: str, text: str) -> list[str]:
    """The `index` under each outer key: what to look for while keys are being changed."""
    return [_index(outer, purpose, text) for outer in ring().keys]


def _index(outer: WrappingKey, purpose: str, text: str) -> str:
    return envelopes.digest(envelopes.derive(outer.secret, INDEX), f"{purpose}|{text}")


Reindexing = Callable[[], int]
_reindexings: list[Reindexing] = []


def reindexing(fn: Reindexing) -> Reindexing:
    """Register ``fn() -> number of rows`` that writes an app's `index` columns anew; it runs with every rotation."""
    if fn not in _reindexings:
        _reindexings.append(fn)
    return fn


# --- Changing the outer key ------------------------------------------------------------------------------------------


def rewrap() -> Iterator[int]:
    """Wrap every living data key by the first outer key, a few hundred in a transaction; yields how many were done."""
    outer = ring().first
    waiting = DataKey.objects.filter(wrapped__isnull=False).exclude(wrapped_by=outer.name).order_by("pk")
    while True:
        with transaction.atomic():
            batch = list(waiting.select_for_update(skip_locked=True)[:ROWS_AT_ONCE])
            for key in batch:
                key.wrapped, key.wrapped_by = _wrap(outer, secret_of(key), key), outer.name
                key.save(update_fields=["wrapped", "wrapped_by"])
        if not batch:
            return
        yield len(batch)


def reindex() -> int:
    """Write all index columns anew under the first outer key; the number of rows that changed."""
    return sum(fn() for fn in _reindexings)


def keys_by_wrapping() -> dict[str, int]:
    """How many living data keys each outer key wraps, by its name."""
    rows = DataKey.objects.filter(wrapped__isnull=False).values("wrapped_by").annotate(n=Count("pk"))
    return dict(rows.order_by("wrapped_by").values_list("wrapped_by", "n"))


def unknown_wrappings() -> dict[str, int]:
    """As `keys_by_wrapping`, only outer keys that this process was not given: their subjects cannot be read."""
    known = {outer.name for outer in ring().keys}
    return {name: number for name, number in keys_by_wrapping().items() if name not in known}


# --- Erasure ------------------------------------------------------------------------------------------------------------

Naming = Callable[[Iterable[UUID]], dict[UUID, str]]
Finding = Callable[[str], Iterable[UUID]]
_namings: list[tuple[Naming, Finding]] = []


def subjects(names: Naming, find: Finding) -> None:
    """Register how an app names its subjects: ``names(ids)`` gives the words for its own, ``find(words)`` their ids.

    Words name an organisation, or a person by her place in one; never what is sealed.
    """
    if (names, find) not in _namings:
        _namings.append((names, find))


def names_of(subject_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The words for each subject that some app knows."""
    ids = list(subject_ids)
    return {pk: words for names, _find in _namings for pk, words in names(ids).items()}


def living_keys(words: str = "") -> Any:
    """Keys that are not destroyed, the newest first; with ``words`` those of subjects that are so called."""
    keys = DataKey.objects.filter(wrapped__isnull=False).order_by("-made_at", "pk")
    if words:
        keys = keys.filter(subject_id__in={pk for _names, find in _namings for pk in find(words)})
    return keys


def sealed_models() -> list[type[Sealing]]:
    """All models with sealed columns."""
    return [model for model in apps.get_models() if issubclass(model, Sealing)]


def rows_under(key: DataKey) -> int:
    """How many rows hold values that are sealed under ``key``."""
    return sum(model._default_manager.filter(data_key=key).count() for model in sealed_models())


def destroy(key: DataKey) -> None:
    """Destroy a key; PostgreSQL lets only a carried-out erasure do it."""
    DataKey.objects.filter(pk=key.pk).update(wrapped=None)


# --- Checks -------------------------------------------------------------------------------------------------------------


@fsck.check
def keys_are_at_hand() -> Iterator[str]:
    """Every living data key opens with an outer key that this process was given."""
    for name, number in unknown_wrappings().items():
        yield f"{number} data keys are wrapped by the key {name}, which is not among VAULT_KEYS"


@fsck.check
def sealed_values_open() -> Iterator[str]:
    """Every sealed value opens in its place, with the key of its subject; what two people erased is passed over."""
    known = {outer.name for outer in ring().keys}
    for model in fsck.filled(sealed_models()):
        rows: Any = model._default_manager.filter(data_key__wrapped__isnull=False, data_key__wrapped_by__in=known)
        names = [field.attname for field in model._meta.concrete_fields if hasattr(field, "place")]
        for row in rows.select_related("data_key").order_by("pk").iterator(ROWS_AT_ONCE):
            yield from _closed(row, names)


def _closed(row: Any, names: list[str]) -> Iterator[str]:
    for name in names:
        try:
            getattr(row, name)
        except SealError as error:
            yield f"{row._meta.label_lower} {row.pk}: {name} does not open: {error}"
