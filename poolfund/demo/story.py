"""The story of the played fund, in the order of its days."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from audit import outbox
from committees.models import Committee, Panel
from committees.services import panels
from disbursements.positions import position
from grants.models import Call, Grant
from grants.states import CallState
from poolfund.demo import (
    accountability,
    bank,
    calls,
    clock,
    committee,
    foundations,
    grants,
    history,
    proposals,
    rapid,
    stages,
    waqf,
)
from poolfund.demo.calls import Days, Project
from poolfund.demo.foundations import who
from poolfund.demo_sign_in import SignInLink
from transparency.services import drawing_own, open_data, papers, releasing

Say = Callable[[str], None]

FIRST_CALL = {
    "ar": "تعليم وحماية ومياه بقيادة محلية (تجريبية)",
    "en": "Education, protection and water, locally led (demo)",
    "ku": "Perwerde, parastin û av, bi serokatiya herêmî (mînak)",
}
SECOND_CALL = {
    "ar": "سبل العيش والتماسك في المجتمعات العائدة (تجريبية)",
    "en": "Livelihoods and cohesion in returning communities (demo)",
    "ku": "Debar û yekbûn di civakên vegeriyayî de (mînak)",
}
THIRD_CALL = {
    "ar": "مبادرات صغيرة للشباب والنساء (تجريبية)",
    "en": "Small initiatives of women and young people (demo)",
    "ku": "Destpêkên biçûk ên jin û ciwanan (mînak)",
}
MEETING_CALL = {
    "ar": "مياه وصحة في الأحياء (تجريبية)",
    "en": "Water and health in the neighbourhoods (demo)",
    "ku": "Av û tenduristî li taxan (mînak)",
}
CLOSED_CALL = {
    "ar": "شتاء دافئ (تجريبية)",
    "en": "A warm winter (demo)",
    "ku": "Zivistaneke germ (mînak)",
}

SCHOOLS = Project(
    "sanabel", "مدارس آمنة في حلب وإدلب", "نعيد فتح تسعة صفوف ونرافق الطلاب العائدين ومعلّماتهم لسنتين.",
    "education", ("SY02", "SY07"), 24, 2400, 5_600_000, 4_200_000, 400_000, (("furat", 20),),
)  # fmt: skip
SAFE_SPACES = Project(
    "yasmin", "مساحات آمنة للنساء في درعا", "مساحتان للدعم النفسي والقانوني تديرهما نساء من الحي.",
    "protection", ("SY12", "SY13"), 12, 640, 2_500_000, 1_500_000, 200_000,
)  # fmt: skip
WELLS = Project(
    "zeitoun", "مياه نظيفة في مدارس ريف إدلب", "نصلح مضخات ثلاث مدارس ونشكّل لجان مياه.",
    "education", ("SY07",), 12, 3000, 1_900_000, 2_600_000, 200_000,
)  # fmt: skip
SCHOOL_BUSES = Project(
    "nakhil", "حافلات إلى المدرسة في الحسكة", "نقل آمن لطالبات القرى البعيدة.",
    "education", ("SY08",), 12, 380, 1_800_000, 1_500_000, 150_000,
)  # fmt: skip


def play(say: Say) -> list[SignInLink]:
    """Play everything and return the links of the parts."""
    foundations.lay(say)
    say("a committee of seven is constituted")
    with clock.on(500):
        first = committee.form("1")
    _decided_call(say, first)
    with clock.on(100):
        renewed = committee.form("2")
    say("a flood in the night: an alert, a panel on call, money within two days")
    rapid.flood(renewed, raised=20)
    _call_at_the_meeting(say, renewed)
    _call_in_review(say, renewed)
    say("two calls on which something is proposed: who scores what, and a selection under the charter's shares")
    proposals.selection(renewed)
    proposals.assignment(renewed)
    say("a call in two stages: concept notes are answered, one organisation is invited")
    stages.notes(renewed)
    say("passports of due diligence are renewed where something ended")
    with clock.on(60):
        foundations.renew_passports()
    _closed_call(say)
    _open_call(say)
    say("a waqf: a deed, capital that stays, the yield of two harvests")
    waqf.found()
    say("people complain without signing in; one complaint is answered, one is being looked into")
    accountability.complain()
    say("the history of a fund that never was")
    history.bring()
    say("what the public reads of grants")
    releasing.release_due()
    drawing_own.draw_fund()
    open_data.write_all()
    _call_report()
    say("letters, receipts and charts that the acts owe")
    while outbox.drain():
        pass
    return links()


def _call_report() -> None:
    """The report of the first call, as everybody reads it."""
    learned = LazyI18nString(
        {
            "ar": "المدارس الصغيرة لم تسمع بالدعوة في وقتها: نعلن القادمة عند لجان الأحياء أيضاً.",
            "en": "Small schools heard of the call too late: the next one is announced through neighbourhood committees too.",
        }
    )
    call = Call.objects.filter(state__in=[CallState.DECIDED, CallState.COMPLETED]).earliest("closes_at")
    asked = papers.ask(call=call, learned=learned, actor=who("programme"))
    drawn = papers.draw(asked.pk)
    if drawn is not None:
        approved = papers.approve(drawn, sha256=drawn.sha256, actor=who("board"))
        papers.publish(approved, sha256=approved.sha256, actor=who("manager"))


def _decided_call(say: Say, seated: Committee) -> None:
    say("the first call: four organisations apply")
    call = calls.open_call(
        FIRST_CALL, Days(520, 512, 480),
        sources={"DEMO-BANK-001": 20_000_000, "DEMO-BANK-002": 12_000_000},
        sectors=["education", "protection"], months=[12, 24], ceiling_minor=15_000_000, grant_type="programmatic",
    )  # fmt: skip
    for day, project in ((490, SCHOOLS), (488, SAFE_SPACES), (484, WELLS), (483, SCHOOL_BUSES)):
        with clock.on(day):
            calls.submit(calls.begin(call, project), project.organisation)
    call = calls.close_and_screen(call, closed=480)
    say("the committee declares conflicts, scores, meets: one member is recused, which changes the quorum")
    committee.review(
        call, seated, began=478, scored=470, met=465,
        recused={"member2": "nakhil", "member6": "zeitoun"},
        points={"sanabel": 4, "yasmin": 4, "zeitoun": 2, "nakhil": 3},
        outcomes={
            "sanabel": ("approve", 11_000_000),
            "yasmin": ("approve_with_conditions", 4_500_000),
            "zeitoun": ("reject", 0),
            "nakhil": ("waitlist", 0),
        },
    )  # fmt: skip
    _two_year_grant(say, call)
    _closed_grant(say, call)


def _two_year_grant(say: Say, call: Call) -> None:
    say("a two-year grant: agreement, first tranche, report, a second tranche asked for")
    grant = grants.sign(committee.decided(call, "sanabel"), offered=450, signed=425, starts=420)
    first = grants.pay(grant, 1, requested=424)
    second_due = grants.day_of(grant, 2)
    grants.report(grant, 1, spent_minor=first.amount_minor * 82 // 100, written=second_due + 3, accepted=second_due - 4)
    say("two people read the report for safety: donors whose money paid it read it without one place")
    accountability.clear_report(grant, read=second_due - 6, cleared=second_due - 8)
    say("a small shift between two categories of its budget: a notice that counts after the charter's days")
    grants.change_the_budget(grant, asked=second_due - 9, counted=second_due - 20)
    say("more money for it, which two members of the committee agreed to: one tranche more, signed by both sides")
    more = grant.amount_minor // 20
    grants.give_more_money(grant, minor=more, asked=second_due - 24, signed=second_due - 30, paid_from=-100)
    say("two months more, given by the fund manager: what is to come moves, what was begun stays")
    grants.give_more_time(grant, months=2, asked=12, given=9)
    grants.request(grant, 2, requested=2)


def _closed_grant(say: Say, call: Call) -> None:
    say("a grant of twelve months, reported, audited by its numbers, refunded and closed")
    grant = grants.sign(committee.decided(call, "yasmin"), offered=449, signed=426, starts=420)
    interim = [one for one in grant.tranches.order_by("number") if not one.retention]
    paid = 0
    for tranche in interim:
        due = grants.day_of(grant, tranche.number)
        if tranche.number > 1:
            grants.report(
                grant,
                tranche.number - 1,
                spent_minor=paid * 88 // 100 - _spent(grant),
                written=due + 2,
                accepted=due - 3,
            )
        paid += grants.pay(grant, tranche.number, requested=due - 4).amount_minor
    final = grant.reports.get(kind="final")
    grants.report(
        grant, final.number, spent_minor=grant.amount_minor * 97 // 100 - _spent(grant), written=48, accepted=40
    )
    for tranche in grant.tranches.filter(retention=True):
        grants.pay(grant, tranche.number, requested=36)
    grants.close(grant, refunded=22, closed=10)
    say("the bank's statement: every payment found, a fee that waits for its owner")
    bank.says()


def _spent(grant: Grant) -> int:
    return position(grant).spent_minor


def _call_at_the_meeting(say: Say, seated: Committee) -> None:
    say("a call whose committee meets today: one grant is decided, one vote is open")
    call = calls.open_call(
        MEETING_CALL, Days(75, 70, 40),
        sources={"DEMO-BANK-001": 9_000_000},
        sectors=["wash", "health"], months=[12], ceiling_minor=6_000_000,
    )  # fmt: skip
    projects = [
        Project("zeitoun", "نقاط مياه في أحياء معرّة مصرين", "نصلح ست نقاط مياه وتديرها لجان الحي.", "wash", ("SY07",), 12,
                2600, 1_200_000, 1_900_000, 150_000),
        Project("nakhil", "عيادة جوّالة للقرى البعيدة", "قابلة وممرّضة تزوران إحدى عشرة قرية كل أسبوع.", "health", ("SY08",), 12,
                1900, 1_100_000, 1_400_000, 120_000),
    ]  # fmt: skip
    for day, project in zip((46, 43), projects, strict=True):
        with clock.on(day):
            calls.submit(calls.begin(call, project), project.organisation)
    call = calls.close_and_screen(call, closed=40)
    panel = committee.judge(call, seated, began=38, scored=33, recused={}, points={"zeitoun": 3, "nakhil": 4})
    with clock.on(0):
        outcomes = {"zeitoun": ("approve", 3_500_000), "nakhil": ("approve", 2_800_000)}
        committee.sit_down(panel, outcomes, silent=frozenset({"member1", "member2", "member4"}))


def _call_in_review(say: Say, seated: Committee) -> None:
    say("the second call: closed, being scored")
    call = calls.open_call(
        SECOND_CALL, Days(60, 54, 12),
        sources={"DEMO-BANK-001": 18_000_000},
        sectors=["early_recovery", "social_cohesion"], months=[12], ceiling_minor=9_000_000,
    )  # fmt: skip
    projects = [
        Project("yasmin", "ورش خياطة للعائدات", "ورشة تعاونية تديرها النساء.", "early_recovery", ("SY12",), 12, 120,
                1_500_000, 1_700_000, 150_000),
        Project("zeitoun", "معاصر زيتون تعاونية", "نصلح معصرتين ونؤسس تعاونية.", "early_recovery", ("SY07",), 12, 800,
                1_700_000, 2_400_000, 180_000),
        Project("furat", "جلسات صلح في دير الزور", "وساطة محلية يقودها شباب ووجهاء.", "social_cohesion", ("SY09",), 12, 450,
                600_000, 500_000, 60_000),
    ]  # fmt: skip
    for day, project in zip((20, 16, 14), projects, strict=True):
        with clock.on(day):
            calls.submit(calls.begin(call, project), project.organisation)
    call = calls.close_and_screen(call, closed=12)
    with clock.on(8):
        panel = committee.declare(call, seated, recused={"member3": "yasmin"})
    with clock.on(3):
        panels.start_scoring(panel, actor=who("programme"))
    with clock.on(2):
        committee.score(
            Panel.objects.get(pk=panel.pk),
            {"yasmin": 4, "zeitoun": 3, "furat": 4},
            silent=frozenset({"member2", "member4"}),
        )


def _closed_call(say: Say) -> None:
    say("a call that closed yesterday: its application waits to be screened")
    call = calls.open_call(
        CLOSED_CALL, Days(40, 34, 1),
        sources={"DEMO-BANK-001": 5_000_000},
        sectors=["education", "health"], months=[6, 12], ceiling_minor=3_000_000,
    )  # fmt: skip
    warm = Project("yasmin", "صفوف دافئة في السويداء", "مدافئ وعزل لسبعة صفوف قبل البرد.", "education", ("SY13",), 6, 310,
                   700_000, 900_000, 80_000)  # fmt: skip
    with clock.on(4):
        calls.submit(calls.begin(call, warm), warm.organisation)
    with clock.on(1, hour=18):
        calls.close()


def _open_call(say: Say) -> None:
    say("the third call is open: one draft, one application")
    call = calls.open_call(
        THIRD_CALL, Days(15, 9, -21),
        sources={"DEMO-BANK-001": 8_000_000},
        sectors=["education", "protection", "social_cohesion"], months=[6, 12], ceiling_minor=2_000_000,
    )  # fmt: skip
    sent = Project(
        "furat",
        "نادي قراءة لليافعين",
        "نادٍ أسبوعي في مدرستين.",
        "education",
        ("SY09",),
        6,
        90,
        350_000,
        300_000,
        40_000,
    )
    kept = Project(
        "nakhil",
        "حديقة مدرسية",
        "حديقة يزرعها الطلاب مع ذويهم.",
        "education",
        ("SY08",),
        6,
        150,
        400_000,
        500_000,
        50_000,
    )
    with clock.on(3):
        calls.submit(calls.begin(call, sent), sent.organisation)
    with clock.on(1):
        calls.begin(call, kept)


def links() -> list[SignInLink]:
    """One link for each part that a visitor can take, named in English, as the tutorial names it, and in Arabic."""
    parts = [
        (_("NGO: authorised signatory (a two-year grant, an open call)"), "sanabel"),
        (_("NGO: preparer of a draft"), "nakhil-preparer"),
        (_("NGO: authorised signatory of the same organisation"), "nakhil"),
        (_("NGO: a new initiative"), "furat"),
        (_("NGO: a closed grant"), "yasmin"),
        (_("NGO: a rejected application with its reasons"), "zeitoun"),
        (_("Committee: chair"), "member1"),
        (_("Committee: rapporteur"), "member2"),
        (_("Committee: a recused member"), "member3"),
        (_("Committee: member"), "member4"),
        (_("Secretariat: programme officer"), "programme"),
        (_("Secretariat: finance officer"), "finance"),
        (_("Secretariat: second finance officer"), "finance2"),
        (_("Case handler: a restricted complaint"), "handler"),
        (_("Fund manager"), "manager"),
        (_("Board member"), "board"),
        (_("Administrator"), "administrator"),
        (_("Auditor"), "auditor"),
        (_("Representative of a network"), "rep-south"),
        (_("Donor"), "donor"),
    ]
    return [SignInLink(title=_in_both(title), email=f"{key}@demo.example") for title, key in parts]


def _in_both(title: Any) -> str:
    said = []
    for language in ("en", "ar"):
        with translation.override(language):
            said.append(str(title))
    return " · ".join(said)
