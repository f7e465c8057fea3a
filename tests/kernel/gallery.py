"""Sample data for the gallery of pieces: plainly fictitious organisations and people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

from kernel.fields import AmountField, LongTextField, ShortTextField
from kernel.money import Money
from kernel.navigation import Entry
from kernel.pieces import Chip, NextStep, Presence, Seat, Task, ThreadLink, Tone, TranchePart, TrancheState


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


class SampleForm(forms.Form):
    title = ShortTextField(label="عنوان المشروع", max_length=120)
    need = LongTextField(label="ما الحاجة؟", help_text="صِف الحاجة كما يراها أهل المكان، ومن سألتم.", max_length=2000)
    amount = AmountField(label="المبلغ المطلوب (دولار)", help_text="مثلاً: 45000", max_minor=5_000_000)
    email = forms.EmailField(label="البريد الإلكتروني")
    start = forms.DateField(label="بداية المشروع", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="نوع المنحة",
        choices=[("core", "تمويل مؤسسي"), ("project", "مشروع")],
        widget=forms.RadioSelect,
    )
    place = forms.ChoiceField(label="المحافظة", choices=[("SY02", "حلب"), ("SY08", "الحسكة")])
    letter = forms.FileField(label="رسالة المصرف", help_text="PDF أو صورة، حتى 10 ميغابايت.", required=False)
    agree = forms.BooleanField(label="قرأتُ ميثاق الصندوق وأقبل به.")


class Scorecard(forms.Form):
    need = forms.ChoiceField(
        label="الحاجة والملاءمة",
        help_text="0: لا تظهر حاجة. 3: حاجة واضحة من مصدر واحد. 5: حاجة موثّقة من أهل المكان ومن أكثر من مصدر.",
        choices=[(str(score), str(score)) for score in range(6)],
        initial="4",
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True)
class Recorded:
    sentence: str
    actor: str
    at: datetime
    proof: str
    reason: str = ""


def committee() -> list[Seat]:
    networks = [Seat("شبكات المجتمع المدني", "ش", 1, civil_society=True) for _ in range(3)]
    return [
        *networks,
        Seat("شبكات المجتمع المدني", "ش", 1, civil_society=True, presence=Presence.RECUSED),
        Seat("منظمات تقودها نساء", "ن", 2, civil_society=True),
        Seat("خبير فني", "خ", 3),
        Seat("خبير فني", "خ", 3, presence=Presence.AWAY),
        Seat("المجتمعات المتأثرة", "م", 4),
        Seat("أكاديمي", "أ", 5, presence=Presence.VACANT),
    ]


def tranches() -> list[TranchePart]:
    return [
        TranchePart(usd("18000"), date(2026, 3, 1), TrancheState.PAID),
        TranchePart(usd("12000"), date(2026, 9, 1), TrancheState.DUE),
        TranchePart(usd("9000"), date(2027, 2, 1), TrancheState.HELD),
        TranchePart(usd("6000"), date(2027, 8, 1), TrancheState.PLANNED),
    ]


def steps() -> dict[str, NextStep]:
    due = timezone.now() + timedelta(days=2, hours=5)
    mine = NextStep("بانتظار القبول", "دورك: اقبل العرض أو اعتذر عنه.", due, Tone.NOW, True, "#", "اقرأ العرض")
    theirs = NextStep("قيد الفحص", "دور أمانة الصندوق: فحص الأهلية.", due + timedelta(days=7))
    return {"mine": mine, "theirs": theirs}


def thread() -> list[ThreadLink]:
    return [
        ThreadLink("مساهمة", "مؤسسة السنديان", "#", usd("250000")),
        ThreadLink("دعوة", "مياه آمنة 2026", "#", usd("180000")),
        ThreadLink("منحة", "شبكة الصالحية", money=usd("45000"), here=True),
        ThreadLink("دفعة", "الأولى", "#", usd("18000")),
        ThreadLink("تقرير", "المالي المرحلي", "#"),
    ]


def tasks() -> list[Task]:
    return [
        Task("المنظمة", "#", Tone.DONE),
        Task("الحاجة والمجتمع", "#", Tone.WARN, "تجاوز الجواب الثالث حدّ 2,000 حرف."),
        Task("الموازنة", "#", Tone.OPEN),
        Task("الحماية وعدم إلحاق الضرر", "#"),
    ]


def budget() -> list[dict[str, Any]]:
    line = {"name": "مضخّة غاطسة", "number": 2, "unit": usd("3250"), "sum": usd("6500"), "share": 14}
    return [
        {"name": "المعدات", "lines": [line, {**line, "name": "خزّان 5 م³"}], "sum": usd("13000"), "share": 28},
        {"name": "الأشخاص", "lines": [{**line, "name": "مهندسة الموقع"}], "sum": usd("6500"), "share": 14},
    ]


def rows() -> list[dict[str, Any]]:
    columns = ("name", "place", "state", "tone", "day", "money")
    return [
        dict(zip(columns, row, strict=True))
        for row in (
            ("جمعية النهر", "الحسكة", "موافق عليه", "done", date(2026, 11, 3), usd("45000")),
            ("فريق الياسمين التطوعي", "حلب", "قيد المراجعة", "open", date(2026, 10, 28), usd("18500")),
            ("Komeleya Çiya", "الرقة", "موقوف", "stop", date(2026, 10, 2), usd("9200.5")),
        )
    ]


def events() -> list[Recorded]:
    accepted, advised, closed = (
        datetime(2026, *rest, tzinfo=UTC) for rest in ((11, 3, 9, 20), (10, 28, 13, 5), (10, 1, 13, 0))
    )
    why = "كلفة النقل أعلى من المعتاد في المحافظة."
    return [
        Recorded("قبلت العرض", "سلمى الحداد", accepted, "9f2c41d07ab3e8" * 4),
        Recorded("أوصت بتعديل بند النقل", "رنا العلي", advised, "07ab3e89f2c41d" * 4, why),
        Recorded("أغلق الدعوة عند موعدها", "", closed, "3e89f2c41d07ab" * 4),
    ]


def board() -> list[dict[str, Any]]:
    return [
        {"name": "فحص الأهلية", "rows": [{"name": "جمعية النهر", "money": usd("45000")}]},
        {"name": "المراجعة الفنية", "rows": [{"name": "فريق الياسمين التطوعي", "money": usd("18500")}]},
        {"name": "المداولة", "rows": []},
    ]


def sample() -> dict[str, Any]:
    """Everything that the gallery shows, by the names of its template."""
    pages = (("عملي", False), ("الدعوات", True), ("المنح", False), ("السجل", False))
    chips = (("الكل", True, 12), ("قيد المراجعة", False, 7), ("موافق عليه", False, 5))
    wrong = {"title": "شبكة", "need": "الحيّ بلا ماء منذ شهرين.", "amount": "60000", "email": "خطأ"}
    return {
        **steps(),
        "nav": [Entry(name, "#", here) for name, here in pages],
        "amount": usd("45000"),
        "indirect": usd("2943.93"),
        "due": timezone.now() + timedelta(days=2, hours=5),
        "thread": thread(),
        "parts": tranches(),
        "tasks": tasks(),
        "committee": committee(),
        "budget": budget(),
        "choices": [Chip(name, "#", here, number) for name, here, number in chips],
        "rows": rows(),
        "page": Paginator(range(50), 10).page(2),
        "events": events(),
        "scorecard": Scorecard(),
        "board": board(),
        "form": SampleForm(wrong),
    }
