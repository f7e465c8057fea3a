"""From the offer to the closed grant: signatures, two payments, three reports, a refund, and where the money is."""

from audit import outbox
from disbursements.models import Payment, Refund, Tranche
from disbursements.tasks import follow_the_clock
from grants.models import Grant, Report
from ledger.selectors import available_minor, balance, trial_balance
from tests.factories import files
from tests.journey.applying import ASKED
from tests.journey.calling import ENVELOPE, the_call
from tests.journey.cast import THOUSAND, Story
from tests.journey.people import Person

FIRST, SECOND, THIRD, RETAINED = 5_500_00, 3_300_00, 1_100_00, 1_100_00
"""The charter's schedule of this tier: half, three tenths, two tenths, of which one is kept until the final report."""
SPENT = {1: (1_500_00, 1_500_00), 2: (200_00, 1_000_00), 3: (2_500_00, 1_850_00)}
"""Staff and supplies by report: 3,000, then 4,200 of the 5,500 received, 8,550 of 8,800 in the end."""
GIVEN_BACK = 250_00


def the_grant(story: Story) -> Grant:
    """The grant as it stands now."""
    return Grant.objects.get()


def tranche(number: int) -> Tranche:
    """One payment of the schedule."""
    return Tranche.objects.get(number=number)


def _path(thing: Grant | Tranche | Report | Payment, act: str = "") -> str:
    nouns = {"grant": "grants", "tranche": "tranches", "report": "reports", "payment": "payments"}
    noun = nouns[str(thing._meta.model_name)]
    return f"/disbursements/{noun}/{thing.pk}/{act}"


def offer(story: Story) -> None:
    """The officer offers, the preparer may only read, the signatory accepts."""
    grant = the_grant(story)
    assert (grant.state, grant.amount_minor, grant.tier) == ("awarded", ASKED, "H")
    envelope = the_call(story).envelopes.get()
    assert balance(envelope.account).reserved_minor == ASKED
    story.officer.open("/work/").open(_path(grant, "offer/send/")).press("Send the offer").sees("The offer is sent.")
    story.rival.finds_nothing(_path(grant, "offer/"))
    story.preparer.open(_path(grant, "offer/")).sees(
        "Only an authorised signatory of the organisation may do this. Ask yours."
    )
    signatory = story.signatory.open("/work/").open(_path(grant, "offer/")).well_made()
    signatory.follow("Accept the offer").press("Accept the offer")
    signatory.sees("Accepted. The fund now draws up the agreement.")


def sign(story: Story) -> None:
    """Drawn up by the rules, signed by the partner, countersigned by the manager, each with a code typed on the spot."""
    grant = the_grant(story)
    officer = story.officer.open(_path(grant, "agreement/draw/"))
    officer.write(starts_on="2027-03-01").press("Draw up in Arabic and English").well_made()
    outbox.drain()
    path = _path(grant, "agreement/sign/")
    signatory = story.signatory.open(_path(grant, "agreement/")).well_made()
    signatory.follow("Sign this agreement").write(read=True).press("Sign")
    assert the_grant(story).state == "signed_by_partner"
    assert story.finance.go(path) == 403
    story.manager.open(path).write(read=True).press("Sign")
    grant = the_grant(story)
    assert grant.state == "active"
    assert list(Tranche.objects.order_by("number").values_list("amount_minor", flat=True)) == [
        FIRST, SECOND, THIRD, RETAINED,
    ]  # fmt: skip
    assert balance(the_call(story).envelopes.get().account).available_minor == ENVELOPE - ASKED - ENVELOPE // 20
    for language in ("ar", "en"):
        printed = signatory.context.request.get(_path(grant, f"agreement/{language}.pdf"))
        assert printed.body().startswith(b"%PDF")


def pay(story: Story, number: int, *, look: bool) -> None:
    """Requested, approved by programme and by finance, prepared by one person, released by another, confirmed."""
    one = tranche(number)
    amount = f"{one.amount_minor // 100}"
    signatory = story.signatory.open(_path(one, "request/"))
    assert story.preparer.go(_path(one, "request/")) == 200
    story.preparer.sees("Only an authorised signatory of the organisation may do this. Ask yours.")
    signatory.write(cash_on_hand_minor="١٬٠٠٠٫٠٠٠", forecast_minor=amount).press("Request the tranche")
    assert signatory.error_beside("cash_on_hand_minor") != ""
    signatory.write(cash_on_hand_minor="٠").press("Request the tranche")
    signatory.sees("Requested. The fund answers within the charter's days.")
    assert story.finance.go(_path(one, "approve/finance/")) == 403, "the programme approves first"
    assert story.manager.go(_path(one, "approve/programme/")) == 403
    officer = story.officer.open("/work/").open(_path(one, "approve/programme/"))
    if look:
        officer.well_made()
    officer.press("Approve")
    assert tranche(number).state == "programme_approved"
    assert story.officer.go(_path(one, "approve/finance/")) == 403, "one person never gives both approvals"
    story.finance.open(_path(one, "approve/finance/")).press("Approve")
    assert tranche(number).state == "finance_approved"
    assert story.officer.go(_path(one, "pay/")) == 403
    story.finance.open(_path(one, "pay/")).press("Prepare the payment")
    _release_and_confirm(story, one.payments.get(), look=look)


