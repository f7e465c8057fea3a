"""The committee of seven: names, conflicts, scores, a meeting, a vote, and reasons."""

from audit import outbox
from committees.models import AgendaItem, Assignment, Meeting, Panel
from committees.selectors.scores import criteria_of
from grants.models import Application
from tests.journey.applying import ASKED, own, rivals
from tests.journey.calling import the_call
from tests.journey.cast import MEMBERS, Story
from tests.journey.people import Person, ar

CHAIR, RAPPORTEUR, RECUSED = MEMBERS[0], MEMBERS[1], MEMBERS[4]


def panel(story: Story) -> Panel:
    """The committee's work on the call."""
    return Panel.objects.get()


def _paper(story: Story, application: Application) -> str:
    return f"/committees/panels/{panel(story).pk}/applications/{application.pk}/"


def hand_over(story: Story) -> None:
    """The secretariat gives the screened call to the committee."""
    officer = story.officer.open(f"/committees/calls/{the_call(story).pk}/panel/")
    officer.write(committee=str(story.committee.pk)).press("Hand over")
    assert the_call(story).state == "in_review"
    story.papers["panel"] = f"/committees/panels/{panel(story).pk}/"
    officer.open(story.papers["panel"]).well_made()


def declare(story: Story) -> None:
    """All seven declare; they see names, places and sectors, and nothing that was written. One is out of one application."""
    ours, theirs = own(story), rivals(story)
    for member in story.members:
        member.open("/work/").open(story.papers["panel"] + "declarations/")
        member.does_not_see(ours.summary).does_not_see(ours.title)
        assert story.applicant.name_ar in member.text()
        member.finds_nothing(_paper(story, ours))
        member.open(story.papers["panel"] + "declarations/")
        hard = member.user.full_name == RECUSED
        member.field(f"{ours.pk.hex}-kind", "hard" if hard else "none")
        member.field(f"{theirs.pk.hex}-kind", "none")
        if hard:
            member.press("Record my declarations").sees("Say which link or conflict it is.")
            member.field(f"{ours.pk.hex}-ground", "employment")
        else:
            member.well_made()
        member.press("Record my declarations").sees("Your declarations are recorded. Thank you.")
    out = story.member(RECUSED)
    for path in (_paper(story, ours), story.papers["application"]):
        out.finds_nothing(path)
    out.open(story.papers["panel"]).does_not_see(story.applicant.name_ar).does_not_see(ours.reference)


def assign(story: Story) -> None:
    """At least three scorers each, none of them in conflict."""
    officer = story.officer.open(story.papers["panel"] + "assign/").well_made()
    officer.press("Compute a proposal").sees("The proposal is being computed.")
    outbox.drain()
    officer.open(story.papers["panel"] + "assign/").well_made()
    officer.press("Confirm and open the scoring").sees("The applications are with their scorers.")
    for application in (own(story), rivals(story)):
        scorers = list(
            Assignment.objects.filter(application=application).values_list("seat__user__full_name", flat=True)
        )
        assert len(scorers) >= 3
        assert application != own(story) or RECUSED not in scorers


def score(story: Story) -> None:
    """Each scores alone: nobody, not the secretariat either, sees a score before the scoring is closed."""
    story.officer.is_refused(
        story.papers["panel"] + "ranking/", "Scores become visible to all at once, when the scoring is closed."
    )
    points = {own(story).pk: "4", rivals(story).pk: "1"}
    for number, assignment in enumerate(Assignment.objects.select_related("seat__user", "application__call")):
        scorer = story.member(assignment.seat.user.full_name)
        _score(story, scorer, assignment.application, points[assignment.application_id], look=number == 0)
    officer = story.officer.open(story.papers["panel"])
    officer.press("Close the scoring").sees("The scoring is closed. The applications are before the committee.")
    officer.open(story.papers["panel"] + "ranking/").well_made()
    story.member(RECUSED).open(story.papers["panel"] + "ranking/").does_not_see(story.applicant.name_ar)
    assert own(story).state == rivals(story).state == "deliberation"


def _score(story: Story, scorer: Person, application: Application, points: str, *, look: bool) -> None:
    scorer.open("/committees/scores/").open(_paper(story, application))
    criteria = criteria_of(application.call)
    if look:
        scorer.well_made()
        scorer.write(**{f"points_{criteria[0].key}": points, f"why_{criteria[0].key}": "نعم"})
        scorer.send("main form .form-actions button")
        assert scorer.error_beside(f"why_{criteria[0].key}") != ""
        assert scorer.page.input_value(f"[name=why_{criteria[0].key}]") == "نعم"
    for one in criteria:
        scorer.write(**{f"points_{one.key}": points, f"why_{one.key}": "قرأنا الطلب بعناية وهذا ما وجدناه فيه."})
    scorer.send("main form .form-actions button")
    scorer.sees("Your scorecard is submitted. Thank you.")


