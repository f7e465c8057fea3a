"""Calls and applications of the played fund."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from funds.models import Contribution
from grants.fingerprints import call_sha256
from grants.models import Application, Call
from grants.selectors import parts
from grants.selectors.screening import checklist
from grants.services import applications, calls, screening
from grants.services.calls import CallTerms
from grants.states import QuestionKind
from poolfund.demo import clock
from poolfund.demo.foundations import organisation, who


@dataclass(frozen=True, slots=True)
class Project:
    """What an organisation asks for: key of the organisation, words, months, and direct costs in minor units.

    ``partners`` are organisations of the cast that carry the project too, with their shares of the money in percent.
    """

    organisation: str
    title: str
    summary: str
    sector: str
    governorates: tuple[str, ...]
    months: int
    people: int
    staff_minor: int
    activities_minor: int
    care_minor: int
    partners: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """When a call was published, opened and closed: days ago; in two stages also the last day for ``concepts``."""

    published: int
    opens: int
    closes: int
    concepts: int | None = None


def open_call(
    titles: Mapping[str, str],
    days: Days,
    *,
    sources: Mapping[str, int],
    sectors: list[str],
    months: list[int],
    ceiling_minor: int,
    grant_type: str = "project",
    asks_places: bool = False,
) -> Call:
    """Draft, approve, publish and open a call; ``sources`` in minor units by bank reference."""
    terms = CallTerms(
        title=LazyI18nString(dict(titles)),
        summary=_SUMMARY,
        text=_TEXT,
        grant_type=grant_type,
        sectors=sectors,
        governorates=["SY02", "SY04", "SY07", "SY08", "SY09", "SY11", "SY12", "SY13"],
        envelope_minor=sum(sources.values()),
        floor_minor=500_000,
        ceiling_minor=ceiling_minor,
        months_allowed=months,
        opens_at=clock.days_ago(days.opens, hour=9),
        closes_at=clock.days_ago(days.closes, hour=17),
        concept_closes_at=None if days.concepts is None else clock.days_ago(days.concepts, hour=17),
        asks_places=asks_places,
    )
    with clock.on(days.published + 6):
        call = calls.draft_call(terms, actor=who("programme"))
        money = {Contribution.objects.get(bank_reference=key): minor for key, minor in sources.items()}
        calls.plan_sources(call, money, actor=who("programme"))
    with clock.on(days.published + 2):
        calls.approve(call, content_sha256=call_sha256(call), actor=who("board"), reason="ضمن أولويات سجلّ الاحتياجات")
    with clock.on(days.published):
        calls.publish(call, actor=who("programme"))
    with clock.on(days.opens):
        calls.open_due(now=call.opens_at)
    call.refresh_from_db()
    return call


_SUMMARY = LazyI18nString(
    {
        "ar": "منح صغيرة ومتوسطة لمنظمات تعمل مع أهالي المنطقة، لسنة أو سنتين.",
        "en": "Small and medium grants, for one or two years, to organisations that work with the people of the place.",
        "ku": "Hibeyên biçûk û navîn, ji bo salekê an du salan, ji rêxistinên ku bi xelkê herêmê re dixebitin.",
    }
)
_TEXT = LazyI18nString(
    {
        "ar": "نموّل ما يقترحه الناس بأنفسهم. تقرّر لجنة أغلبيتها من المجتمع المدني، وتُنشر المعايير والأوزان كلّها قبل فتح "
        "الدعوة، ويتلقّى كل متقدّم أسباب القرار مكتوبة.",
        "en": "We fund what people themselves propose. A committee with a civil-society majority decides; all criteria and "
        "weights are published before the call opens, and everyone who applies receives the reasons in writing.",
        "ku": "Em tiştê ku xelk bi xwe pêşniyar dikin fînanse dikin. Komîteyek bi piraniya civaka sivîl biryar dide; hemû "
        "pîvan û giranî berî vebûna bangê têne weşandin, û her serlêder sedeman bi nivîskî distîne.",
    }
)


def begin(call: Call, project: Project) -> Application:
    """The organisation's preparer begins and fills in every page."""
    preparer = who(f"{project.organisation}-preparer")
    application = applications.start(call, organisation(project.organisation), actor=preparer)
    for key, said in typed(call, project).items():
        applications.save_part(application, key, said, version=0, tab="demo", actor=preparer)
    application.refresh_from_db()
    return application


def submit(application: Application, key: str) -> Application:
    """The signatory of the organisation submits."""
    return applications.submit(application, actor=who(key))


def typed(call: Call, project: Project) -> dict[str, dict[str, Any]]:
    """What is typed on each page, by its key."""
    said: dict[str, dict[str, Any]] = {
        parts.ELIGIBILITY: {one.key: "yes" if one.expected else "no" for one in call.eligibility_questions.all()},
        parts.BASICS: {
            "title": project.title,
            "summary": project.summary,
            "sector": project.sector,
            "governorates": list(project.governorates),
            "months": str(project.months),
            "starts_on": (timezone.localdate(call.closes_at) + timedelta(days=45)).isoformat(),
            "people_reached": str(project.people),
            "partners": "\n".join(f"{organisation(key).name_ar} {percent}%" for key, percent in project.partners),
        },
        parts.BUDGET: {
            "lines": [
                _line("A", "منسّقة المشروع وفريق ميداني", project.staff_minor),
                _line("B", "مواد ومستلزمات الأنشطة", project.activities_minor),
                _line("D", "تدريب، واستماع إلى الأهالي، ومتابعة", project.care_minor, "safeguarding_and_learning"),
            ]
        },
    }
    for section in call.sections.prefetch_related("questions"):
        texts = {QuestionKind.LONG_TEXT: _ANSWER.format(title=project.title), QuestionKind.SHORT_TEXT: project.title}
        said[section.key] = {one.key: texts.get(QuestionKind(one.kind), "") for one in section.questions.all()}
    return said


_ANSWER = (
    "في «{title}» بدأنا من جلسات استماع مع الأهالي، نساءً ورجالاً وشباباً. اتفقنا معهم على ما هو أهم، وعلى من يتابع التنفيذ، "
    "وكيف نعرف أن شيئاً تغيّر فعلاً. تجتمع لجنة محلية كل شهر، وتُعلَّق المصاريف في مكان عام، ويستطيع كل شخص أن يشتكي دون خوف."
)


def _line(category: str, what: str, minor: int, purpose: str = "") -> dict[str, str]:
    return {
        "category": category,
        "description": what,
        "unit": "مبلغ",
        "quantity": "1",
        "unit_cost_minor": f"{minor // 100}.{minor % 100:02}",
        "months": "1",
        "percent_charged": "100",
        "purpose": purpose,
        "remark": "",
    }


def close() -> None:
    """The hour comes for calls whose last day it is."""
    calls.close_due(now=timezone.now())


def close_and_screen(call: Call, *, closed: int) -> Call:
    """The hour comes; a programme officer finds every submitted application complete and eligible."""
    with clock.on(closed, hour=18):
        close()
        screen(call)
    call.refresh_from_db()
    return call


def screen(call: Call) -> None:
    """A programme officer finds every submitted application complete and eligible."""
    for application in call.applications.filter(state="submitted"):
        points = {item.key: True for item in checklist(application)}
        screening.find_eligible(application, checklist=points, actor=who("programme"))
