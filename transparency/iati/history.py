"""What other pooled funds published, told again as IATI: each fund, its projects, and sums of what it withholds.

The fund that tells it again is marked as a secondary reporter; who gave and who received is named as in the source. Nothing
here is the fund's own money.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from html import unescape
from xml.etree import ElementTree as ET

from transparency.iati import codes
from transparency.iati import elements as xml
from transparency.iati.elements import Publisher, Words
from transparency.release.history import PastProject, PastSum, PastTold

CURRENCY = "USD"
PARTNERS = {1: codes.NATIONAL_NGO, 2: codes.INTERNATIONAL_NGO, 3: codes.MULTILATERAL, 4: codes.OTHER}
"""Kinds of partners by OCHA's numbers."""


@dataclass(frozen=True, slots=True)
class PastGift:
    """What a donor gave to another fund in a year."""

    fund: str
    year: int
    donor: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of the file, each in its languages; ``about_sum`` with ``%(projects)s``, ``%(partners)s`` and years."""

    about: Words
    about_fund: Words
    title_of_sum: Words
    about_sum: Words
    several: Words
    places: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Source:
    """Another fund: its name, and what it was given."""

    name: str
    gifts: tuple[PastGift, ...] = ()


def document(
    publisher: Publisher, told: list[PastTold], sources: Mapping[str, Source], words: Wording, *, made_at: datetime
) -> bytes:
    """The file: each fund, then its projects and sums."""
    root = xml.root_of("iati-activities", made_at)
    for one in told:
        writer = _Writer(publisher, sources[one.fund], words, made_at, _names(one))
        root.append(writer.fund(one))
        root.extend(map(writer.project, one.open))
        root.extend(map(writer.sum, one.sums))
    return xml.file_of(root)


def _names(told: PastTold) -> dict[str, str]:
    """Each project's part of its identifier: its code, with a mark where two codes differ in signs alone."""
    plain = {project.code: f"HISTORY-{told.fund}-{project.code}" for project in told.open}
    folded = Counter("".join(c for c in name if c.isalnum()) for name in plain.values())
    return {
        code: f"{name}-{sha256(code.encode()).hexdigest()[:6]}"
        if folded["".join(c for c in name if c.isalnum())] > 1
        else name
        for code, name in plain.items()
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    publisher: Publisher
    source: Source
    words: Wording
    made_at: datetime
    names: Mapping[str, str]

    @property
    def today(self) -> date:
        return self.made_at.astimezone().date()

    def fund(self, told: PastTold) -> ET.Element:
        years = [one.year for one in told.open] + [one.first for one in told.sums] + [g.year for g in self.source.gifts]
        activity = self._begin(
            f"HISTORY-{told.fund}", self._plain(self.source.name), self.words.about_fund, hierarchy=1
        )
        self._funder(activity)
        self._dates(activity, date(min(years), 1, 1), None)
        ET.SubElement(activity, "recipient-country", code="SY")
        xml.sectors(activity, {codes.SEVERAL_SECTORS: Decimal(1)})
        _defaults(activity, codes.POOLED_FUND)
        for gift in self.source.gifts:
            day = min(date(gift.year, 1, 1), self.today)
            moved = xml.transaction_of(activity, codes.INCOMING_COMMITMENT, day, _exact(gift.amount), CURRENCY)
            xml.narratives(moved, "provider-org", self._plain(gift.donor))
            self._fund_party(moved, "receiver-org")
        for name in [*self.names.values(), *(self._sum_name(one) for one in told.sums)]:
            ref = xml.identifier(self.publisher, name)
            ET.SubElement(activity, "related-activity", ref=ref, type=codes.CHILD)
        return activity

    def project(self, project: PastProject) -> ET.Element:
        kind = PARTNERS.get(project.partner_kind or 0, codes.OTHER)
        partner = self._plain(project.partner_name)
        activity = self._begin(self.names[project.code], self._plain(project.title), self.words.about, hierarchy=2)
        self._funder(activity)
        xml.narratives(activity, "participating-org", partner, role=codes.IMPLEMENTING, type=kind)
        other = ET.SubElement(activity, "other-identifier", ref=project.code, type=codes.ANOTHER_IDENTIFIER)
        xml.narratives(other, "owner-org", self._plain(self.source.name), ref=codes.OCHA_POOLED_FUNDS)
        start = project.starts or date(project.year, 1, 1)
        self._dates(activity, start, project.ends if project.ends and project.ends >= start else None)
        ET.SubElement(activity, "recipient-country", code="SY")
        for place in project.governorates:
            xml.placed(activity, self.words.places[place])
        xml.sectors(activity, _purposes(project.clusters))
        _defaults(activity, codes.PROJECT)
        day = min(project.approved or start, self.today)
        moved = xml.transaction_of(activity, codes.OUTGOING_COMMITMENT, day, _exact(project.budget), CURRENCY)
        self._fund_party(moved, "provider-org")
        xml.narratives(moved, "receiver-org", partner, type=kind)
        self._parent(activity, project.fund)
        return activity

    def sum(self, one: PastSum) -> ET.Element:
        counted = {"projects": one.projects, "partners": one.partners, "first": one.first, "last": one.last}
        about = {language: text % counted for language, text in self.words.about_sum.items()}
        activity = self._begin(self._sum_name(one), self.words.title_of_sum, about, hierarchy=2)
        self._funder(activity)
        xml.narratives(activity, "participating-org", self.words.several, role=codes.IMPLEMENTING)
        self._dates(activity, date(one.first, 1, 1), None)
        ET.SubElement(activity, "recipient-country", code="SY")
        xml.sectors(activity, {codes.SEVERAL_SECTORS: Decimal(1)})
        _defaults(activity, codes.PROJECT)
        day = date(one.last, 1, 1)
        moved = xml.transaction_of(activity, codes.OUTGOING_COMMITMENT, day, _exact(one.budget), CURRENCY)
        self._fund_party(moved, "provider-org")
        xml.narratives(moved, "receiver-org", self.words.several)
        self._parent(activity, one.fund)
        return activity

    def _begin(self, code: str, title: Words, about: Words, *, hierarchy: int) -> ET.Element:
        activity = xml.activity_of(
            self.publisher, code, self.made_at, hierarchy=hierarchy, currency=CURRENCY, secondary=True
        )
        xml.narratives(activity, "title", title)
        xml.narratives(activity, "description", about, type="1")
        return activity

    def _plain(self, text: str) -> Words:
        return {"en": " ".join(unescape(text).split()) or "–"}

    def _sum_name(self, one: PastSum) -> str:
        return f"HISTORY-{one.fund}-SUM-{one.first}-{one.last}"

    def _funder(self, activity: ET.Element) -> None:
        xml.narratives(
            activity, "participating-org", self._plain(self.source.name),
            role=codes.FUNDING, ref=codes.OCHA_POOLED_FUNDS, type=codes.MULTILATERAL,
        )  # fmt: skip

    def _fund_party(self, moved: ET.Element, tag: str) -> None:
        name = self._plain(self.source.name)
        xml.narratives(moved, tag, name, ref=codes.OCHA_POOLED_FUNDS, type=codes.MULTILATERAL)

    def _parent(self, activity: ET.Element, fund: str) -> None:
        ref = xml.identifier(self.publisher, f"HISTORY-{fund}")
        ET.SubElement(activity, "related-activity", ref=ref, type=codes.PARENT)

    def _dates(self, activity: ET.Element, start: date, end: date | None) -> None:
        """The state follows from the dates: what lies ahead is planned."""
        over = end is not None and end <= self.today
        ET.SubElement(activity, "activity-status", code=codes.CLOSED if over else codes.RUNNING)
        xml.dated(activity, codes.ACTUAL_START if start <= self.today else codes.PLANNED_START, start)
        if end is not None:
            xml.dated(activity, codes.ACTUAL_END if over else codes.PLANNED_END, end)


def _defaults(activity: ET.Element, aid: str) -> None:
    ET.SubElement(activity, "default-flow-type", code=codes.HUMANITARIAN_FLOW)
    ET.SubElement(activity, "default-finance-type", code=codes.GRANT)
    ET.SubElement(activity, "default-aid-type", vocabulary="1", code=aid)


def _exact(amount: Decimal) -> Decimal:
    """The amount as the source wrote it, without the noughts that a column of ten places adds."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


def _purposes(clusters: tuple[tuple[str, Decimal], ...]) -> dict[str, Decimal]:
    shares: dict[str, Decimal] = {}
    for cluster, percent in clusters:
        code = codes.CLUSTERS.get(cluster, codes.SEVERAL_SECTORS)
        shares[code] = shares.get(code, Decimal(0)) + percent
    shares = {code: share for code, share in shares.items() if share > 0}
    return shares or {codes.SEVERAL_SECTORS: Decimal(1)}
