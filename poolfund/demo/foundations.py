"""The beginning of the played fund: people and offices, networks and charter, donors and money, organisations."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts import services as accounts
from accounts.models import User
from accounts.secrets import secrets_of
from charter import services as charter
from charter.defaults import default_rules
from charter.models import Network
from charter.schema import PassportItemRules
from funds import services as funds
from funds.models import Contribution, Donor
from kernel.pdf import render_pdf
from organisations import services as organisations
from organisations.models import Organisation, PassportItem
from organisations.rules import asked_of
from organisations.services.people import add_person
from organisations.states import CapacitySection, CheckItem, Declaration, PersonRole, VerificationChannel
from poolfund.demo import cast, clock

IBANS = ["GB33BUKB20201555555555", "DE75512108001245126199", "FR7630006000011234567890189", "GB94BARC10201530093459"]
"""Examples of IBAN registries; nobody's accounts."""
RENEWED_MONTHS = 24
"""Items that hold no longer have ended once since the organisations were checked."""


def person(part: cast.Part) -> User:
    """The person who plays ``part``, as the database knows them now."""
    return User.objects.get(email=part.email)


def who(key: str) -> User:
    """The person with this key of the cast."""
    return User.objects.get(email=f"{key}@demo.example")


def create_people() -> None:
    """Everybody of the cast, with a verified address and, for those who handle money, an authenticator."""
    for part in _everybody():
        user = User.objects.create_user(part.email, full_name=part.name, language="ar")
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        with secrets_of(user):
            TOTP.activate(user, generate_totp_secret())


def _everybody() -> list[cast.Part]:
    seats = [seat.person for seat in cast.SEATS]
    partners = [part for one in cast.ORGANISATIONS for part in (one.signatory, one.preparer)]
    return [*cast.STAFF, *cast.REPRESENTATIVES, *seats, *partners, cast.DONOR_REPRESENTATIVE]


def appoint_everybody() -> None:
    """The first administrator by the command's way, the others by appointment in a staff session."""
    first, *others = cast.STAFF
    accounts.appoint_first_administrator(person(first), reason="بدء عمل الصندوق")
    accounts.open_staff_session(person(first), reason="تعيين فريق الأمانة العامة والمجلس")
    for part in others:
        if part.role is not None:
            accounts.appoint(
                person(part),
                part.role,
                starts_on=timezone.localdate(),
                actor=person(first),
                reason="قرار المجلس التأسيسي",
            )


def adopt_charter() -> None:
    """Four networks join, and adopt the first charter."""
    administrator = person(cast.STAFF[0])
    accounts.open_staff_session(administrator, reason="تسجيل الشبكات وممثليها")
    today = timezone.localdate()
    for (_key, names), part in zip(cast.NETWORKS, cast.REPRESENTATIVES, strict=True):
        network = charter.add_network(LazyI18nString(names), joined_on=today, actor=administrator)
        charter.give_mandate(network, person(part), starts_on=today, actor=administrator)
    summary = LazyI18nString(
        {
            "ar": "القواعد التي يبدأ بها الصندوق: أغلبية للمجتمع المدني، وتمويل لسنوات، ومنح صغيرة مباشرة.",
            "en": "The rules the fund begins with: a civil-society majority, multi-year money, small direct grants.",
            "ku": "Rêzikên ku fon pê dest pê dike: piraniya civaka sivîl, drav ji bo salan, hibeyên biçûk ên rasterast.",
        }
    )
    version = charter.draft_version(default_rules(), summary, who("manager"))
    version = charter.propose(version, actor=who("manager"))
    for key in ("north", "coast", "east"):
        network = network_of(key)
        charter.vote(version, network, consents=True, actor=who(f"rep-{key}"), comment="نوافق")


def network_of(key: str) -> Network:
    """The network whose representative is ``rep-<key>``."""
    return Network.objects.get(representatives__user__email=f"rep-{key}@demo.example")


def receive_money() -> list[Contribution]:
    """Two donors: one gives freely, one for education in three governorates; a pledge is still to come."""
    foundation = donor("مؤسسة المانح التجريبية", "Demo Donor Foundation", "foundation")
    ministry = donor("وزارة التعاون (تجريبية)", "Ministry of Cooperation (demo)", "government")
    funds.add_representative(
        foundation, person(cast.DONOR_REPRESENTATIVE), starts_on=timezone.localdate(), actor=who("finance")
    )
    free = receive(foundation, 90_000_000, "DEMO-BANK-001")
    area = receive(
        ministry,
        40_000_000,
        "DEMO-BANK-002",
        restriction_class="RES-SECTOR",
        sectors=["education", "protection"],
    )
    promise = funds.pledge(
        ministry,
        amount_minor=50_000_000,
        expected_on=timezone.localdate() + timedelta(days=900),
        actor=who("finance"),
    )
    funds.sign_pledge(promise, signed_on=timezone.localdate(), actor=who("finance"))
    return [free, area]


def donor(arabic: str, english: str, kind: str) -> Donor:
    """A donor that nobody mistakes for one that exists."""
    return funds.add_donor(LazyI18nString({"ar": arabic, "en": english}), kind=kind, actor=who("finance"))


def receive(donor: Donor, amount_minor: int, bank_reference: str, **terms: Any) -> Contribution:
    """Money that arrived today: one person records it, another confirms it."""
    recorded = funds.record_contribution(
        donor,
        amount_minor=amount_minor,
        received_on=timezone.localdate(),
        bank_reference=bank_reference,
        actor=who("finance"),
        **terms,
    )
    return funds.confirm_contribution(recorded, amount_minor=amount_minor, actor=who("finance2"))


