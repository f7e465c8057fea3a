"""What a new call begins with: criteria of the charter, eligibility questions, and a form in proportion to its grants.

The secretariat changes all of it in the draft. Texts are in Arabic, English and Kurmanji.
"""

from dataclasses import dataclass
from typing import Any

from i18nfield.strings import LazyI18nString

from charter.schema import CharterRules, Words
from grants.states import GrantType, QuestionKind


def words(ar: str, en: str, ku: str) -> LazyI18nString:
    """A text in the fund's languages."""
    return LazyI18nString({"ar": ar, "en": en, "ku": ku})


def _of_charter(text: Words) -> LazyI18nString:
    return LazyI18nString({language: written for language, written in text.model_dump().items() if written})


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """A question of the default form; ``light``: also asked where grants are small."""

    key: str
    label: LazyI18nString
    hint: LazyI18nString
    max_length: int
    light: bool = True
    kind: str = QuestionKind.LONG_TEXT


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A page of the default form."""

    key: str
    title: LazyI18nString
    intro: LazyI18nString
    questions: tuple[QuestionPlan, ...]


def criteria(rules: CharterRules) -> list[dict[str, Any]]:
    """The charter's scorecard as rows of a call: key, name, guidance, weight, anchors by language."""
    return [
        {
            "key": criterion.key,
            "name": _of_charter(criterion.name),
            "guidance": _of_charter(criterion.question),
            "weight": criterion.weight,
            "anchors": {points: text.model_dump() for points, text in criterion.anchors.items()},
        }
        for criterion in rules.scoring.criteria
    ]


def sections(grant_type: str, ceiling_minor: int, rules: CharterRules) -> list[SectionPlan]:
    """The default form: for grants under the charter's light reporting line only the questions that a small one needs.

    In the rapid window one page, which is written in an hour.
    """
    if grant_type == GrantType.RAPID:
        return [_RAPID]
    if ceiling_minor > rules.reports.light_up_to_minor:
        return list(_SECTIONS)
    return [
        SectionPlan(plan.key, plan.title, plan.intro, kept)
        for plan in _SECTIONS
        if (kept := tuple(question for question in plan.questions if question.light))
    ]


_NOTHING = words("", "", "")

