"""Own answers about capacity, others' assessments, and the improvement plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle
from charter.selectors import charter_in_force
from kernel.permissions import Refused
from kernel.uploads import check_upload
from organisations import capacity
from organisations import capacity_events as events
from organisations.models import (
    CapacityAnswer,
    CapacityAssessment,
    Improvement,
    ImprovementShowing,
    Organisation,
    OutsideAssessment,
)
from organisations.selectors import capacity as selectors
from organisations.services.decisions import Found, record_assessment

Upload = UploadedFile


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What the organisation says of one question: a level, words, a paper."""

    level: int
    text: str = ""
    file: "Upload[Any] | None" = None


@transaction.atomic
def answer_section(
    organisation: Organisation, section: str, answers: Mapping[str, OwnAnswer], *, actor: User
) -> list[CapacityAnswer]:
    """Keep the answers of a section that differ from the latest ones; a paper stays until another one comes."""
    latest = selectors.latest_answers(organisation)
    return [
        _give(organisation, section, key, said, latest.get(key), actor=actor)
        for key, said in answers.items()
        if said.file is not None
        or (key not in latest)
        or (latest[key].level, latest[key].text) != (said.level, said.text)
    ]


def _give(
    organisation: Organisation, section: str, key: str, said: OwnAnswer, before: CapacityAnswer | None, *, actor: User
) -> CapacityAnswer:
    if said.file is not None:
        file: Any = said.file
        sha256 = check_upload(said.file).sha256
    else:
        file, sha256 = (before.file.name, before.sha256) if before is not None else ("", "")
    answer = CapacityAnswer(
        organisation=organisation, section=section, question=key, level=said.level, text=said.text,
        file=file, sha256=sha256, given_by=actor,
    )  # fmt: skip
    event = events.CapacityAnswerGiven(section=section, question=key, level=said.level, sha256=sha256)
    return lifecycle.create(answer, event, actor=actor)


@transaction.atomic
def review_capacity(
    organisation: Organisation,
    *,
    levels: Mapping[str, int],
    findings: Mapping[str, str],
    way: str,
    visited_on: date | None,
    advice: str,
    actor: User,
) -> CapacityAssessment:
    """Record what an assessor found for each question, with recognised assessments in the sections that they cover.

    Raises `Refused` when a question of a section that nobody covered has no level.
    """
    rules = charter_in_force().rules.capacity
    covered = selectors.covered_sections(organisation)
    top = len(rules.levels) - 1
    sections: dict[str, int] = {}
    for key in rules.sections:
        asked = rules.asked_in(key)
        if key in covered:
            sections[key] = covered[key].score
        elif not all(0 <= levels.get(one, -1) <= top for one in asked):
            raise Refused(_("Every question of a section that no recognised assessment covers needs its level."))
        else:
            sections[key] = capacity.section_score(levels, {one: rule.weight for one, rule in asked.items()}, top=top)
    asked_here = {one for one, rule in rules.questions.items() if rule.section not in covered}
    found = Found(
        way=way,
        visited_on=visited_on,
        levels={key: level for key, level in levels.items() if key in asked_here},
        findings={key: text for key, text in findings.items() if text and key not in covered},
        recognised={key: str(one.outside.pk) for key, one in covered.items()},
    )
    return record_assessment(organisation, sections=sections, advice=advice, found=found, actor=actor)


# Another funder's assessment --------------------------------------------------------------------------------------


@transaction.atomic
def give_outside(
    organisation: Organisation,
    *,
    funder: str,
    assessed_on: date,
    valid_until: date,
    file: "Upload[Any]",
    actor: User,
) -> OutsideAssessment:
    """Give another funder's assessment with its document; raises `Refused`, and ValidationError for the file."""
    sha256 = check_upload(file).sha256
    outside = OutsideAssessment(
        organisation=organisation, funder=funder, assessed_on=assessed_on, valid_until=valid_until, file=file,
        sha256=sha256, given_by=actor,
    )  # fmt: skip
    event = events.OutsideAssessmentGiven(
        funder=funder, assessed_on=assessed_on, valid_until=valid_until, sha256=sha256
    )
    return lifecycle.create(outside, event, actor=actor)


def read_outside(outside: OutsideAssessment, *, sections: dict[str, int], actor: User) -> OutsideAssessment:
    """Say which sections it covers and with which score of 100."""
    event = events.OutsideAssessmentRead(sections=sections)
    return lifecycle.move(outside, event, actor=actor, changes={"sections": sections, "read_by": actor})


def recognise_outside(outside: OutsideAssessment, *, sections: dict[str, int], actor: User) -> OutsideAssessment:
    """The second officer agrees to the scores that were read."""
    event = events.OutsideAssessmentRecognised(sections=sections)
    return lifecycle.move(outside, event, actor=actor, changes={"decided_by": actor})


def refuse_outside(outside: OutsideAssessment, *, reason: str, actor: User) -> OutsideAssessment:
    """It does not serve, for a reason that the organisation reads."""
    event = events.OutsideAssessmentRefused()
    return lifecycle.move(outside, event, actor=actor, reason=_given(reason), changes={"decided_by": actor})


# The improvement plan ---------------------------------------------------------------------------------------------


def agree_improvement(organisation: Organisation, *, section: str, what: str, due_on: date, actor: User) -> Improvement:
    """Put a point into the plan; raises `Refused` without an assessment."""
    assessment = organisation.assessments.order_by("-recorded_at").first()
    if assessment is None:
        raise Refused(_("The plan follows from an assessment: assess first."))
    point = Improvement(
        organisation=organisation, assessment=assessment, section=section, what=what, due_on=due_on, agreed_by=actor
    )
    return lifecycle.create(point, events.ImprovementAgreed(section=section, due_on=due_on), actor=actor)


@transaction.atomic
def show_improvement(point: Improvement, *, text: str, actor: User, file: "Upload[Any] | None" = None) -> Improvement:
    """Say, and show, that a point is done."""
    sha256 = check_upload(file).sha256 if file is not None else ""
    showing = ImprovementShowing(
        organisation=point.organisation, point=point, text=text, file=file or "", sha256=sha256, given_by=actor
    )
    lifecycle.create(showing, events.ImprovementShown(sha256=sha256), actor=actor)
    return lifecycle.move(point, events.ImprovementDone(showing=showing.pk), actor=actor, changes={"showing": showing})


def judge_improvement(point: Improvement, *, confirmed: bool, showing: UUID, reason: str, actor: User) -> Improvement:
    """Confirm what was shown (``showing``), or return it with a reason."""
    if confirmed:
        return lifecycle.move(point, events.ImprovementConfirmed(showing=showing), actor=actor, reason=reason)
    return lifecycle.move(point, events.ImprovementReturned(showing=showing), actor=actor, reason=_given(reason))


def as_uuid(text: str) -> UUID:
    """The id that a page sent back; raises `Refused` for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused(_("The organisation gave this anew while you read it. Look at it again.")) from error


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Write why: the organisation reads this."))
    return reason
