"""Recomputes what the record promises and says, finding by finding, what is wrong."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from django.apps import apps
from django.db import connection, models

from audit import walls
from audit.models import Recorded, Stateful

M = TypeVar("M", bound=models.Model)
Check = Callable[[], Iterator[str]]
_checks: list[Check] = []
_of_the_log: set[Check] = set()


def check(fn: Check) -> Check:
    """Register a check: it yields one sentence for each thing that is wrong."""
    if fn not in _checks:
        _checks.append(fn)
    return fn


def check_of_the_log(fn: Check) -> Check:
    """Register a check that belongs to the log: ``manage.py fsck --log`` runs only these."""
    _of_the_log.add(check(fn))
    return fn


def findings(*, log_only: bool = False) -> Iterator[str]:
    """All findings of all registered checks; nothing when the books and the record are whole."""
    for fn in _checks:
        if not log_only or fn in _of_the_log:
            yield from fn()


def models_of(base: type[models.Model]) -> list[type[models.Model]]:
    """The models of a kind of which there are rows."""
    return filled([model for model in apps.get_models() if issubclass(model, base)])


def filled(found: list[type[M]]) -> list[type[M]]:
    """Those of the models of which there are rows: one question for all of them, instead of several about each empty table."""
    if not found:
        return []
    quote = connection.ops.quote_name
    questions = [
        f"SELECT {number} WHERE EXISTS (SELECT FROM {quote(model._meta.db_table)})"
        for number, model in enumerate(found)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        return [found[number] for (number,) in sorted(cursor.fetchall())]


@check
def states_follow_events() -> Iterator[str]:
    """Every stateful row is in the state of its last recorded move, and its moves form a chain."""
    for model in models_of(Stateful):
        table = connection.ops.quote_name(model._meta.db_table)
        label = model._meta.label_lower
        with connection.cursor() as cursor:
            cursor.execute(_LAST_MOVE.format(table=table), [label])
            for pk, state, recorded in cursor.fetchall():
                yield f"{label} {pk}: is “{state}”, its last recorded move led to “{recorded}”"
            cursor.execute(_BROKEN_CHAIN.format(table=table), [label])
            for pk, came_from, went_to in cursor.fetchall():
                yield f"{label} {pk}: a move starts from “{went_to}” although the one before led to “{came_from}”"


_LAST_MOVE = """
SELECT o.id, o.state, e.to_state
FROM {table} o
LEFT JOIN LATERAL (
    SELECT to_state FROM audit_recordedevent
    WHERE subject_id = o.id AND subject_type = %s AND to_state <> '' ORDER BY leaf_id DESC LIMIT 1
) e ON TRUE
WHERE e.to_state IS DISTINCT FROM o.state
"""
_BROKEN_CHAIN = """
SELECT subject_id, before, from_state FROM (
    SELECT e.subject_id, e.from_state, LAG(e.to_state, 1, '') OVER (PARTITION BY e.subject_id ORDER BY e.leaf_id) AS before
    FROM audit_recordedevent e JOIN {table} o ON o.id = e.subject_id
    WHERE e.subject_type = %s AND e.to_state <> ''
) chain WHERE before <> from_state
"""


@check
def recorded_rows_have_their_event() -> Iterator[str]:
    """Every decision row is the subject of the event whose leaf it carries."""
    for model in models_of(Recorded):
        label = model._meta.label_lower
        orphans = model._default_manager.exclude(leaf__event__subject_id=models.F("pk"))
        for pk in orphans.values_list("pk", flat=True).iterator():
            yield f"{label} {pk}: its leaf is about something else"


@check
def triggers_stand() -> Iterator[str]:
    """Every guard that the models declare is installed, enabled and cannot be ignored."""
    import pgtrigger

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        installed = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
        switches = [row[0] for row in cursor.fetchall()]
    for model, trigger in pgtrigger.registered():
        if trigger.get_pgid(model) not in installed:
            yield f"{model._meta.label_lower}: the guard “{trigger.name}” is missing or switched off"
    if any(source.strip() != "SELECT FALSE" for source in switches):
        yield "a session can switch the guards off (_pgtrigger_should_ignore was replaced)"


@check
def walls_stand() -> Iterator[str]:
    """Row-level security is on and forced wherever a model declares it."""
    for table in walls.missing():
        yield f"{table}: row-level security is off or open to the owner"
