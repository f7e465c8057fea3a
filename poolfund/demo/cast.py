"""Who plays: people, networks and organisations of the demonstration. None of them exists."""

from dataclasses import dataclass, field

from accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Part:
    """A person: key, name, and the office of the fund where there is one."""

    key: str
    name: str
    role: Role | None = None

    @property
    def email(self) -> str:
        """Mail of the demonstration leads nowhere (RFC 2606)."""
        return f"{self.key}@demo.example"


STAFF = [
    Part("administrator", "أمل التجريبية", Role.ADMINISTRATOR),
    Part("administrator2", "عمر التجريبي", Role.ADMINISTRATOR),
    Part("programme", "سلمى التجريبية", Role.PROGRAMME_OFFICER),
    Part("programme2", "نور التجريبي", Role.PROGRAMME_OFFICER),
    Part("finance", "هالة التجريبية", Role.FINANCE_OFFICER),
    Part("finance2", "زياد التجريبي", Role.FINANCE_OFFICER),
    Part("manager", "ليلى التجريبية", Role.FUND_MANAGER),
    Part("board", "مازن التجريبي", Role.BOARD_MEMBER),
    Part("handler", "جمانة التجريبية", Role.CASE_HANDLER),
    Part("handler2", "كنان التجريبي", Role.CASE_HANDLER),
    Part("auditor", "رغد التجريبية", Role.AUDITOR),
]

NETWORKS = [
    ("north-network", {"ar": "شبكة الشمال (تجريبية)", "en": "Northern Network (demo)", "ku": "Tora Bakur (mînak)"}),
    ("coast-network", {"ar": "ملتقى الساحل (تجريبي)", "en": "Coast Forum (demo)", "ku": "Foruma Peravê (mînak)"}),
    (
        "east-network",
        {"ar": "تحالف الشرق (تجريبي)", "en": "Eastern Alliance (demo)", "ku": "Hevpeymaniya Rojhilat (mînak)"},
    ),
    ("south-network", {"ar": "شبكة الجنوب (تجريبية)", "en": "Southern Network (demo)", "ku": "Tora Başûr (mînak)"}),
]

REPRESENTATIVES = [
    Part("rep-north", "هيفاء المثال"),
    Part("rep-coast", "باسل المثال"),
    Part("rep-east", "شيرين المثال"),
    Part("rep-south", "وائل المثال"),
]


@dataclass(frozen=True, slots=True)
class SeatPart:
    """A committee member: person, constituency, network for civil-society seats, and what inclusion asks."""

    person: Part
    constituency: str
    network: str = ""
    office: str = "member"
    governorate: str = "SY01"
    traits: frozenset[str] = frozenset()
    alternate_of: str = ""


SEATS = [
    SeatPart(Part("member1", "ندى العضو"), "civil_society", "north-network", "chair", "SY02", frozenset({"woman"})),
    SeatPart(
        Part("member2", "كاوا العضو"), "civil_society", "east-network", "rapporteur", "SY08", frozenset({"under_30"})
    ),
    SeatPart(
        Part("member3", "ريم العضو"),
        "civil_society",
        "coast-network",
        "member",
        "SY10",
        frozenset({"woman", "displaced"}),
    ),
    SeatPart(Part("member4", "سامر العضو"), "civil_society", "south-network", "member", "SY12"),
    SeatPart(Part("member5", "منى العضو"), "community", "", "member", "SY09", frozenset({"woman", "disability"})),
    SeatPart(Part("member6", "طارق العضو"), "expert", "", "member", "SY01"),
    SeatPart(Part("member7", "لمى العضو"), "academic", "", "member", "SY04", frozenset({"woman"})),
    SeatPart(
        Part("alternate1", "جود العضو المناوب"),
        "civil_society",
        "south-network",
        "member",
        "SY13",
        alternate_of="member2",
    ),
]


@dataclass(frozen=True, slots=True)
class OrganisationPart:
    """An organisation with its signatory and preparer."""

    key: str
    profile: dict[str, object]
    signatory: Part
    preparer: Part
    score: int | None
    flags: frozenset[str] = field(default_factory=frozenset)


ORGANISATIONS = [
    OrganisationPart(
        "sanabel",
        {
            "name_ar": "مؤسسة سنابل التجريبية",
            "name_latin": "Sanabel Demo Foundation",
            "type": "foundation",
            "governorates": ["SY02", "SY07"],
            "registration_state": "mosal",
            "registration_number": "DEMO-1001",
            "founded_year": 2014,
            "last_year_expenditure_minor": 38_000_000,
        },
        Part("sanabel", "فاطمة سنابل"),
        Part("sanabel-preparer", "حسن سنابل"),
        72,
        frozenset({"women_led"}),
    ),
    OrganisationPart(
        "yasmin",
        {
            "name_ar": "جمعية الياسمين التجريبية",
            "name_latin": "Yasmin Demo Association",
            "type": "association",
            "governorates": ["SY12", "SY13"],
            "registration_state": "mosal",
            "registration_number": "DEMO-1002",
            "founded_year": 2018,
            "last_year_expenditure_minor": 9_500_000,
        },
        Part("yasmin", "سعاد الياسمين"),
        Part("yasmin-preparer", "يوسف الياسمين"),
        55,
        frozenset({"women_led", "youth_led"}),
    ),
    OrganisationPart(
        "furat",
        {
            "name_ar": "مبادرة الفرات التجريبية",
            "name_latin": "Furat Demo Initiative",
            "type": "initiative",
            "governorates": ["SY09", "SY11"],
            "registration_state": "in_process",
            "registration_number": "",
            "founded_year": 2025,
            "last_year_expenditure_minor": 1_200_000,
        },
        Part("furat", "خولة الفرات"),
        Part("furat-preparer", "علي الفرات"),
        None,
        frozenset({"displaced_led", "youth_led"}),
    ),
    OrganisationPart(
        "zeitoun",
        {
            "name_ar": "جمعية زيتون التجريبية",
            "name_latin": "Zeitoun Demo Association",
            "type": "association",
            "governorates": ["SY07"],
            "registration_state": "mosal",
            "registration_number": "DEMO-1004",
            "founded_year": 2016,
            "last_year_expenditure_minor": 21_000_000,
        },
        Part("zeitoun", "إيمان زيتون"),
        Part("zeitoun-preparer", "رامي زيتون"),
        64,
    ),
    OrganisationPart(
        "nakhil",
        {
            "name_ar": "رابطة النخيل التجريبية",
            "name_latin": "Nakhil Demo League",
            "type": "network",
            "governorates": ["SY08", "SY09"],
            "registration_state": "nes",
            "registration_number": "DEMO-1005",
            "founded_year": 2019,
            "last_year_expenditure_minor": 14_000_000,
        },
        Part("nakhil", "روجين النخيل"),
        Part("nakhil-preparer", "دلو النخيل"),
        58,
        frozenset({"women_led"}),
    ),
]

DONOR_REPRESENTATIVE = Part("donor", "إينغا المانحة")
