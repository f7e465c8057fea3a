"""What the played fund answers for: complaints without a name, and partners' reports read for safety before donors read them."""

from uuid import uuid4

from accountability import services as complaints
from accountability.models import Complaint
from grants.models import Grant
from poolfund.demo import clock
from poolfund.demo.foundations import who
from transparency.models import SafetyReview
from transparency.services import safety


def complain() -> None:
    """Three people complain without signing in: one was answered, one is being looked into, one waits to be read."""
    with clock.on(150):
        late = _told("process", "لم نعرف لماذا تأخر الرد على طلبنا أسبوعين.")
    with clock.on(149):
        late = complaints.take_up(late, category="process", handler=who("programme2"), actor=who("programme"))
    with clock.on(140):
        said = "صحيح. كانت لجنة الفحص ناقصة، ونعتذر؛ يُعلن التأخير من الآن على صفحة الطلب."
        complaints.answer(late, outcome="substantiated", answer=said, actor=who("programme2"))
    with clock.on(6):
        money = _told("fraud", "طُلب منّا مبلغ مقابل التسجيل في قائمة التوزيع.", about="توزيع القرطاسية، آذار")
    with clock.on(5):
        money = complaints.take_up(money, category="fraud", handler=who("handler"), actor=who("handler2"))
        complaints.write(money, text="متى حدث ذلك، ومن كان حاضراً؟ لا تذكر اسم من تضرر.", actor=who("handler"))
    with clock.on(4):
        complaints.write(money, text="يوم الخميس، وكان معنا جارنا.", actor=None)
    with clock.on(1):
        _told("feedback", "شكراً على دورة المحاسبة. هل تتكرر في الحسكة؟")


def _told(category: str, text: str, *, about: str = "") -> Complaint:
    _code, complaint = complaints.receive(once=uuid4(), category=category, text=text, about=about, language="ar")
    return complaint


def clear_report(grant: Grant, *, read: int, cleared: int) -> None:
    """Two people read the partner's first report and take a place out: donors whose money paid it read the rest."""
    review = SafetyReview.objects.filter(report__grant=grant).earliest("report__number")
    with clock.on(read):
        review = safety.propose(review, hidden_parts=[], hidden_words=["ثلاثة أحياء"], actor=who("programme"))
    with clock.on(cleared):
        safety.clear(review, shown_sha256=review.shown_sha256, actor=who("manager"))
