"""Forms with many questions of every kind, and what people type into them."""

from typing import Any

from grants.models import Call
from grants.services import call_forms, calls
from grants.xlsforms.plan import FormPlan, PagePlan, QuestionPlan
from tests.factories import grants

PAGE = 50
CHOICES = [{"key": f"k{n}", "label": {"ar": f"خيار {n}", "en": f"Choice {n}", "ku": f"Bijarte {n}"}} for n in range(3)]
KINDS: tuple[tuple[str, str, str], ...] = (
    ("short_text", "جواب قصير {n}", "جواب قصير {n}"),
    ("long_text", "Long {n}\n=1+1\nسطر ثالث", "Long {n}\n=1+1\nسطر ثالث"),
    ("whole_number", "١٢{n}", "12{n}"),
    ("decimal", "{n}.50", "{n}.5"),
    ("amount", "1,{n:03}.25", "1{n:03}.25"),
    ("day", "1/3/2027", "2027-03-01"),
    ("yes_no", "yes", "yes"),
    ("one_of", "k1", "k1"),
    ("many_of", "k0 k2", "k0 k2"),
)
"""Kind, what is typed, and how a program reads it afterwards; ``n`` is the question's number."""


def _texts(key: str) -> dict[str, str]:
    return {"ar": f"سؤال {key}", "en": f"Question {key}", "ku": f"Pirs {key}"}


def _question(n: int) -> QuestionPlan:
    kind = KINDS[n % len(KINDS)][0]
    choices = CHOICES if kind in {"one_of", "many_of"} else []
    return QuestionPlan(f"q{n}", kind, _texts(f"q{n}"), required=False, choices=choices)


def large_form(questions: int) -> FormPlan:
    """A form of ``questions`` questions; the last ten of each page are asked several times."""
    pages = []
    for start in range(0, questions, PAGE):
        asked = [_question(n) for n in range(start, min(start + PAGE, questions))]
        plain, again = asked[:-10], asked[-10:]
        repeat = QuestionPlan(f"r{start}", "repeat", _texts(f"r{start}"), below=again)
        pages.append(PagePlan(f"page{start}", _texts(f"page{start}"), questions=[*plain, repeat]))
    return FormPlan(pages)


def filling(plan: FormPlan) -> tuple[dict[str, dict[str, Any]], dict[tuple[str, int], str]]:
    """What is typed, by page and field, and what a program reads of it, by question and time of a repeat."""
    typed: dict[str, dict[str, Any]] = {}
    expected: dict[tuple[str, int], str] = {}
    for page in plan.pages:
        fields = typed[page.key] = {}
        for one in page.questions:
            places = [(f"{one.key}-{time}-{below.key}", time + 1, below) for time in range(2) for below in one.below]
            for name, number, question in places or [(one.key, 0, one)]:
                n = int(question.key[1:])
                kind, said, read = KINDS[n % len(KINDS)]
                text = said.format(n=n)
                fields[name] = text.split() if kind == "many_of" else text
                expected[question.key, number] = read.format(n=n)
    return typed, expected


def every_kind() -> FormPlan:
    """One page with a question of each kind, files too, and some that are asked several times."""
    plain = [_question(n) for n in range(len(KINDS))]
    files = [QuestionPlan(kind, kind, _texts(kind), required=False) for kind in ("file", "image")]
    again = [QuestionPlan("place", "short_text", _texts("place")), QuestionPlan("photo", "image", _texts("photo"))]
    repeat = QuestionPlan("site", "repeat", _texts("site"), below=again)
    return FormPlan([PagePlan("all", _texts("all"), questions=[*plain, *files, repeat])])


def asked_for(plan: FormPlan, **terms: Any) -> Call:
    """An open call with the form ``plan``."""
    call = grants.draft_call(**terms)
    call_forms.replace_form(call, plan, actor=grants.programme_officer())
    grants.approved(call)
    call.refresh_from_db()
    calls.publish(call, actor=grants.programme_officer())
    calls.open_due(now=call.opens_at)
    return Call.objects.get(pk=call.pk)