def meet(story: Story) -> None:
    """The meeting opens with all seven in the room, after the checks."""
    officer = story.officer.open(story.papers["panel"] + "meetings/new/")
    officer.write(day="2027-02-23", hour="٢٥:٠٠", place="قاعة الاجتماعات").press("Call the meeting")
    assert officer.error_beside("hour") != ""
    officer.write(hour="١٦:٠٠").press("Call the meeting").sees("The meeting is called; its members are told.")
    meeting = Meeting.objects.get()
    story.papers["meeting"] = f"/committees/meetings/{meeting.pk}/"
    story.clock.move_to(2, 23, 16)
    chair = story.member(CHAIR).open(story.papers["meeting"]).press("Open the meeting")
    assert Meeting.objects.get().state == "called", "one member is no quorum"
    for member in story.members:
        member.open("/work/").open(story.papers["meeting"]).press("I am here")
    chair.open(story.papers["meeting"]).well_made().press("Open the meeting")
    assert Meeting.objects.get().state == "open"


def _item(story: Story, application: Application) -> AgendaItem:
    return AgendaItem.objects.get(meeting=Meeting.objects.get(), application=application)


def decide(story: Story, application: Application, choice: str) -> None:
    """Discussion, proposal, three checks, a roll-call in which everybody who sits votes, and the reasons in words."""
    item, chair = _item(story, application), story.member(CHAIR)
    path = f"/committees/items/{item.pk}/"
    chair.open(path).press("Open the discussion")
    chair.write(discussion="ناقشت اللجنة الخطة والموازنة.", proposed_minor=f"{application.requested_minor // 100}")
    chair.press("Write down").sees("Written down.").well_made()
    chair.press("Open the vote")
    for member in story.members:
        recused = application == own(story) and member.user.full_name == RECUSED
        if recused:
            member.finds_nothing(path)
            member.finds_nothing(path + "vote/")
            assert member.post(path + "vote/", choice=choice) == 404
            continue
        member.open(path + "vote/").write(choice=choice).press("Cast my vote").sees(
            "Your vote is recorded: %(choice)s", choice=ar(choice.capitalize())
        )
        assert member.post(path + "vote/", choice=choice) == 302, "a vote sent again is the recorded one"
    chair.open(path).press("Close the vote")
    chair.open(path + "decide/")
    chair.write(
        strengths="مشاركة حقيقية للناس.", weaknesses="خطة التعلّم قصيرة.", advice="اذكروا كيف ستقيسون النتيجة."
    ).press("Record the decision").sees("The decision is recorded and goes to the organisation.")


def vote(story: Story) -> None:
    """Six vote on one application, seven on the other: what a recusal changes is counted."""
    order = sorted((own(story), rivals(story)), key=lambda one: _item(story, one).order)
    for application in order:
        decide(story, application, "approve" if application == own(story) else "reject")
    mine, other = _item(story, own(story)), _item(story, rivals(story))
    assert (len(mine.voters), mine.votes.count()) == (6, 6)
    assert (len(other.voters), other.votes.count()) == (7, 7)
    assert (own(story).state, rivals(story).state) == ("approved", "rejected")
    assert own(story).requested_minor == ASKED


def sign_the_minutes(story: Story) -> None:
    """Chair and rapporteur sign with their second factor; a member may not."""
    chair = story.member(CHAIR).open(story.papers["meeting"]).press("Close the meeting")
    chair.sees("The meeting is closed. Its minutes are drawn and wait for two signatures.")
    for name in (CHAIR, RAPPORTEUR):
        signer = story.member(name).open(story.papers["meeting"] + "sign/")
        signer.write(agree=True).press("Sign").sees("Your signature is under the minutes.")
    assert Meeting.objects.get().state == "signed"
    assert the_call(story).state == "decided"


def read_the_reasons(story: Story) -> None:
    """The rejected organisation reads scores by criterion, strengths, weaknesses and advice; no scorer's name."""
    rival = story.rival.open("/work/").open(story.papers["other"] + "feedback/").well_made()
    for words in ("مشاركة حقيقية للناس.", "خطة التعلّم قصيرة.", "اذكروا كيف ستقيسون النتيجة.", "1.00"):
        assert words in rival.text()
    for name in MEMBERS:
        rival.does_not_see(name)
    story.signatory.finds_nothing(story.papers["other"] + "feedback/")
