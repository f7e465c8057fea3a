"""What optimisation proposes and people decide: who scores what, and which selection keeps the charter's shares."""

from collections.abc import Mapping

from committees.models import Committee, Panel
from committees.rules import facts
from committees.services import proposals
from grants.models import Call
from poolfund.demo import calls, clock, committee
from poolfund.demo.calls import Days, Project
from poolfund.demo.foundations import who

ASSIGNED_CALL = {
    "ar": "تعليم الكبار والمهن (تجريبية)",
    "en": "Adult learning and trades (demo)",
    "ku": "Perwerdeya mezinan û pîşe (mînak)",
}
SELECTED_CALL = {
    "ar": "حماية وأمن غذائي (تجريبية)",
    "en": "Protection and food security (demo)",
    "ku": "Parastin û ewlehiya xwarinê (mînak)",
}
_LITERACY = [
    Project("yasmin", "محو أمية في درعا", "صفوف مسائية لنساء الحي.", "education", ("SY12",), 12, 180,
            1_100_000, 900_000, 90_000),
    Project("nakhil", "مهن للعائدين في الحسكة", "تدريب على الكهرباء والنجارة.", "education", ("SY08",), 12, 140,
            1_300_000, 1_000_000, 100_000),
    Project("zeitoun", "مكتبة جوّالة في إدلب", "كتب وقراءة بصوت عال في ست قرى.", "education", ("SY07",), 12, 900,
            900_000, 800_000, 80_000),
]  # fmt: skip
_PROTECTION = [
    Project("sanabel", "حماية الأطفال في حلب", "مساحات لعب ومرافقة في أربعة أحياء.", "protection", ("SY02",), 12, 1100,
            1_900_000, 1_500_000, 150_000),
    Project("yasmin", "خط دعم للنساء", "دعم نفسي وقانوني بالهاتف وفي مركزين.", "protection", ("SY12", "SY13"), 12, 500,
            1_600_000, 1_200_000, 130_000),
    Project("zeitoun", "بذور وأسمدة للعائدين", "مدخلات زراعية وإرشاد لمئتي أسرة.", "food_security", ("SY07",), 12, 1000,
            1_300_000, 1_700_000, 140_000),
    Project("nakhil", "دواجن لأسر تعيلها نساء", "دواجن وعلف وتدريب لمئة وعشرين أسرة.", "food_security", ("SY08", "SY09"),
            12, 720, 1_200_000, 1_500_000, 130_000),
]  # fmt: skip


def _closed_call(
    titles: Mapping[str, str], projects: list[Project], *, closed: int, envelope_minor: int, sectors: list[str]
) -> Call:
    call = calls.open_call(
        titles, Days(closed + 36, closed + 30, closed),
        sources={"DEMO-BANK-001": envelope_minor}, sectors=sectors, months=[12], ceiling_minor=4_000_000,
    )  # fmt: skip
    for number, project in enumerate(projects):
        with clock.on(closed + 4 - number):
            calls.submit(calls.begin(call, project), project.organisation)
    return calls.close_and_screen(call, closed=closed)


def assignment(seated: Committee) -> Panel:
    """A call on which everybody has declared: who scores what is proposed and waits for the secretariat."""
    for number, seat in enumerate(facts.membership(seated).voting):
        languages, sectors = (
            [["ar"], ["ar", "ku"], ["ar", "en"]][number % 3],
            [["education"], ["protection"]][number % 2],
        )
        proposals.record_expertise(seat, languages=languages, sectors=sectors, actor=who("programme"))
    call = _closed_call(ASSIGNED_CALL, _LITERACY, closed=6, envelope_minor=5_000_000, sectors=["education"])
    # Today: members have one working day to declare, and who looks at the demonstration finds nobody late.
    with clock.on(0):
        panel = committee.declare(call, seated, recused={"member1": "zeitoun"})
    with clock.on(0, hour=clock.HOUR + 1):
        proposals.ask(panel, actor=who("programme"))
    return panel


def selection(seated: Committee) -> Panel:
    """A scored call with more good applications than money: a selection under the charter's shares is beside the rank."""
    call = _closed_call(
        SELECTED_CALL, _PROTECTION, closed=16, envelope_minor=7_000_000, sectors=["protection", "food_security"]
    )
    points = {"sanabel": 4, "yasmin": 4, "zeitoun": 3, "nakhil": 3}
    return committee.judge(call, seated, began=13, scored=5, recused={}, points=points)