def paper(title: str, *lines: str) -> SimpleUploadedFile:
    """A small document of the demonstration, marked as such."""
    content = render_pdf(
        "demo/paper.typ",
        {"language": "ar", "title": title, "reference": "DEMO", "lines": [*lines, "وثيقة تجريبية لا قيمة لها."]},
    )
    return SimpleUploadedFile("demo.pdf", content, content_type="application/pdf")


def register_organisations() -> None:
    """Five organisations: registered, checked, assessed, found eligible in their tiers; their bank accounts verified."""
    for number, part in enumerate(cast.ORGANISATIONS):
        organisation = _register(part)
        _check(organisation, part)
        if number < len(IBANS):
            _verify_account(organisation, IBANS[number])


def _register(part: cast.OrganisationPart) -> Organisation:
    signatory = person(part.signatory)
    flags = {flag: flag in part.flags for flag in ("women_led", "youth_led", "displaced_led", "disability_led")}
    organisation = organisations.register(
        {
            **part.profile,
            **flags,
            "email": part.signatory.email,
            "phone": "+963 11 000 0000",
            "about": "منظمة متخيّلة تعمل في العرض التجريبي مع الأهالي.",
        },
        actor=signatory,
    )
    add_person(organisation, person(part.preparer), PersonRole.PREPARER)
    registered = part.profile["registration_state"] in {"mosal", "nes"}
    for kind in ("certificate", "statutes") if registered else ("application_receipt", "statutes", "network_letter"):
        organisations.add_proof(
            organisation,
            kind=kind,
            issued_by="جهة متخيّلة",
            issued_on=timezone.localdate() - timedelta(days=200),
            file=paper(str(part.profile["name_ar"]), kind),
            actor=signatory,
        )
    return organisation


def _give_passport(organisation: Organisation, part: cast.OrganisationPart) -> None:
    """Every item that the charter asks, given by the signatory."""
    for key, asked in asked_of(organisation).items():
        _give_item(organisation, part, key, asked)


def _give_item(
    organisation: Organisation, part: cast.OrganisationPart, key: str, asked: PassportItemRules
) -> PassportItem:
    return organisations.give_item(
        organisation,
        key,
        text="سناء المثال — Sana Example — رئيسة المجلس — 00000000000" if asked.text else "",
        file=paper(str(part.profile["name_ar"]), asked.name.ar) if asked.document else None,
        valid_until=timezone.localdate() + timedelta(days=300) if asked.dated else None,
        actor=person(part.signatory),
    )


def renew_passports() -> None:
    """What has ended of every passport since it was checked is given anew and accepted."""
    for part in cast.ORGANISATIONS:
        applicant = organisation(part.key)
        for key, asked in asked_of(applicant).items():
            if asked.dated or 0 < asked.valid_months <= RENEWED_MONTHS:
                item = _give_item(applicant, part, key, asked)
                assert item.current is not None  # it was given just now  # noqa: S101
                organisations.accept_item(item, answer=item.current, actor=who("programme"))


def _accept_passport(organisation: Organisation) -> None:
    for answer in organisation.passport_answers.select_related("item__organisation"):
        organisations.accept_item(answer.item, answer=answer, actor=who("programme"))


def _check(organisation: Organisation, part: cast.OrganisationPart) -> None:
    _give_passport(organisation, part)
    organisations.submit_due_diligence(
        organisation, declarations=list(Declaration.values), actor=person(part.signatory)
    )
    _accept_passport(organisation)
    organisations.clear_due_diligence(organisation, checked=list(CheckItem.values), actor=who("programme"))
    if part.score is not None:
        organisations.record_assessment(
            organisation,
            sections=dict.fromkeys(CapacitySection.values, part.score),
            advice="توثيق إجراءات الشراء وتدريب فريق الرصد.",
            actor=who("programme"),
        )
    organisations.decide_eligible(organisation, actor=who("manager"), reason="بحسب جدول الميثاق")


def _verify_account(organisation: Organisation, iban: str) -> None:
    account = organisations.record_bank_account(
        organisation,
        holder_latin=organisation.name_latin,
        holder_ar=organisation.name_ar,
        bank="Demo Bank",
        number=iban,
        actor=who(_part_of(organisation).signatory.key),
    )
    organisations.verify_bank_account(
        account, channel=VerificationChannel.CALL, fingerprint=account.fingerprint, actor=who("finance2")
    )


def _part_of(organisation: Organisation) -> cast.OrganisationPart:
    return next(part for part in cast.ORGANISATIONS if part.profile["name_ar"] == organisation.name_ar)


def organisation(key: str) -> Organisation:
    """The organisation with this key of the cast."""
    part = next(part for part in cast.ORGANISATIONS if part.key == key)
    return Organisation.objects.get(name_ar=part.profile["name_ar"])


def lay(say: Any) -> None:
    """Play the foundations, two years ago."""
    with clock.on(800):
        say("people, offices and second factors")
        create_people()
        appoint_everybody()
    with clock.on(799):
        say("four networks of civil society adopt the charter")
        adopt_charter()
    with clock.on(790):
        say("two donors give; two people confirm each contribution")
        receive_money()
    with clock.on(780):
        say("five organisations register, are checked and assessed")
        register_organisations()
