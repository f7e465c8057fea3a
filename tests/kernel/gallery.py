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


def sample() -> dict[str, Any]:
    now = timezone.now()
    line = {"name": "مضخّة غاطسة", "number": 2, "unit": usd("3250"), "sum": usd("6500"), "share": 14}
    return {
        "nav": [
            Entry("عملي", "#", False),
            Entry("الدعوات", "#", True),
            Entry("المنح", "#", False),
            Entry("السجل", "#", False),
        ],
        "amount": usd("45000"),
        "indirect": usd("2943.93"),
        "due": now + timedelta(days=2, hours=5),
        "mine": NextStep(
            "بانتظار القبول",
            "دورك: اقبل العرض أو اعتذر عنه.",
            now + timedelta(days=2, hours=5),
            Tone.NOW,
            True,
            "#",
            "اقرأ العرض",
        ),
        "theirs": NextStep("قيد الفحص", "دور أمانة الصندوق: فحص الأهلية.", now + timedelta(days=9)),
        "thread": [
            ThreadLink("مساهمة", "مؤسسة السنديان", "#", usd("250000")),
            ThreadLink("دعوة", "مياه آمنة 2026", "#", usd("180000")),
            ThreadLink("منحة", "شبكة الصالحية", money=usd("45000"), here=True),
            ThreadLink("دفعة", "الأولى", "#", usd("18000")),
            ThreadLink("تقرير", "المالي المرحلي", "#"),
        ],
        "parts": tranches(),
        "tasks": [
            Task("المنظمة", "#", Tone.DONE),
            Task("الحاجة والمجتمع", "#", Tone.WARN, "تجاوز الجواب الثالث حدّ 2,000 حرف."),
            Task("الموازنة", "#", Tone.OPEN),
            Task("الحماية وعدم إلحاق الضرر", "#"),
        ],
        "committee": committee(),
        "budget": [
            {"name": "المعدات", "lines": [line, {**line, "name": "خزّان 5 م³"}], "sum": usd("13000"), "share": 28},
            {"name": "الأشخاص", "lines": [{**line, "name": "مهندسة الموقع"}], "sum": usd("6500"), "share": 14},
        ],
        "choices": [
            Chip("الكل", "#", True, 12),
            Chip("قيد المراجعة", "#", number=7),
            Chip("موافق عليه", "#", number=5),
        ],
        "rows": [
            {
                "name": "جمعية النهر",
                "place": "الحسكة",
                "state": "موافق عليه",
                "tone": "done",
                "day": date(2026, 11, 3),
                "money": usd("45000"),
            },
            {
                "name": "فريق الياسمين التطوعي",
                "place": "حلب",
                "state": "قيد المراجعة",
                "tone": "open",
                "day": date(2026, 10, 28),
                "money": usd("18500"),
            },
            {
                "name": "Komeleya Çiya",
                "place": "الرقة",
                "state": "موقوف",
                "tone": "stop",
                "day": date(2026, 10, 2),
                "money": usd("9200.5"),
            },
        ],
        "page": Paginator(range(50), 10).page(2),
        "events": [
            Recorded("قبلت العرض", "سلمى الحداد", datetime(2026, 11, 3, 9, 20, tzinfo=UTC), "9f2c41d07ab3e8" * 4),
            Recorded(
                "أوصت بتعديل بند النقل",
                "رنا العلي",
                datetime(2026, 10, 28, 13, 5, tzinfo=UTC),
                "07ab3e89f2c41d" * 4,
                "كلفة النقل أعلى من المعتاد في المحافظة.",
            ),
            Recorded("أغلق الدعوة عند موعدها", "", datetime(2026, 10, 1, 13, 0, tzinfo=UTC), "3e89f2c41d07ab" * 4),
        ],
        "scorecard": Scorecard(),
        "board": [
            {"name": "فحص الأهلية", "rows": [{"name": "جمعية النهر", "money": usd("45000")}]},
            {"name": "المراجعة الفنية", "rows": [{"name": "فريق الياسمين التطوعي", "money": usd("18500")}]},
            {"name": "المداولة", "rows": []},
        ],
        "form": SampleForm({"title": "شبكة", "need": "الحيّ بلا ماء منذ شهرين.", "amount": "60000", "email": "خطأ"}),
    }
