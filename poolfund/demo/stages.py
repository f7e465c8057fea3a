"""A call in two stages: concept notes are in, judged and answered; who was invited writes the full proposal.

It asks for places by code, from a list of places that do not exist, in governorates that do.
"""

from typing import Final

from committees.models import Committee
from committees.rules import facts
from committees.services import concepts, conflicts, panels
from grants import gazetteer
from grants.models import Application, Call
from grants.selectors import parts
from grants.services import applications, places
from poolfund.demo import calls, clock
from poolfund.demo.calls import Days, Project
from poolfund.demo.foundations import organisation, who

CALL: Final = {
    "ar": "مساحات عامة يصلحها أهلها، على مرحلتين (تجريبية)",
    "en": "Public places mended by their people, in two stages (demo)",
    "ku": "Cihên giştî yên ku xelkê wan serrast dikin, di du qonaxan de (mînak)",
}
PLACES: Final = (
    ("ADM1_EN", "ADM1_AR", "ADM1_PCODE", "ADM2_EN", "ADM2_AR", "ADM2_PCODE", "ADM3_EN", "ADM3_AR", "ADM3_PCODE",
     "ADM4_EN", "ADM4_AR", "ADM4_PCODE"),
    *(
        (governorate, governorate_ar, code, f"Example district {number}", f"منطقة المثال {number}", f"XX{number}0",
         f"Example sub-district {number}", f"ناحية المثال {number}", f"XX{number}00",
         f"Example village {number}", f"قرية المثال {number}", f"XX{number}001")
        for number, (governorate, governorate_ar, code) in enumerate(
            (("Aleppo", "حلب", "SY02"), ("Idleb", "إدلب", "SY07"), ("Al-Hasakeh", "الحسكة", "SY08")), start=1
        )
    ),
)  # fmt: skip
"""In the shape of OCHA's list; districts, sub-districts and villages are plainly none."""
SQUARE: Final = Project(
    "sanabel", "ساحة للأطفال بدل مكبّ النفايات", "نحوّل مكبّاً إلى ساحة يصمّمها الأطفال ويصونها أهل الحي.",
    "social_cohesion", ("SY02",), 12, 1400, 1_000_000, 1_200_000, 120_000,
)  # fmt: skip
LIGHTS: Final = Project(
    "zeitoun", "إنارة الشارع الرئيس", "أعمدة إنارة بالطاقة الشمسية على كيلومترين.",
    "social_cohesion", ("SY07",), 12, 900, 600_000, 1_700_000, 60_000,
)  # fmt: skip
VILLAGE: Final = {"sanabel": "قرية المثال 1", "zeitoun": "XX2001"}
"""Named as people name them: by name, or by code."""
_WHY: Final = {
    4: (
        "الفكرة من أهل الحي أنفسهم، ويُعرف من يصون المكان بعد انتهاء المنحة.",
        "وصف حيّ للمكان، والأطفال شاركوا في الرسم الأول.",
        "خطوات بسيطة يمكن تنفيذها في سنة.",
    ),
    2: (
        "الحاجة واضحة، ولا يُعرف من الأهالي من شارك في اختيارها.",
        "لا يُذكر من يصون الأعمدة بعد انتهاء المنحة.",
        "تنقص مقارنة بحلول أرخص في المكان نفسه.",
    ),
}
"""What the three members write, by the points that they give."""


def notes(seated: Committee) -> None:
    """From the list of places to the answers, and the invited organisation's half-written full proposal."""
    places.take(gazetteer.read(PLACES))
    call = calls.open_call(
        CALL, Days(66, 60, -40, concepts=20),
        sources={"DEMO-BANK-001": 4_000_000}, sectors=["social_cohesion", "education"], months=[12],
        ceiling_minor=3_000_000, asks_places=True,
    )  # fmt: skip
    for day, project in ((26, SQUARE), (22, LIGHTS)):
        with clock.on(day):
            calls.submit(_begun(call, project), project.organisation)
    _judged(call, seated, {"sanabel": 4, "zeitoun": 2})
    with clock.on(5):
        invited = Application.objects.get(call=call, organisation=organisation("sanabel"))
        _write(invited, calls.typed(call, SQUARE), half=True)


def _begun(call: Call, project: Project) -> Application:
    application = applications.start(
        call, organisation(project.organisation), actor=who(f"{project.organisation}-preparer")
    )
    typed = calls.typed(call, project)
    typed[parts.BASICS] |= {
        "places": VILLAGE[project.organisation],
        "expected_minor": str((project.staff_minor + project.activities_minor + project.care_minor) // 100),
    }
    _write(application, typed)
    return Application.objects.get(pk=application.pk)


def _write(application: Application, typed: dict[str, dict[str, object]], *, half: bool = False) -> None:
    """Fill in the pages that are asked now; with ``half`` those before the budget that are new."""
    preparer = who(f"{_key(application)}-preparer")
    saved = {save.section_key for save in parts.saves_of(application).values()}
    for part in parts.parts_of(application):
        if part.key in typed and part.key not in saved and not (half and part.key == parts.BUDGET):
            applications.save_part(application, part.key, typed[part.key], version=0, tab="demo", actor=preparer)


def _key(application: Application) -> str:
    """The key of the organisation in the cast."""
    return application.organisation.email.partition("@")[0]


def _judged(call: Call, seated: Committee, points: dict[str, int]) -> None:
    """Everybody declares, three members judge, all notes are answered at once."""
    with clock.on(18):
        panel = panels.open_panel(call, seated, actor=who("programme"))
        seats = list(seated.seats.filter(voting=True).select_related("user").order_by("number"))
        waiting = list(call.applications.select_related("organisation"))
        for seat in seats:
            for note in waiting:
                conflicts.declare(seat, note, kind="none", actor=seat.user)
    with clock.on(15):
        for number, seat in enumerate([one for one in seats if not facts.holds_office(one.user)][:3]):
            for note in waiting:
                each = points[_key(note)]
                judgement = {
                    key: (each, _WHY[each][(number + place) % 3])
                    for place, key in enumerate(facts.rules_of(call).scoring.concepts.criteria)
                }
                concepts.judge(seat, note, judgement, actor=seat.user)
    with clock.on(12):
        concepts.announce(panel, actor=who("programme"))
