"""From the first line of a call to its opening."""

from audit import outbox
from grants.models import Call
from grants.tasks import follow_the_clock
from ledger.selectors import available_minor, balance
from tests.journey.cast import THOUSAND, Story

ENVELOPE, FLOOR, CEILING = 40 * THOUSAND, 5 * THOUSAND, 15 * THOUSAND


def the_call(story: Story) -> Call:
    """The call as it stands now."""
    return Call.objects.get()


def draft(story: Story) -> None:
    """The officer writes the call; what is missing is said before the board can be asked."""
    officer = story.officer.open("/grants/calls/new/")
    officer.write(
        title_ar="مياه أحيائنا", title_en="Water for our neighbourhoods", title_ku="Ava taxên me",
        summary_ar="منح صغيرة لإصلاح المياه بأيدي أهل الحي.", summary_en="Small grants to mend water supplies.",
        summary_ku="Fonên biçûk ji bo avê.",
        text_ar="نموّل ما يقترحه أهل الحي بأنفسهم.", text_en="We fund what neighbours themselves propose.",
        text_ku="Em tiştê ku cîran pêşniyar dikin fînanse dikin.",
        grant_type="project", sectors=["wash", "education"], governorates=["SY02", "SY07"],
        envelope_minor="٤٠٬٠٠٠", floor_minor="٥٠٠٠", ceiling_minor="٢٥٠٠٠٠", months_allowed="١٢",
        opens_on="2027-01-10", opens_hour="09:00", closes_on="2027-02-11", closes_hour="16:00",
    ).press("Save")  # fmt: skip
    assert officer.status == 422
    assert officer.error_beside("ceiling_minor") == ""
    assert officer.error_beside("envelope_minor") != ""
    assert officer.page.input_value("[name=ceiling_minor]") == "٢٥٠٠٠٠", "what was typed stays"
    officer.write(ceiling_minor="١٥٬٠٠٠").press("Save").sees("Saved.")
    call = the_call(story)
    assert (call.envelope_minor, call.floor_minor, call.ceiling_minor) == (ENVELOPE, FLOOR, CEILING)
    assert officer.page.url.endswith(f"/grants/calls/{call.pk}/manage/")
    officer.well_made()
    story.papers["call"] = f"/grants/calls/{call.pk}/"


def name_the_source(story: Story) -> None:
    """The whole envelope comes from one confirmed contribution; a cent less is refused."""
    officer, name = story.officer, f"c-{story.contribution.pk}"
    officer.open(story.papers["call"] + "sources/")
    officer.field(name, "39999.99")
    officer.press("Save")
    assert officer.status == 422
    officer.field(name, "٤٠٬٠٠٠٫٠٠")
    officer.press("Save").sees("Nothing is missing: the board can decide.")
    officer.press("Tell the board").sees("The board was told.")


def approve(story: Story) -> None:
    """Only the board approves; approval reserves the envelope in the books."""
    path, free = story.papers["call"], available_minor(story.contribution.account)
    assert free == 60 * THOUSAND
    story.officer.is_refused(path + "board/", "This page is for officers of the fund who hold another role than yours.")
    story.rival.finds_nothing(path)
    story.board.open(path + "board/").well_made().press("Approve the call")
    story.board.sees("The call is approved; its envelope is reserved.")
    call = the_call(story)
    assert call.state == "board_approved"
    assert available_minor(story.contribution.account) == free - ENVELOPE
    assert balance(call.envelopes.get().account).available_minor == ENVELOPE


def publish(story: Story) -> None:
    """Everybody reads all questions, and the printed call, a week before the opening."""
    story.officer.open(story.papers["call"] + "publish/").press("Publish the call").sees("The call is published.")
    outbox.drain()
    reader = story.rival.open(story.papers["call"]).well_made()
    for section in the_call(story).sections.prefetch_related("questions"):
        for question in section.questions.all():
            assert question.label.data["ar"] in reader.text()
    for language in ("ar", "en"):
        printed = reader.context.request.get(f"{story.papers['call']}print/{language}/")
        assert printed.status == 200
        assert printed.body().startswith(b"%PDF")
    assert reader.page.get_by_role("button", name="ابدؤوا").count() == 0


def open_by_the_clock(story: Story) -> None:
    """Before its hour the call stays closed; at its hour the scheduler opens it."""
    follow_the_clock()
    assert the_call(story).state == "published"
    story.clock.move_to(1, 10, 9, 1)
    follow_the_clock()
    assert the_call(story).state == "open"
