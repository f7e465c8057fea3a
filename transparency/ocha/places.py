"""The 14 governorates of Syria as OCHA's files spell them.

The files write 14 names in 26 spellings (edge spaces), and other releases add transliterations. A name is folded to
its letters before it is looked up; what is not found stays a place of its own.
"""

import re
import unicodedata

_SPELLINGS = {
    "SY01": ("Damascus", "Dimashq"),
    "SY02": ("Aleppo", "Halab"),
    "SY03": ("Rural Damascus", "Rif Dimashq", "Damascus Rural"),
    "SY04": ("Homs", "Hims"),
    "SY05": ("Hama", "Hamah"),
    "SY06": ("Lattakia", "Latakia", "Al-Ladhiqiyah"),
    "SY07": ("Idleb", "Idlib"),
    "SY08": ("Al-Hasakeh", "Al-Hasakah", "Hasakeh", "Hassakeh", "Al Hassakah"),
    "SY09": ("Deir-ez-Zor", "Deir Ezzor", "Dayr az Zawr", "Deir Al-Zor"),
    "SY10": ("Tartous", "Tartus"),
    "SY11": ("Ar-Raqqa", "Raqqa", "Al-Raqqa", "Ar-Raqqah"),
    "SY12": ("Dar'a", "Daraa", "Deraa"),
    "SY13": ("As-Sweida", "Sweida", "As-Suwayda", "Suweida"),
    "SY14": ("Quneitra", "Al-Qunaytirah", "Kuneitra"),
}


def fold(name: str) -> str:
    """Letters of ``name`` alone, without marks, spaces, punctuation and capitals."""
    decomposed = unicodedata.normalize("NFKD", name.replace("(Archived)", ""))
    return re.sub(r"[\W_]+", "", "".join(c for c in decomposed if not unicodedata.combining(c))).casefold()


_CODES = {fold(name): code for code, names in _SPELLINGS.items() for name in names}


def governorate_code(name: str) -> str:
    """The p-code of a governorate of Syria (``SY07``), or an empty text for any other place."""
    return _CODES.get(fold(name), "")