_SECTIONS = (
    SectionPlan(
        "need",
        words("الاحتياج والمجتمع", "The need and the community", "Pêdivî û civak"),
        words(
            "اكتبوا كما تشرحون لجاركم. لا نقيّم اللغة ولا المصطلحات.",
            "Write as you would explain it to a neighbour. We do not judge language or jargon.",
            "Wek ku hûn ji cîranê xwe re dibêjin binivîsin. Em ziman an peyvên taybet nanirxînin.",
        ),
        (
            QuestionPlan(
                "need",
                words("ما المشكلة، ومن تصيب، وأين؟", "What is the problem, whom does it affect, and where?",
                      "Pirsgirêk çi ye, bandorê li kê dike û li ku ye?"),
                words("اذكروا ما تعرفونه من الميدان وما سمعتموه من الناس.",
                      "Say what you know from the ground and what people have told you.",
                      "Tiştê ku hûn ji qadê dizanin û we ji mirovan bihîstiye binivîsin."),
                2000,
            ),
            QuestionPlan(
                "participation",
                words("كيف شارك الناس المعنيون في هذه الفكرة، وكيف سيشاركون لاحقاً؟",
                      "How did the people concerned take part in this idea, and how will they later?",
                      "Mirovên eleqedar çawa beşdarî vê ramanê bûn û dê paşê çawa beşdar bibin?"),
                words("التحديد، التصميم، التنفيذ، التقييم: اذكروا كل مرحلة بجملة.",
                      "Finding the need, design, work, evaluation: one sentence for each.",
                      "Diyarkirin, sêwirandin, xebat, nirxandin: ji bo her yekê hevokek."),
                1500,
            ),
        ),
    ),
    SectionPlan(
        "work",
        words("العمل والنتائج", "The work and its results", "Xebat û encam"),
        _NOTHING,
        (
            QuestionPlan(
                "activities",
                words("ماذا ستفعلون، خطوة بخطوة؟", "What will you do, step by step?", "Hûn ê çi bikin, gav bi gav?"),
                words("لكل خطوة: ماذا، أين، متى، ومن المسؤول.", "For each step: what, where, when, and who answers for it.",
                      "Ji bo her gavê: çi, li ku, kengî û kî berpirsiyar e."),
                3000,
            ),
            QuestionPlan(
                "results",
                words("ما الذي سيتغيّر في حياة الناس، وكيف ستعرفون؟",
                      "What will change in people's lives, and how will you know?",
                      "Di jiyana mirovan de dê çi biguhere û hûn ê çawa pê bizanin?"),
                words("نتيجتان أو ثلاث تكفي. اذكروا رقماً لكل نتيجة إن أمكن.",
                      "Two or three results are enough. Give a number for each where you can.",
                      "Du an sê encam bes in. Heke gengaz be ji bo her yekê hejmarek binivîsin."),
                2000,
            ),
            QuestionPlan(
                "team",
                words("من سيقوم بالعمل، وما خبرتهم؟", "Who will do the work, and what have they done before?",
                      "Kî dê xebatê bike û ezmûna wan çi ye?"),
                words("دون أسماء: الأدوار والخبرة فقط.", "No names: roles and experience only.",
                      "Bê nav: tenê rol û ezmûn."),
                1500,
                light=False,
            ),
        ),
    ),
    SectionPlan(
        "care",
        words("القيادة المحلية وسلامة الناس", "Local leadership and people's safety", "Serkêşiya herêmî û ewlehiya mirovan"),
        _NOTHING,
        (
            QuestionPlan(
                "leadership",
                words("ما دور النساء والشباب والنازحين وذوي الإعاقة في القرار؟",
                      "What say do women, young people, displaced people and people with disabilities have?",
                      "Rola jin, ciwan, koçber û kesên bi astengiyê di biryarê de çi ye?"),
                _NOTHING,
                1500,
            ),
            QuestionPlan(
                "harm",
                words("ما الضرر الذي قد ينتج عن العمل، وكيف تتجنّبونه؟",
                      "What harm could come of the work, and how do you avoid it?",
                      "Ji xebatê kîjan zirar dikare derkeve û hûn çawa jê dûr dikevin?"),
                words("فكّروا في الخلافات بين المجموعات، وسلامة النساء والأطفال، وسرّية المعلومات.",
                      "Think of tensions between groups, the safety of women and children, and confidential information.",
                      "Li nakokiyên navbera koman, ewlehiya jin û zarokan û nepeniya agahiyan bifikirin."),
                1500,
            ),
            QuestionPlan(
                "complaints",
                words("كيف يشتكي الناس، ومن يجيبهم؟", "How can people complain, and who answers them?",
                      "Mirov çawa dikarin gilî bikin û kî bersiva wan dide?"),
                _NOTHING,
                1000,
                light=False,
            ),
        ),
    ),
    SectionPlan(
        "after",
        words("التعلّم وما بعد المنحة", "Learning, and after the grant", "Fêrbûn û piştî fonê"),
        _NOTHING,
        (
            QuestionPlan(
                "learning",
                words("ماذا تريدون أن تتعلّموا، وماذا لم ينجح في عمل سابق؟",
                      "What do you want to learn, and what did not work in earlier projects?",
                      "Hûn dixwazin çi fêr bibin û di karên berê de çi bi ser neket?"),
                words("ما تذكرونه عن إخفاق سابق لا ينقص من تقييمكم.",
                      "What you say about an earlier failure does not lower your score.",
                      "Tiştê ku hûn li ser têkçûnek berê dibêjin nota we kêm nake."),
                1500,
                light=False,
            ),
            QuestionPlan(
                "future",
                words("ما الذي يبقى بعد انتهاء المنحة؟", "What stays when the grant has ended?",
                      "Piştî dawiya fonê çi dimîne?"),
                _NOTHING,
                1000,
            ),
        ),
    ),
)  # fmt: skip

_RAPID = SectionPlan(
    "response",
    words("الاستجابة", "The response", "Bersiv"),
    words(
        "صفحة واحدة. اكتبوا ما تعرفونه الآن؛ يمكنكم تصحيح الخطة بعد المنح.",
        "One page. Write what you know now; you may correct the plan after the award.",
        "Rûpelek tenê. Tiştê ku hûn niha dizanin binivîsin; hûn dikarin planê piştî fonê rast bikin.",
    ),
    (
        QuestionPlan(
            "need",
            words("ماذا حدث لمن، وما الذي لا يحتمل الانتظار؟", "What happened to whom, and what cannot wait?",
                  "Çi hat serê kê, û çi nikare bisekine?"),
            _NOTHING,
            1500,
        ),
        QuestionPlan(
            "activities",
            words("ماذا ستفعلون في الأسابيع الستة القادمة، وماذا في الأيام السبعة الأولى؟",
                  "What will you do in the next six weeks, and what in the first seven days?",
                  "Hûn ê di şeş hefteyên pêş de çi bikin, û di heft rojên pêşîn de çi?"),
            _NOTHING,
            2000,
        ),
        QuestionPlan(
            "harm",
            words("كيف تحمون الناس وفريقكم، وكيف يصل إليكم من يشتكي؟",
                  "How do you keep people and your team safe, and how can somebody complain?",
                  "Hûn mirovan û ekîba xwe çawa diparêzin, û mirov çawa dikare gilî bike?"),
            _NOTHING,
            1000,
        ),
    ),
)  # fmt: skip


