"""From the first page of an application to a screened pile: an organisation on its phones, an officer at the desk."""

from audit import outbox
from grants.models import Application
from grants.selectors import parts
from grants.selectors.screening import checklist
from grants.tasks import follow_the_clock
from tests.factories import grants as factory
from tests.journey.calling import the_call
from tests.journey.cast import THOUSAND, Story
from tests.journey.people import Person

ASKED = 11 * THOUSAND
"""Direct costs of 10,000 dollars and the tenth for indirect costs."""
BUDGET = (
    {"category": "A", "description": "منسّقة المشروع", "unit": "شهر", "unit_cost_minor": "٤٠٠٫٠٠", "months": "١٢"},
    {"category": "B", "description": "مضخة وأنابيب", "unit": "مجموعة", "unit_cost_minor": "٣٬٢٠٠", "months": "١"},
    {"category": "D", "description": "تدريب لجنة المياه", "unit": "دورة", "unit_cost_minor": "500", "months": "٤"},
)


def own(story: Story) -> Application:
    """The application that the journey follows."""
    return Application.objects.get(organisation=story.applicant)


def rivals(story: Story) -> Application:
    """The application that will be rejected."""
    return Application.objects.get(organisation=story.other)


def begin(story: Story) -> None:
    """The preparer checks whether the organisation may apply, and begins."""
    writer = story.preparer.open("/work/").open(story.papers["call"])
    writer.press("Begin an application")
    application = own(story)
    story.papers["application"] = f"/grants/applications/{application.pk}/"
    assert writer.page.url.endswith(story.papers["application"])
    story.rival.finds_nothing(story.papers["application"])
    story.officer.finds_nothing(story.papers["application"])


def _page(story: Story, key: str) -> Person:
    return story.preparer.open(f"{story.papers['application']}edit/{key}/")


def answer_the_questions(story: Story) -> None:
    """Page by page, without scripts; a wrong number is named beside its field and nothing typed is lost."""
    call = the_call(story)
    questions = {f"q-{one.key}": "yes" if one.expected else "no" for one in call.eligibility_questions.all()}
    _page(story, parts.ELIGIBILITY).write(**questions).press("Save and continue")
    writer = story.preparer
    assert writer.page.url.endswith(f"/edit/{parts.BASICS}/")
    basics = {
        "q-title": "مياه نظيفة لحيّ الزيتون", "q-summary": "نصلح مضخة البئر ونشكّل لجنة مياه من أهل الحي.",
        "q-sector": "wash", "q-governorates": ["SY02"], "q-months": "12", "q-starts_on": "2027-03-01",
        "q-people_reached": "1e3",
    }  # fmt: skip
    writer.write(**basics).press("Save and continue")
    assert writer.error_beside("q-people_reached") != ""
    assert writer.page.input_value("[name=q-people_reached]") == "1e3"
    assert writer.page.input_value("[name=q-title]") == basics["q-title"]
    writer.write(**{"q-people_reached": "٤٥٠٠"}).press("Save and continue")
    for section in call.sections.prefetch_related("questions"):
        assert writer.page.url.endswith(f"/edit/{section.key}/")
        said = {f"q-{one.key}": f"جواب واضح من أهل الحي: {one.label}" for one in section.questions.all()}
        writer.write(**said).press("Save and continue")
    assert writer.page.url.endswith(f"/edit/{parts.BUDGET}/")


def fill_in_the_budget(story: Story) -> None:
    """Three lines in Arabic digits; the indirect costs are added by themselves."""
    writer = _page(story, parts.BUDGET)
    for number, line in enumerate(BUDGET):
        writer.write(**{f"q-{number}-{name}": value for name, value in line.items()}, **{f"q-{number}-quantity": "١"})
    writer.field("q-1-unit_cost_minor", "3_200")
    writer.press("Save and add up")
    assert writer.error_beside("q-1-unit_cost_minor") != ""
    assert writer.page.input_value("[name='q-1-unit_cost_minor']") == "3_200"
    writer.field("q-1-unit_cost_minor", "٣٬٢٠٠")
    writer.page.locator("main [name='q-2-purpose']").locator("xpath=ancestor::details/summary").click()
    writer.write(**{"q-2-purpose": "safeguarding_and_learning"}).press("Save and add up")
    assert own(story).requested_minor == ASKED


