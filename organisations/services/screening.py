"""Comparing names with lists of sanctions: versions taken and read, organisations compared, likenesses judged by two."""

import hashlib
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from audit import lifecycle, outbox
from audit.models import Leaf
from kernel import identity
from kernel.database import advisory_lock
from kernel.xml_files import UnreadableError
from organisations import named, rules
from organisations import screening_events as events
from organisations.models import (
    HitJudgement,
    ListedEntry,
    Organisation,
    OrganisationScreening,
    SanctionsList,
    ScreeningHit,
)
from organisations.screening.lists import Published, read_ofac, read_un
from organisations.screening.matching import Index, Likeness
from organisations.states import HitState, HitVerdict, ListSource, ListState, Occasion, OrganisationState

READ = "organisations.read_sanctions_list"
SCREEN = "organisations.screen"
PART = 1_000
"""Entries kept in one transaction, after which a reader sees the progress."""
_RECORDED_EACH_TIME = frozenset({Occasion.AWARD, Occasion.PAYMENT, Occasion.ASKED})


# Lists ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_list(source: str, upload: Any, *, aliases: Any = None, actor: Any) -> SanctionsList:
    """Keep a version of a list and let a worker read it; the files in force given again change nothing. Raises `Refused`."""
    main, other = _sha256(upload), _sha256(aliases) if aliases is not None else ""
    both = hashlib.sha256(f"{source}|{main}|{other}".encode()).hexdigest()
    advisory_lock(f"organisations.sanctions:{both}")
    known = SanctionsList.objects.filter(sha256=both, state__in=[ListState.TAKEN, ListState.IN_FORCE]).first()
    if known is not None:
        return known
    version = SanctionsList(source=source, name=(upload.name or source)[:150], sha256=both, taken_by=actor)
    given = {name: file for name, file in (("file", upload), ("aliases", aliases)) if file is not None}
    for name, file in given.items():
        stored = getattr(version, name)
        stored.name = stored.field.generate_filename(version, file.name or source)
    taken = lifecycle.create(
        version, events.ListTaken(source=source, file_sha256=main, aliases_sha256=other), actor=actor
    )
    for name, file in given.items():
        stored = getattr(taken, name)
        stored.storage.save(str(stored.name), file)
    _owe_reading(taken, 0)
    return taken


def _sha256(upload: Any) -> str:
    digest = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    return digest


def _owe_reading(version: SanctionsList, start: int) -> None:
    outbox.put(READ, {"version": str(version.pk), "start": start}, dedupe_key=f"{version.pk}:{start}")


@outbox.handler(READ)
@transaction.atomic
def read_list(payload: dict[str, Any]) -> None:
    """Keep the next part of a version; with the last part it comes into force, and everybody is compared with it."""
    advisory_lock("organisations.sanctions")
    with identity.system("organisations.screening"):
        version = SanctionsList.objects.get(pk=payload["version"])
        start = int(payload["start"])
        if version.state != ListState.TAKEN or version.entries_read != start:
            return
        try:
            published = _published(version)
            _require_later(version, published)
        except UnreadableError as error:
            lifecycle.move(
                version, events.ListRefused(code=error.code), actor=None, changes={"refusal": str(error)[:100]}
            )
            return
        _keep_part(version, published, start)
        if version.entries_read < len(published.entries):
            _owe_reading(version, version.entries_read)
        else:
            _come_into_force(version, published)


def _published(version: SanctionsList) -> Published:
    with version.file.open("rb") as main:
        content: bytes = main.read()
    if version.source == ListSource.UN:
        return read_un(content)
    if not version.aliases:
        return read_ofac(content)
    with version.aliases.open("rb") as other:
        return read_ofac(content, other.read())


def _require_later(version: SanctionsList, published: Published) -> None:
    """An old file given by mistake does not take entries off."""
    before = _in_force(version.source)
    if before and before.issued_on and published.issued_on and published.issued_on < before.issued_on:
        raise UnreadableError("older", published.issued_on.isoformat())


def _in_force(source: str) -> SanctionsList | None:
    return SanctionsList.objects.filter(source=source, state=ListState.IN_FORCE).first()


def _keep_part(version: SanctionsList, published: Published, start: int) -> None:
    part = published.entries[start : start + PART]
    ListedEntry.objects.bulk_create(
        ListedEntry(
            version=version, reference=one.reference, is_person=one.is_person,
            names={"strong": list(one.strong), "weak": list(one.weak)}, births=list(one.births),
            countries=list(one.countries), programme=one.programme, sha256=one.sha256,
        )
        for one in part
    )  # fmt: skip
    version.entries_read = start + len(part)
    version.entries = len(published.entries)
    version.save(update_fields=["entries_read"])


def _come_into_force(version: SanctionsList, published: Published) -> None:
    before = _in_force(version.source)
    known = dict(before.rows.values_list("reference", "sha256")) if before else {}
    now = {one.reference: one.sha256 for one in published.entries}
    counts = {
        "entries": len(now),
        "added": len(now.keys() - known.keys()),
        "changed": sum(known[one] != now[one] for one in now.keys() & known.keys()),
        "gone": len(known.keys() - now.keys()),
    }
    if before is not None:
        lifecycle.move(before, events.ListSuperseded(by=version.pk), actor=None)
    lifecycle.move(
        version, events.ListRead(issued_on=published.issued_on, **counts), actor=None,
        changes={"issued_on": published.issued_on, **counts},
    )  # fmt: skip
    screen_everybody()


