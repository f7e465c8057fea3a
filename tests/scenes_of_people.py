"""Stories of organisations, applicants and givers that stop wherever a form waits (`tests.scenes_of_forms`)."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from i18nfield.strings import LazyI18nString
from joserfc.jwk import OKPKey

from accounts import services as people
from accounts.models import User
from accounts.roles import Role
from audit import keys, restart, turns
from charter import services as charter_services
from charter.defaults import default_rules
from funds.models import CardDifference
from funds.selectors import cards
from funds.services import endings
from funds.services.cards import ask_refund
from grants.services import applications, colleagues
from ledger.models import Account
from notices.services import channels
from notices.states import Way
from organisations import services
from organisations.models import Organisation
from organisations.passport_keys import public_side
from organisations.rules import asked_of
from tests.audit.conftest import Signer
from tests.factories import (
    accounts,
    awards,
    charter,
    disbursements,
    funds,
    grants,
    organisations,
    sealing,
    stripe_stand_in,
)
from tests.funds.test_cards import begun as begun_gift
from tests.funds.test_cards import deliver, given, worked
from tests.grants.test_religious import eligible, kits
from tests.scenes_of_forms import Story, aside, waits
from tests.transparency.test_rollback_page import roll_back
from transparency.models import SafetyReview
from transparency.services import papers, safety, tokens

IN_STORIES = {
    "accounts:close_staff_session", "accounts:invitation", "accounts:withdraw_invitation", "audit:erasure_new",
    "audit:witness_retire", "charter:holiday_remove", "funds:difference_explain", "funds:gather", "funds:payout_confirm",
    "funds:refund_ask", "funds:refund_release", "funds:representative_end", "funds:return_release", "giving:ask_certificate",
    "giving:give", "notices:mark_all_read", "notices:number_ask", "notices:number_erase", "notices:number_prove",
    "transparency:donor_alerts", "transparency:donor_token_new", "transparency:donor_token_revoke",
    "transparency:log_rollback", "transparency:log_rollback_confirm", "transparency:log_rollback_withdraw",
    "transparency:name_consent", "transparency:paper_approve", "transparency:paper_discard", "transparency:paper_publish",
    "transparency:safety_clear", "transparency:safety_review",
}  # fmt: skip
"""Forms of `the_house`; of the others of their apps something stands in the database with a row of every table."""


def nothing_more() -> Story:
    """The furnished database as it is."""
    yield {}


def organisations_and_calls() -> Story:
    """Organisations at every step of their passport, calls and applications from the draft on, a charter to vote on."""
    begun, made = organisations.registered_organisation(), organisations.eligible_organisation("M")
    key = OKPKey.generate_key("Ed25519")
    said = {"name": "صندوق آخر (مثال)", "issuer": "https://other-fund.example", "keys": {"keys": [public_side(key)]}}
    services.trust_fund(**said, actor=organisations.colleague(Role.FUND_MANAGER))
    yield waits("organisations", begun, "import_passport")
    yield from _passport(begun, made)
    charter.proposed_charter()
    charter_services.draft_version(default_rules(), LazyI18nString({"ar": "مسودة", "en": "Draft"}), charter.manager())
    organisations.complete_profile()
    organisations.submitted_organisation()
    organisations.assessed_organisation()
    yield from _accounts(made)
    yield from _capacity(made)
    yield from _listed(made)
    yield from _applying(made)


def _passport(begun: Organisation, made: Organisation) -> Story:
    with aside():
        charter.ratified_charter(default_rules())
        key = next(one for one, asked in asked_of(begun).items() if asked.text or asked.document)
        yield {"organisations:give_passport_item": (begun, begun.pk, key)}
        organisations.given_item(begun, key)
        yield {"organisations:judge_passport_item": (begun, begun.pk, key)}
    organisations.usable_bank_account(made)
    with TemporaryDirectory() as folder, override_settings(PASSPORT_KEYS_PATH=str(Path(folder) / "keys")):
        call_command("passport_key", "new", verbosity=0)
        yield waits("organisations", made, "ask_passport_signature")
        services.ask_for_signature(made, actor=organisations.signatory_of(made))
        turns.run()
        yield waits("organisations", made, "signed_passport", "signed_passport_with_accounts")


def _accounts(made: Organisation) -> Story:
    new = organisations.assessed_organisation()
    with aside():
        recorded = organisations.recorded_bank_account(new)
        yield {"organisations:verify_bank_account": (new, new.pk, recorded.pk)}
    change = organisations.bank_change(made)
    yield waits("organisations", change, "bank_change_call", "bank_change_refuse", "bank_change_withdraw")
    yield waits("organisations", organisations.called_back(change), "bank_change_agree")


def _capacity(made: Organisation) -> Story:
    signatory, officer = organisations.signatory_of(made), organisations.colleague(Role.PROGRAMME_OFFICER)
    day = timezone.localdate() + timedelta(days=60)
    point = services.agree_improvement(made, section="finance", what="مطابقة شهرية", due_on=day, actor=officer)
    services.show_improvement(point, text="طابقنا", actor=signatory)
    yield {"organisations:judge_improvement": (made, made.pk, point.pk)}
    with aside():
        services.contest(made, grounds="نرى غير ذلك", actor=signatory)
        yield waits("organisations", made, "decide_contest")
    for score in (95, 95, 95):
        services.take_performance(made, grant_id=uuid4(), reference="GRA-0", score=score)
    yield waits("organisations", made, "change_tier")


def _listed(made: Organisation) -> Story:
    signatory = organisations.signatory_of(made)
    with aside():
        services.consent_to_register(made, sectors=["wash"], tells_leadership=False, actor=signatory)
        yield waits("organisations", made, "leave_register")
    said = {"email": "new@people.example", "full_name": "زميلة جديدة", "role": "preparer"}
    services.invite_person(made, **said, actor=signatory)
    yield waits("organisations", made, "withdraw_invitation")


def _applying(made: Organisation) -> Story:
    for_the_poor = eligible()
    line = for_the_poor.budget_lines.get(category="B")
    yield {"grants:basis_propose": (for_the_poor, for_the_poor.pk, line.pk)}
    yield {"grants:basis_decide": (for_the_poor, for_the_poor.pk, kits(for_the_poor).pk)}
    call = grants.open_call()
    yield {"grants:application_start": (made, call.pk)}
    draft = grants.draft_application(call, made)
    colleagues.comment(draft, "basics", text="من يراجع هذا؟", actor=grants.preparer(made))
    yield {"grants:comment_settle": (draft, draft.pk, "basics")}
    other = grants.draft_application(grants.open_call(), made)
    said = grants.answers(other)["basics"]
    applications.save_part(other, "basics", said, version=0, tab="t", actor=grants.preparer(made))
    yield waits("grants", draft, "application_copy")
    grants.draft_call()
    grants.complete_application()
    grants.submitted_application()


# The house ------------------------------------------------------------------------------------------------------------


def the_house() -> Story:
    """Invitations, messages, records to erase, witnesses, a stopped log, and what the public and donors are told."""
    administrator = accounts.administrator()
    invited = people.invite_to_office(
        email="new.officer@people.example", full_name="مسؤولة جديدة", role=Role.FINANCE_OFFICER, language="ar", reason="توسّع",
        actor=administrator,
    )  # fmt: skip
    yield {"accounts:withdraw_invitation": None, "accounts:invitation": (invited, people.token_of(invited))}
    yield {
        "audit:erasure_new": (administrator, accounts.officer(Role.TECHNICAL_REVIEWER).pk),
        "audit:witness_new": None,
    }
    with aside():
        yield {"audit:witness_retire": sealing.witnesses()[0]}
    yield {"accounts:close_staff_session": None}
    yield waits(
        "charter",
        charter_services.add_holiday(
            date(2027, 3, 21), LazyI18nString({"ar": "عيد الأم", "en": "Mother's Day"}), actor=administrator
        ),
        "holiday_remove",
    )
    yield from _messages(administrator)
    yield from _donor()
    yield from _public()
    with aside():
        yield from givers()
    yield from _stopped_log()


def _messages(person: User) -> Story:
    with override_settings(MESSAGE_GATEWAYS={"sms": "json://127.0.0.1:1/to/{to}"}):
        channels.ask(person, Way.SMS, address="+963944000111")
        yield {
            "notices:mark_all_read": None,
            "notices:number_ask": None,
            "notices:number_prove": None,
            "notices:number_erase": None,
        }


def _donor() -> Story:
    gift = funds.confirmed_contribution(60_000_00)
    back = endings.ask_return(gift, amount_minor=1_00, why="بطلب المانح", actor=funds.keepers()[0])
    yield waits("funds", back, "return_release")
    lead = funds.representative(gift.donor)
    yield waits("funds", gift.donor, "representative_end")
    yield {
        "transparency:donor_alerts": (gift.donor, gift.donor_id),
        "transparency:donor_token_new": (gift.donor, gift.donor_id),
    }
    tokens.make(gift.donor, name="تقريرنا", days=30, actor=lead)
    yield {"transparency:donor_token_revoke": (gift.donor, gift.donor_id)}


def _public() -> Story:
    grant = awards.active_grant(tier="L")
    disbursements.pay(grant.tranches.get(number=1))
    report = disbursements.accepted_report(grant, spent_minor=100_00, number=1)
    review = SafetyReview.objects.get(report=report)
    yield waits("transparency", review, "safety_review")
    review = safety.propose(review, hidden_parts=[], hidden_words=[], actor=awards.programme_officer())
    yield waits("transparency", review, "safety_clear", "safety_keep_back")
    yield {"transparency:name_consent": (grant.organisation, grant.pk)}
    learned = LazyI18nString({"ar": "تعلّمنا أن نسأل أبكر.", "en": "We learned to ask earlier."})
    paper = papers.draw(
        papers.ask(learned=learned, actor=awards.programme_officer(), year=timezone.localdate().year).pk
    )
    assert paper is not None
    yield waits("transparency", paper, "paper_approve", "paper_discard")
    paper = papers.approve(paper, sha256=paper.sha256, actor=awards.board_member())
    yield waits("transparency", paper, "paper_publish")


def givers() -> Story:
    """Gifts by card: to give, to give back, to gather, to find in the bank."""
    with stripe_stand_in.serving() as stripe, override_settings(**stripe_stand_in.settings_for(stripe)):
        yield {"giving:give": None}
        gift = given(stripe, "100", purpose="zakat", email="giver@people.example")
        yield {"giving:ask_certificate": (gift, cards.token_of(gift)), "funds:refund_ask": gift}
        with aside():
            yield waits(
                "funds", ask_refund(gift, amount_minor=10_00, why="طلب منّا", actor=funds.keepers()[0]), "refund_release"
            )
        wrong = begun_gift(stripe, "30")
        stripe.objects[wrong.checkout]["amount_total"] = 20_00
        stripe.pay(wrong.checkout)
        deliver(stripe.deliveries())
        worked()
        yield waits("funds", CardDifference.objects.get(), "difference_explain")
        stripe.pay_out()
        deliver(stripe.deliveries())
        worked()
        pool = Account.objects.get(code="3020/cards/ZAK/USD")
        yield {"funds:payout_confirm": cards.payouts_to_confirm().get(), "funds:gather": (pool, pool.pk)}


def _stopped_log() -> Story:
    """What was published is longer than what the database holds."""
    with TemporaryDirectory() as folder:
        signer = Signer(Path(folder))
        signer.keys = keys.create(signer.key_file, settings.FUND_ID)
        with override_settings(LOG_KEYS_PATH=str(signer.key_file), LOG_MEMORY_PATH=str(signer.memory.path)):
            roll_back(signer)
            yield {"transparency:log_rollback": None}
            alarm = restart.open_alarm()
            assert alarm is not None
            restart.propose(alarm, actor=accounts.officer(Role.AUDITOR), reason="من نسخة قديمة")
            yield {"transparency:log_rollback_confirm": None, "transparency:log_rollback_withdraw": None}