def _release_and_confirm(story: Story, payment: Payment, *, look: bool) -> None:
    story.finance.is_refused(_path(payment, "release/"), "You prepared this payment; another person releases it.")
    assert story.finance.post(_path(payment, "release/"), bank_reference="X") == 403
    releaser = story.other_finance.open(_path(payment, "release/"))
    slip = files.pdf(unlike=payment.tranche.number)
    releaser.write(bank_reference="TRX-2027", slip=_upload("slip.pdf", b"MZ no slip")).press("Record the release")
    assert releaser.error_beside("slip") != ""
    assert releaser.page.input_value("[name=bank_reference]") == "TRX-2027"
    releaser.write(slip=_upload("slip.pdf", slip.read())).press("Record the release")
    releaser.sees("Released. The organisation was asked to confirm that it arrived.")
    assert story.officer.go(_path(payment, "confirm/")) == 403
    signatory = story.signatory.open("/work/").open(_path(payment, "confirm/"))
    signatory.write(fee_minor="١٢٫٥٠").press("It arrived")
    if look:
        signatory.well_made()
    signatory.sees("Thank you. The payment is settled in the books.")
    payment.refresh_from_db()
    assert (payment.state, payment.fee_minor) == ("confirmed", 12_50)
    assert tranche(payment.tranche.number).state == "received"


def _upload(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def report(story: Story, number: int, *, early: bool = False, look: bool = False) -> None:
    """Written by the preparer without scripts, submitted by the signatory, accepted by the officer."""
    one = the_grant(story).reports.get(number=number)
    writer = story.preparer.open(_path(one))
    if early:
        writer.press("Begin to write now")
    writer.open(_path(one, "write/"))
    staff, supplies = (minor // 100 for minor in SPENT[number])
    writer.write(
        q__achieved="أُصلحت المضخة ويشرب منها أهل الحي.", q__did_not_work="تأخر المورّد شهراً.",
        q__participation="لجنة المياه راقبت العمل.", q__people_reached="١٢٠٠",
        **{"q-line-A-spent": f"{staff}", "q-line-B-spent": "1e3"},
    ).press("Save and read through")  # fmt: skip
    assert writer.error_beside("q-line-B-spent") != ""
    assert writer.page.input_value("[name=q-line-B-spent]") == "1e3"
    writer.field("q-line-B-spent", f"{supplies}")
    writer.press("Save and read through").sees(
        "Only an authorised signatory of the organisation may do this. Ask yours."
    )
    signatory = story.signatory.open(_path(one, "submit/"))
    if look:
        signatory.well_made()
    signatory.press("Submit the report").sees("Submitted. The fund reviews it within the charter's days.")
    story.manager.open(_path(one))
    assert story.finance.go(_path(one, "accept/")) == 403
    story.officer.open("/work/").open(_path(one, "accept/")).press("Accept the report")
    one.refresh_from_db()
    assert (one.state, one.spent_minor) == ("accepted", sum(SPENT[number]))


def spend_and_report(story: Story) -> None:
    """At 54 % of the money received the second payment is refused with the sum that is missing; at 76 % it is paid."""
    follow_the_clock()
    assert story.preparer.go(_path(tranche(2), "request/")) == 200
    story.preparer.sees("It cannot be requested yet.")
    story.clock.move_to(7, 1)
    follow_the_clock()
    report(story, 1, look=True)
    path = _path(tranche(2), "request/")
    refused: Person = story.signatory.open(path).well_made()
    refused.sees(
        "%(share)s %% of the money received must be spent and reported first; %(left)s is missing.",
        share=70, left=_money(850_00),
    )  # fmt: skip
    assert refused.page.locator("[name=cash_on_hand_minor]").count() == 0
    assert refused.post(path, bank_account=str(story.account.pk), cash_on_hand_minor="0", forecast_minor="1") == 200
    assert tranche(2).state == "due", "sent by force it is refused too"
    story.clock.move_to(8, 15)
    report(story, 2, early=True)
    pay(story, 2, look=False)
    assert tranche(3).state == "due"
    story.signatory.open(_path(tranche(3), "request/"))
    assert story.signatory.page.locator("[name=cash_on_hand_minor]").count() == 0


def _money(minor: int) -> str:
    from kernel.money import Money, format_money

    return format_money(Money(minor, "USD"), "ar")


def finish(story: Story) -> None:
    """The last day passes; the final report says what was not spent; two people take it back, the manager closes."""
    story.clock.move_to(3, 1, year=2028)
    follow_the_clock()
    report(story, 3)
    grant = the_grant(story)
    story.manager.is_refused(_path(grant, "close/"), "The refund is not computed yet.")
    keeper = story.finance.open(_path(grant, "closing/")).well_made()
    keeper.open(_path(grant, "refund/compute/")).press("Compute the refund")
    assert (Refund.objects.get().state, Refund.objects.get().amount_minor) == ("computed", GIVEN_BACK)
    keeper.open(_path(grant, "refund/record/")).write(bank_reference="RF-2028").press("Record the refund")
    keeper.is_refused(_path(grant, "refund/confirm/"), "You recorded this refund; another person confirms it.")
    story.other_finance.open(_path(grant, "refund/confirm/")).press("Confirm the refund")
    story.other_finance.sees("Confirmed. The money is back with the sources it came from.")
    story.manager.open(_path(grant, "close/")).press("Close the grant").sees("The grant is closed.")
    story.manager.well_made()
    story.signatory.open(_path(grant)).well_made()


def balance_the_books(story: Story) -> None:
    """What was never paid and what came back is with its donor's money; the call gives back the rest."""
    grant, free = the_grant(story), available_minor(story.contribution.account)
    assert grant.state == "closed"
    assert free == 60 * THOUSAND - ENVELOPE + (ASKED - FIRST - SECOND) + GIVEN_BACK
    story.officer.open(story.papers["call"] + "complete/").press("Complete the call").sees("The call is completed.")
    spent = sum(map(sum, SPENT.values()))
    assert available_minor(story.contribution.account) == 60 * THOUSAND - spent
    assert all(trial.balanced for trial in trial_balance())
