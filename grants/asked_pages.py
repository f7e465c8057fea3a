"""How the questions of a page are shown: groups, what is answered several times, notes, and what is not asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from grants.form_tree import branches, walk
from grants.forms.applications import PartForm
from grants.questions.expressions import ExpressionError, parse
from grants.questions.proportion import AMOUNT
from grants.selectors.asked import CLOSE, FIELD, OPEN, RECKONED, Row
from grants.selectors.parts import Part
from grants.selectors.reading import Reading
from grants.words import Words, listed


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the page shows it.

    ``field`` is the bound field, ``value`` what was reckoned; ``folded`` rows are not asked for, ``because`` names the
    questions that this hangs on. ``end`` closes what was opened folded.
    """

    row: Row
    field: Any = None
    value: str = ""
    folded: bool = False
    because: Words = ""


def question_rows(part: Part, form: PartForm, reading: Reading) -> list[Shown]:
    """The rows of a page that the call defines; other pages have none."""
    if part.section is None:
        return []
    labels = {branch.question.key: branch.question.label for branch, _deep in walk(branches(part.section))}
    labels[AMOUNT] = _("How much will you ask for, about?")
    return list(_shown(form, reading, labels))


def _shown(form: PartForm, reading: Reading, labels: dict[str, Any]) -> Iterator[Shown]:
    open_groups: list[bool] = []
    for row in form.rows:
        unasked = row.name in reading.unasked
        if row.kind == OPEN:
            folded = unasked and not any(open_groups)
            open_groups.append(folded)
            yield Shown(row, folded=folded, because=_because(row, labels) if folded else "")
        elif row.kind == CLOSE:
            yield Shown(row, folded=open_groups.pop())
        else:
            folded = unasked and not any(open_groups)
            field = form[row.name] if row.kind == FIELD else None
            value = reading.reckoned.get(row.name, "") if row.kind == RECKONED else ""
            yield Shown(row, field, value, folded, _because(row, labels) if folded else "")


def _because(row: Row, labels: dict[str, Any]) -> Words:
    """The questions of this page that decide whether the row is asked."""
    try:
        names = parse(row.question.relevant).names
    except ExpressionError:
        return ""
    return listed([labels[name] for name in sorted(names) if name in labels])
