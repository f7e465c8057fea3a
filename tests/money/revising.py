"""Grants that get more money: asked for, agreed to by the committee, kept aside, signed; or dropped on the way."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from committees.models import Committee
from grants.fingerprints import revision_sha256
from grants.models import Grant, Revision
from grants.services import cost_extensions, extensions, revisions
from tests.factories.committees import members
from tests.factories.extensions import texts
from tests.money import invariants
from tests.money.expected import Gift, More, covered
from tests.money.machine import places, row
from tests.money.partners import Partners

PAYS_GRANTS = {"UNR", "SDQ", "RES-SECTOR", "RES-TIME"}
"""Classes of money that pay for an extension: all that pays grants, but what religion binds to justified lines."""
MOST_PERCENT = 30
"""Of what was signed, by the charter of this fund."""


class Revising(Partners):
    """Acts round extensions that add money."""

    @rule(
        place=places,
        percent=st.sampled_from([3, 9, 20, 31]),
        turn=st.sampled_from(["on", "on", "on", "hurry", "hurry", "drop"]),
    )
    def revise(self, place: int, percent: int, turn: str) -> None:
        """The next step of an extension that adds money; somebody hurries past the committee, or who asked drops it."""
        waiting = Revision.objects.filter(kind="cost").exclude(state__in=["effective", "rejected", "withdrawn"])
        revision = row(waiting.select_related("grant").order_by("leaf_id"), place)
        if revision is None:
            self._ask_for_more(place, percent)
        elif turn == "drop":
            self._drop(revision)
        elif revision.state in {"requested", "in_review"} and turn != "hurry" and not self._is_agreed(revision):
            self._agree_to(revision)
        elif revision.state == "requested":
            self.act("take up", lambda: revisions.take_up(revision, actor=self.programme))
        else:
            steps = {"in_review": self._keep, "approved": self._sign_amendment, "amendment_signed": self._count}
            steps.get(revision.state, self._drop)(revision)

    def _is_agreed(self, revision: Revision) -> bool:
        ((agreed,),) = invariants.asked(
            "SELECT count(DISTINCT member_id) > 1 AND bool_or(as_chair) FROM grants_revisionconsent"
            " WHERE revision_id = %s AND round = %s", revision.pk, revision.round,
        )  # fmt: skip
        return bool(agreed)

    def _ask_for_more(self, place: int, percent: int) -> None:
        grant = self._grant(place, "active")
        if grant is None:
            return
        category, minor = "A", grant.amount_minor * percent // 100
        self.act("ask for more", lambda: cost_extensions.request(
            grant, more={category: minor}, months=0, paid_from=timezone.localdate(), reason="x",
            actor=self.signatory(grant),
        ), lawful=False if percent > MOST_PERCENT else None)  # fmt: skip

    def _agree_to(self, revision: Revision) -> None:
        chair, member = (seat.user for seat in members(Committee.objects.get())[:2])
        sha256 = revision_sha256(revision)
        for person, as_chair in ((chair, True), (member, False)):
            if not revision.consents.filter(round=revision.round, member=person).exists():
                self.act(
                    "agree to more",
                    lambda person=person, as_chair=as_chair: extensions.agree(  # type: ignore[misc]
                        revision, content_sha256=sha256, as_chair=as_chair, actor=person
                    ),
                )

    def _keep(self, revision: Revision) -> None:
        """The money: what the call has free, then what is free of contributions; each in the order of use."""
        work = self.works[revision.grant_id]
        none_of = dict.fromkeys(("ZAK", "WQF"), 0)
        fitting = [one for one in self.gifts if one.restriction in PAYS_GRANTS]
        in_call = [
            (gift, self.books.free(work.envelope(gift.reference))) for gift in self._as_in_call(work.call, fitting)
        ]
        held = covered(revision.added_minor, in_call, none_of)
        rest = revision.added_minor - sum(part for _source, part in held)
        new = covered(rest, [(one, self.books.free(one.source)) for one in fitting], none_of)
        enough = sum(part for _source, part in [*held, *new]) == revision.added_minor
        kept = self.act(
            "keep more",
            lambda: revisions.approve(revision, content_sha256=revision_sha256(revision), actor=self.manager),
            lawful=None if enough and self._is_agreed(revision) else False,
        )
        if kept is None:
            return
        more = More()
        for source, part in new:
            self.books.move(f"3020/{source}", work.envelope(source), part)
        for source, part in [*held, *new]:
            more.parts[source] += part
        for source, part in more.parts.items():
            work.shares[source] += 1
            more.keys[source] = f"{source}/{work.shares[source]}"
            self.books.hold(work.envelope(source), work.owed(more.keys[source]), part)
        self.more[revision.pk] = more

    def _as_in_call(self, call: str, gifts: list[Gift]) -> list[Gift]:
        """The gifts on which the call draws, each with the key of its envelope: by it those are told apart that are alike."""
        keys = dict(invariants.asked(
            "SELECT c.reference, e.id::text FROM grants_envelope e JOIN grants_call k ON k.id = e.call_id"
            " JOIN funds_contribution c ON c.id = e.contribution_id WHERE k.reference = %s", call,
        ))  # fmt: skip
        return [replace(one, key=keys[one.reference]) for one in gifts if one.reference in keys]

    def _sign_amendment(self, revision: Revision) -> None:
        signatory = self.signatory(revision.grant)
        self.act("sign for more", lambda: revisions.sign(revision, **texts(revision), actor=signatory))

    def _count(self, revision: Revision) -> None:
        if self.did("count more", lambda: revisions.countersign(revision, **texts(revision), actor=self.manager)):
            work, more = self.works[revision.grant_id], self.more.pop(revision.pk)
            for source, part in more.parts.items():
                key = more.keys[source]
                self.books.settle(work.envelope(source), work.owed(key), part)
                work.split.append((key, part))
            now: Any = Grant.objects.get(pk=revision.grant_id).amount_minor
            assert now == sum(part for _key, part in work.split), (now, work.split)

    def _drop(self, revision: Revision) -> None:
        signatory = self.signatory(revision.grant)
        if not self.did("drop more", lambda: revisions.withdraw(revision, reason="x", actor=signatory)):
            return
        work, more = self.works[revision.grant_id], self.more.pop(revision.pk, More())
        for source, part in more.parts.items():
            self.books.void(work.envelope(source), work.owed(more.keys[source]), part)