# Comparing --------------------------------------------------------------------------------------------------------


def screen_everybody() -> int:
    """Owe the comparison of every organisation that may still receive money; how many there are."""
    alive = Organisation.objects.exclude(state__in=[OrganisationState.REGISTERED, OrganisationState.INELIGIBLE])
    keys = list(alive.order_by("pk").values_list("pk", flat=True))
    said = ":".join(rules.versions_said(named.versions_in_force()))[-130:]
    for pk in keys:
        outbox.put(
            SCREEN, {"organisation": str(pk), "occasion": Occasion.NEW_LIST.value}, dedupe_key=f"{pk}:{said}"[:180]
        )
    return len(keys)


def owe_screening(organisation: Organisation, occasion: Occasion, *, leaf: Leaf) -> None:
    """Owe a comparison because of the act that ``leaf`` records."""
    payload = {"organisation": str(organisation.pk), "occasion": occasion.value}
    outbox.put(SCREEN, payload, dedupe_key=f"{organisation.pk}:{leaf.pk}")


@transaction.atomic
def ask(organisation: Organisation, *, actor: Any) -> None:
    """An officer asks for a comparison now; a worker does it, and it is recorded whatever it finds. Raises `Refused`."""
    leaf = lifecycle.note(organisation, events.ScreeningAsked(), actor=actor)
    owe_screening(organisation, Occasion.ASKED, leaf=leaf)


@outbox.handler(SCREEN)
def screen_owed(payload: dict[str, Any]) -> None:
    """Do a comparison that is owed."""
    organisation = Organisation.objects.get(pk=UUID(payload["organisation"]))
    screen(organisation, Occasion(payload["occasion"]))


@transaction.atomic
@identity.system("organisations.screening")
def screen(organisation: Organisation, occasion: Occasion) -> OrganisationScreening | None:
    """Compare all names of the organisation with the lists in force.

    None when there is no list, or when the same names were compared with the same versions and the occasion asks for no
    record of its own.
    """
    locked = Organisation.objects.select_for_update(no_key=True, of=("self",)).select_related("data_key", "fiscal_host")
    organisation = locked.get(pk=organisation.pk)
    versions = named.versions_in_force()
    if not versions or organisation.data_key.destroyed:
        return None
    subjects = named.subjects_of(organisation)
    if occasion not in _RECORDED_EACH_TIME and rules.is_compared(organisation, subjects, versions):
        return None
    index = index_of(tuple(version.pk for version in versions))
    hits = sum(_found(organisation, subject, likeness) for subject in subjects for likeness in index.like(subject.name))
    said = rules.versions_said(versions)
    screening = OrganisationScreening(
        organisation=organisation, occasion=occasion, versions=said, names=len(subjects), hits=hits,
        fingerprint=named.fingerprint_of(organisation, subjects),
    )  # fmt: skip
    event = events.OrganisationScreened(occasion=occasion.value, versions=said, names=len(subjects), hits=hits)
    return lifecycle.create(screening, event, actor=None)


@lru_cache(maxsize=1)
def index_of(versions: tuple[UUID, ...]) -> Index:
    """All names that find on these versions, ready to be asked; kept for the life of the process until a version changes."""
    rows = ListedEntry.objects.filter(version__in=versions).values_list("pk", "names")
    return Index((str(pk), name) for pk, names in rows.iterator() for name in names["strong"])


def _found(organisation: Organisation, subject: named.Subject, likeness: Likeness) -> bool:
    """Keep a likeness that was not judged before; whether it was new."""
    entry = ListedEntry.objects.get(pk=likeness.entry)
    name_index = named.index_of(organisation, subject.name)
    known = ScreeningHit.objects.filter(organisation=organisation, name_index=name_index, entry_sha256=entry.sha256)
    if known.exists():
        return False
    score = int(likeness.score * 100)
    hit = ScreeningHit(
        organisation=organisation, data_key=organisation.data_key, subject=subject.kind, name=subject.name[:200],
        name_index=name_index, entry=entry, entry_sha256=entry.sha256, listed=likeness.listed, score=score,
    )  # fmt: skip
    event = events.HitFound(reference=entry.reference, entry_sha256=entry.sha256, name_index=name_index, score=score)
    lifecycle.create(hit, event, actor=None)
    return True


# Judging ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def judge(hit: ScreeningHit, *, verdict: str, reason: str, actor: Any) -> ScreeningHit:
    """What one person makes of a likeness; the second one decides it, or the fund manager where they differ.

    Raises `Refused`.
    """
    locked = ScreeningHit.objects.select_for_update(no_key=True).get(pk=hit.pk)
    judgement = HitJudgement(hit=locked, judge=actor, verdict=verdict, reason=reason.strip())
    first = locked.judgements.order_by("recorded_at").first()
    lifecycle.create(judgement, events.HitJudged(hit=locked.pk, verdict=verdict), actor=actor, reason=reason.strip())
    return lifecycle.move(locked, _next(locked, first, verdict), actor=None)


def _next(hit: ScreeningHit, first: HitJudgement | None, verdict: str) -> Any:
    if hit.state == HitState.OPEN or first is None:
        return events.HitLookedAt()
    if hit.state == HitState.LOOKED_AT and (verdict != first.verdict or verdict == HitVerdict.UNCLEAR):
        return events.HitDisputed()
    # What the fund manager cannot tell either stays as if it were the same: nobody is paid on a guess.
    return events.HitCleared() if verdict == HitVerdict.OTHER else events.HitConfirmed()