ELIGIBILITY: tuple[dict[str, Any], ...] = (
    {
        "key": "syrian",
        "text": words(
            "هل تقود منظمتَكم قيادةٌ سورية وتعمل داخل سوريا؟",
            "Is your organisation led by Syrians, and does it work inside Syria?",
            "Gelo rêxistina we ji aliyê Sûriyeyiyan ve tê birêvebirin û di nava Sûriyeyê de dixebite?",
        ),
        "expected": True,
        "explanation": words(
            "هذا صندوق بقيادة محلية. يمكن للمنظمات الدولية أن تكون شريكاً فنياً لمنظمة سورية.",
            "This fund is locally led. An international organisation may be the technical partner of a Syrian one.",
            "Ev fon bi serkêşiya herêmî ye. Rêxistinek navneteweyî dikare bibe hevpara teknîkî ya rêxistinek Sûriyeyî.",
        ),
    },
    {
        "key": "place",
        "text": words(
            "هل تعملون في إحدى محافظات هذه الدعوة؟",
            "Do you work in one of the governorates of this call?",
            "Gelo hûn li yek ji parêzgehên vê bangê dixebitin?",
        ),
        "expected": True,
        "explanation": words(
            "المال مخصّص لهذه المحافظات. تابعوا الدعوات القادمة لمناطقكم.",
            "The money is set aside for these governorates. Watch for the next calls for your area.",
            "Drav ji bo van parêzgehan hatiye veqetandin. Bangên paşerojê ji bo herêma xwe bişopînin.",
        ),
    },
    {
        "key": "proof",
        "text": words(
            "هل لديكم ترخيص، أو إثبات وجود بديل، أو مضيف مالي؟",
            "Do you have a registration, another proof that you exist, or a fiscal host?",
            "Gelo qeydkirina we, belgeyek din a hebûnê, an mazûvanek darayî ya we heye?",
        ),
        "expected": True,
        "explanation": words(
            "نقبل إيصال طلب الترخيص والنظام الأساسي ورسالة من شبكة أو مجلس محلي. ومن دونها يمكن لمضيف مالي أن يستلم المنحة.",
            "A receipt of your registration request, signed statutes, or a letter of a network or local council will do. "
            "Without them a fiscal host can receive the grant.",
            "Meqbûza serlêdana qeydkirinê, destûra îmzekirî, an nameya torekê an meclisek herêmî bes e. Bêyî wan mazûvanek "
            "darayî dikare fonê werbigire.",
        ),
    },
    {
        "key": "conduct",
        "text": words(
            "هل لديكم مدوّنة سلوك تمنع الاستغلال والإيذاء، أو تلتزمون باعتمادها قبل التوقيع؟",
            "Do you have a code of conduct against exploitation and abuse, or will you adopt one before signing?",
            "Gelo we rêzikname li dijî îstîsmar û destdirêjiyê heye, an hûn ê berî îmzekirinê qebûl bikin?",
        ),
        "expected": True,
        "explanation": words(
            "سلامة الناس شرط لا يُستثنى منه أحد. نرسل لكم نموذجاً جاهزاً إن احتجتم.",
            "People's safety is a condition without exception. We send you a model text if you need one.",
            "Ewlehiya mirovan şertek bê îstîsna ye. Heke pêwîst be em metnek nimûne ji we re dişînin.",
        ),
    },
    {
        "key": "double",
        "text": words(
            "هل تموّل جهة أخرى التكاليف نفسها؟",
            "Does another funder already pay for the same costs?",
            "Gelo fonkerek din jixwe heman lêçûnan dide?",
        ),
        "expected": False,
        "explanation": words(
            "لا يُدفع ثمن الشيء نفسه مرتين. يمكن أن تطلبوا ما لا تغطّيه الجهة الأخرى.",
            "The same thing is not paid for twice. You may ask for what the other funder does not cover.",
            "Heman tişt du caran nayê dayîn. Hûn dikarin tiştê ku fonkerê din nade bixwazin.",
        ),
    },
)
"""The default eligibility questions of a call."""
