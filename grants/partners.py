"""Partners as applicants write them: one a line, with the share of the money. Plain Python."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kernel.numerals import western_digits
from kernel.texts import search_key

WHOLE: Final = 100
NAME_LENGTH: Final = 200
_SHARED: Final = re.compile(r"(.*?)[\s:;؛،,|–—-]*(\d{1,3})\s*[%٪]")


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner's name, and its share of the money in whole percent; None where none was written."""

    name: str
    percent: int | None = None

    @property
    def key(self) -> str:
        """The name folded, by which it is found again."""
        return search_key(self.name)[:NAME_LENGTH]


def read_line(line: str) -> PartnerLine:
    """``Name 30%`` as name and share, in whichever digits; without a share the whole is the name."""
    found = _SHARED.fullmatch(western_digits(line).strip())
    if found is None:
        return PartnerLine(line.strip())
    return PartnerLine(line.strip()[: len(found[1])].strip(), int(found[2]))


def own_share(lines: Iterable[PartnerLine]) -> int:
    """What is left for the applicant; at or below zero when the partners take everything."""
    return WHOLE - sum(line.percent or 0 for line in lines)
