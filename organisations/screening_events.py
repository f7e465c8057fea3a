"""What happens to lists of sanctions and to likenesses of names."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from organisations.states import HitVerdict, ListSource, Occasion


@register
class ListTaken(Event):
    type = "organisations.sanctions_list.taken"
    sentence = _("gave a version of the list “%(source)s”")
    labels = {"source": ListSource}
    source: str
    file_sha256: str
    aliases_sha256: str


@register
class ListRead(Event):
    type = "organisations.sanctions_list.read"
    sentence = _(
        "the version came into force: %(entries)s entries, %(added)s new, %(changed)s changed, %(gone)s taken off"
    )
    issued_on: date | None
    entries: int
    added: int
    changed: int
    gone: int


@register
class ListRefused(Event):
    type = "organisations.sanctions_list.refused"
    sentence = _("the file could not be taken as a list")
    code: str


@register
class ListSuperseded(Event):
    type = "organisations.sanctions_list.superseded"
    sentence = _("a later version came into force")
    by: UUID


@register
class OrganisationScreened(Event):
    type = "organisations.organisation.screened"
    sentence = _("names were compared with the lists of sanctions (%(occasion)s): %(names)s names, %(hits)s likenesses")
    labels = {"occasion": Occasion}
    occasion: str
    versions: list[str]
    names: int
    hits: int


@register
class ScreeningAsked(Event):
    type = "organisations.screening.asked"
    sentence = _("asked that the names be compared with the lists of sanctions")


@register
class HitFound(Event):
    type = "organisations.screening_hit.found"
    sentence = _("a name is like one on the list: %(reference)s")
    reference: str
    entry_sha256: str
    name_index: str
    score: int


@register
class HitJudged(Event):
    type = "organisations.screening_hit.judged"
    needs_second_factor = True
    sentence = _("judged a likeness: %(verdict)s")
    labels = {"verdict": HitVerdict}
    hit: UUID
    verdict: str


@register
class HitLookedAt(Event):
    type = "organisations.screening_hit.looked_at"
    sentence = _("judged the likeness as the first of two")


@register
class HitCleared(Event):
    type = "organisations.screening_hit.cleared"
    sentence = _("two people found: somebody else")


@register
class HitConfirmed(Event):
    type = "organisations.screening_hit.confirmed"
    sentence = _("two people found: the one on the list")


@register
class HitDisputed(Event):
    type = "organisations.screening_hit.disputed"
    sentence = _("the two judgements differ; the fund manager decides")
