"""Codes of IATI 2.03 and of the OECD's sectors (five digits) that the fund uses."""

from typing import Final

SECTORS: Final = {
    "wash": "14030",
    "health": "12220",
    "nutrition": "12240",
    "food_security": "72040",
    "shelter": "72010",
    "education": "11110",
    "protection": "72010",
    "child_protection": "16010",
    "gbv": "15180",
    "mine_action": "15250",
    "hlp": "15130",
    "early_recovery": "73010",
    "cccm": "72010",
    "cash": "72010",
    "logistics": "72050",
    "etc": "72050",
    "coordination": "72050",
    "social_cohesion": "15220",
    "institutional": "15150",
    "local_knowledge": "43082",
}
"""Each sector of the fund by the OECD's purpose code that says most of it."""
SEVERAL_SECTORS: Final = "43010"
"""Multisector aid: of a sum whose sector is not told, and of the fund itself."""

NATIONAL_NGO, OTHER = "24", "90"
"""Types of organisations: an NGO of the partner country; any other."""
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
"""Roles of participating organisations."""
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
"""Types of dates of an activity."""
RUNNING, CLOSED = "2", "4"
"""States of an activity."""
INCOMING_FUNDS, OUTGOING_COMMITMENT, DISBURSEMENT = "1", "2", "3"
"""Types of transactions. Money given back is a negative disbursement: type 7 means something else."""
PROJECT, POOLED_FUND = "C01", "B04"
"""Types of aid: a project; a basket fund."""
HUMANITARIAN_FLOW, GRANT = "10", "110"
"""Flow and finance types: official development assistance; a grant that is not repaid."""
PARENT, CHILD = "1", "2"
"""Types of relations between activities."""

INTERNATIONAL_NGO, MULTILATERAL = "21", "40"
"""Types of organisations of other funds' partners."""
INCOMING_COMMITMENT: Final = "11"
INCOMING_PLEDGE: Final = "13"
"""A contribution that a donor has signed."""
PLANNED_DISBURSEMENT_ORIGINAL, BUDGET_ORIGINAL, COMMITTED = "1", "1", "2"
"""A plan or budget as it was first agreed; its state: committed."""
ANOTHER_IDENTIFIER: Final = "A9"
"""A code that an activity has elsewhere."""
OCHA_POOLED_FUNDS: Final = "XM-OCHA-CBPF"
"""OCHA's country-based pooled funds in the register of organisations."""
OUTPUT, UNIT = "1", "1"
"""A result that is an output; an indicator that counts."""
EXCLUSIONS: Final = "B08"
"""A document that says what is not published, and why."""

CLUSTERS: Final = {
    "1": SECTORS["cccm"],
    "2": SECTORS["early_recovery"],
    "3": SECTORS["education"],
    "4": SECTORS["shelter"],
    "5": SECTORS["etc"],
    "6": SECTORS["food_security"],
    "7": SECTORS["health"],
    "8": SECTORS["logistics"],
    "9": SECTORS["nutrition"],
    "10": SECTORS["protection"],
    "11": SECTORS["wash"],
    "12": SECTORS["coordination"],
    "14": "12264",
    "15": SECTORS["cash"],
    "17": SECTORS["coordination"],
    "18": SECTORS["cccm"],
}
"""Clusters by OCHA's numbers; others are multisector aid."""