def submit(story: Story) -> None:
    """The preparer may not submit, and reads why; the signatory submits and has a receipt with a number and a hash."""
    path, reason = (
        story.papers["application"] + "submit/",
        "Only an authorised signatory of the organisation may do this. Ask yours.",
    )
    writer = story.preparer.open(path).sees(reason)
    assert writer.post(path, confirm="on") == 403
    assert own(story).state == "draft"
    signatory = story.signatory.open("/work/").open(path).well_made()
    signatory.press("Submit")
    signatory.sees("Tick the box to confirm, then submit.")
    signatory.write(confirm=True).press("Submit").sees("Your application has arrived. Its receipt is on this page.")
    application = own(story)
    assert (application.state, application.requested_minor) == ("submitted", ASKED)
    outbox.drain()
    signatory.open(story.papers["application"]).well_made()
    assert application.reference in signatory.text()
    assert own(story).content_sha256 in signatory.text()
    receipt = signatory.context.request.get(story.papers["application"] + "receipt/")
    assert receipt.body().startswith(b"%PDF")


def submit_the_other(story: Story) -> None:
    """Another organisation applies too."""
    application = factory.complete_application(the_call(story), story.other, requested=12 * THOUSAND)
    story.papers["other"] = f"/grants/applications/{application.pk}/"
    story.rival.open(story.papers["other"] + "submit/").write(confirm=True).press("Submit")
    assert rivals(story).state == "submitted"
    story.rival.finds_nothing(story.papers["application"])


def close_by_the_clock(story: Story) -> None:
    """Nobody screens before the closing; the scheduler closes the call at its hour."""
    officer, screening = story.officer, story.papers["application"] + "screen/"
    officer.open(screening).write(outcome="return", words="أرفقوا خطة السلامة.").press("Record")
    officer.sees("Screening begins when the call has closed, so that nobody has an advantage.")
    story.clock.move_to(2, 11, 16, 3)
    follow_the_clock()
    assert the_call(story).state == "closed"


def screen(story: Story) -> None:
    """One application goes back once for completion, the other is eligible at once; then both are."""
    story.clock.move_to(2, 14)
    officer = story.officer.open("/work/").open("/grants/pipeline/").well_made()
    officer.open(story.papers["application"] + "screen/").well_made()
    officer.write(outcome="return").press("Record").sees("Write this: the organisation reads exactly these words.")
    officer.write(words="اذكروا كيف يشتكي الناس.").press("Record")
    assert own(story).state == "returned_for_completion"
    _tick_all(story, "other", rivals(story))
    writer = story.preparer.open("/work/").open(story.papers["application"]).sees("What is missing")
    assert "اذكروا كيف يشتكي الناس." in writer.text()
    section = the_call(story).sections.first()
    assert section is not None
    question = section.questions.first()
    assert question is not None
    _page(story, section.key).write(**{f"q-{question.key}": "يشتكي الناس بصندوق في مقر اللجنة."})
    writer.press("Save and continue")
    story.signatory.open(story.papers["application"] + "submit/").write(confirm=True).press("Send back")
    assert own(story).state == "submitted"
    officer.open(story.papers["application"] + "screen/")
    assert officer.page.locator("[name=outcome][value=return]").count() == 0, "it goes back once only"
    _tick_all(story, "application", own(story))


def _tick_all(story: Story, paper: str, application: Application) -> None:
    officer = story.officer.open(story.papers[paper] + "screen/")
    officer.write(**{f"c-{item.key}": True for item in checklist(application)}, outcome="eligible").press("Record")
    application.refresh_from_db()
    assert application.state == "eligible"
