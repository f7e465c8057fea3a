"""The chart of sub-grants: what goes on from grants to partners in the project, apart from what is direct."""

from collections import defaultdict
from typing import Final

from django.utils.translation import gettext as _

from transparency.figures import sums, told
from transparency.figures.told import Group, Released, Told
from transparency.figures.withholding import WITHHELD
from transparency.selectors.sub_grants import ABROAD, NOT_KNOWN, SYRIAN
from transparency.services.pictures.own.granting import INTERNATIONAL
from transparency.services.pictures.own.words import Named, OwnFrame, picture_of, spoken, withheld_sentence
from transparency.services.pictures.words import Picture
from transparency.wording import percent

FROM_ABROAD: Final = "syrian_from_abroad"
KEPT: Final = "kept"


def sub_grants(frame: OwnFrame) -> Picture | None:
    """Every cent that is told, by whether it goes on and to whom; a line for what stays with who received the grant."""
    groups = frame.groups("sub_grants", lambda: _passed_on(frame))
    names = {
        FROM_ABROAD: _("To Syrian, from international ones"),
        SYRIAN: _("To Syrian, from Syrian ones"),
        ABROAD: _("To international organisations"),
        NOT_KNOWN: _("To partners of unknown type"),
        KEPT: _("Kept by the organisation itself"),
    }
    picture = picture_of(
        frame,
        groups,
        Named(_("By sub-grants to partners"), _("Passed on"), names.__getitem__, list(names)),
        sentence=f"{_said(frame, groups)} {withheld_sentence(frame)}".strip(),
        note=_("By the shares that approved applications give to partners in the project; a grant may stand in several lines."),
    )  # fmt: skip
    if picture is not None:
        picture.rows[-1][0] = _("All grants")
    return picture


def _said(frame: OwnFrame, groups: dict[str, Group]) -> str:
    from_abroad, to_syrian = (
        sum(groups[key].amount for key in keys if key in groups) for keys in ((FROM_ABROAD,), (FROM_ABROAD, SYRIAN))
    )
    opened = sum(one.amount for one in frame.released.told)
    if not set(groups) - {KEPT, WITHHELD, told.ADDED}:
        return _("Of what is told one by one nothing goes on to partners as a sub-grant.")
    return _(
        "Syrian organisations receive %(amount)s by sub-grants, %(share)s of what is told one by one. From international "
        "organisations come %(abroad)s of it: only that is on top of what they receive directly."
    ) % {
        "amount": spoken(to_syrian, frame.facts.currency),
        "share": percent(sums.share(to_syrian, opened)),
        "abroad": spoken(from_abroad, frame.facts.currency),
    }  # fmt: skip


def _passed_on(frame: OwnFrame) -> dict[str, Group]:
    groups: dict[str, Group] = defaultdict(Group)
    for one in frame.released.told:
        for kind, minor in one.passed_on:
            groups[_line(one, kind)].told.append(one._replace(amount=minor))
        groups[KEPT].told.append(one._replace(amount=one.amount - sum(minor for _kind, minor in one.passed_on)))
    return groups | told.by(Released((), frame.released.pools), lambda one: one.kind)


def _line(one: Told, kind: str) -> str:
    return FROM_ABROAD if kind == SYRIAN and one.kind in INTERNATIONAL else kind
