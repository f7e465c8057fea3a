"""The default scorecard: seven criteria, each with what 0 to 5 points mean, in Arabic and English."""

from typing import Final

from charter.schema import Criterion, Words

_Pair = tuple[str, str]
_Row = tuple[str, int, _Pair, _Pair, tuple[_Pair, _Pair, _Pair, _Pair, _Pair, _Pair]]

_ROWS: Final[tuple[_Row, ...]] = (
    (
        "need",
        20,
        ("الحاجة والصلة", "Need and relevance"),
        (
            "هل الحاجة حقيقية ومثبتة، وهل يستجيب لها المقترح؟",
            "Is the need real and shown, and does the proposal answer it?",
        ),
        (
            ("لا تُذكر حاجة.", "No need is named."),
            ("تُذكر الحاجة بعبارات عامة بلا دليل.", "The need is stated in general words, without evidence."),
            ("دليل ضعيف أو قديم، والصلة بالدعوة جزئية.", "Weak or old evidence; only part of it fits the call."),
            (
                "حاجة مثبتة وصلة واضحة بأولويات الدعوة.",
                "The need is shown and clearly fits the priorities of the call.",
            ),
            (
                "دليل حديث من المكان نفسه، وفئات محدّدة بأعدادها.",
                "Recent evidence from the place itself; groups are named and counted.",
            ),
            (
                "دليل حديث جمعه المجتمع، وفجوة لا يغطّيها أحد غيره.",
                "Recent evidence gathered with the community, and a gap that nobody else fills.",
            ),
        ),
    ),
    (
        "participation",
        20,
        ("المشاركة المجتمعية والمساءلة", "Community participation and accountability"),
        (
            "كيف يشارك المجتمع في التحديد والتصميم والتنفيذ والتقييم؟",
            "How does the community take part in choosing, designing, doing and evaluating?",
        ),
        (
            ("لا دور للمجتمع.", "The community has no role."),
            ("يُبلَّغ المجتمع بما تقرّر.", "The community is told what was decided."),
            (
                "استُشير المجتمع مرة واحدة، ولا آلية للشكاوى.",
                "The community was asked once; there is no way to complain.",
            ),
            (
                "مشاركة في مرحلتين على الأقل، وآلية شكاوى قائمة.",
                "It takes part in two stages at least, and a complaints mechanism works.",
            ),
            (
                "مشاركة في كل المراحل، وتغذية راجعة غيّرت التصميم.",
                "It takes part in every stage, and its feedback changed the design.",
            ),
            (
                "المجتمع يقود القرار، وتُنشر الشكاوى وما نتج عنها.",
                "The community leads decisions; complaints and what came of them are published.",
            ),
        ),
    ),
    (
        "quality",
        20,
        ("الجودة وقابلية التنفيذ", "Quality and feasibility"),
        ("هل الخطة واضحة وممكنة في هذا المكان وهذه المدة؟", "Is the plan clear, and possible in this place and time?"),
        (
            ("لا خطة.", "There is no plan."),
            ("أنشطة بلا ترابط أو لا يمكن تنفيذها.", "Activities do not hang together or cannot be done."),
            ("خطة ناقصة، ومخاطر مهمة غير مذكورة.", "The plan has gaps; important risks are not named."),
            (
                "خطة واضحة وواقعية، ومؤشرات قابلة للقياس.",
                "A clear, realistic plan with indicators that can be measured.",
            ),
            (
                "خطة متينة، ومخاطر مع مسؤول عن كلٍّ منها، وخبرة سابقة.",
                "A solid plan; each risk has an owner; there is experience of such work.",
            ),
            (
                "خطة ممتازة تتكيّف مع التغيّر، ونتائج سابقة مثبتة.",
                "An excellent plan that adapts to change, with proven earlier results.",
            ),
        ),
    ),
    (
        "leadership",
        15,
        ("القيادة المحلية والشمول", "Local leadership and inclusion"),
        (
            "من يقود؟ وما دور النساء والشباب والنازحين والأشخاص ذوي الإعاقة؟",
            "Who leads? What part do women, young people, displaced people and people with disabilities have?",
        ),
        (
            ("القرار خارج المنطقة، ولا ذكر للشمول.", "Decisions are taken elsewhere; inclusion is not mentioned."),
            ("تنفيذ محلي فقط، والشمول شعار.", "Local people only carry out; inclusion is a slogan."),
            ("قيادة محلية جزئية، وفئات مستفيدة لا مشاركة.", "Partly led locally; groups benefit but do not take part."),
            ("قيادة محلية، وفئتان على الأقل لهما دور في القرار.", "Led locally; two groups at least have a say."),
            (
                "قيادة محلية متنوّعة، وموارد مخصّصة لتذليل العوائق.",
                "Diverse local leadership, and resources set aside to remove barriers.",
            ),
            (
                "تقود الفئات المعنية نفسها العمل والقرار والموارد.",
                "The groups concerned lead the work, the decisions and the resources.",
            ),
        ),
    ),
    (
        "protection",
        10,
        ("الحماية وعدم إلحاق الضرر وحساسية النزاع", "Protection, do no harm, conflict sensitivity"),
        ("ما الضرر الممكن وكيف يُتجنّب؟", "What harm could come of it, and how is it avoided?"),
        (
            ("قد يسبّب ضرراً ولا يُذكر.", "It may do harm, and does not say so."),
            ("عبارات عامة عن الحماية.", "General words about protection."),
            ("مخاطر مذكورة بلا تدابير.", "Risks are named without measures."),
            (
                "تدابير لأهم المخاطر، ومدوّنة سلوك موقّعة.",
                "Measures against the main risks; a code of conduct is signed.",
            ),
            (
                "تحليل للنزاع، وإحالة آمنة، وتدريب للعاملين.",
                "A conflict analysis, safe referral, and staff who are trained.",
            ),
            (
                "تحليل يُحدَّث مع المجتمع، ويقرّب بين مجموعات مختلفة.",
                "An analysis kept up to date with the community; it brings different groups closer.",
            ),
        ),
    ),
    (
        "budget",
        10,
        ("معقولية الموازنة", "Budget reasonableness"),
        ("هل الكلفة مبرَّرة ومتناسبة مع النتائج؟", "Are the costs justified and in proportion to the results?"),
        (
            ("لا موازنة مفهومة.", "There is no budget that can be understood."),
            ("أرقام لا تتفق مع الأنشطة.", "Figures do not match the activities."),
            ("بنود كثيرة غير مبرَّرة أو مبالغ فيها.", "Many lines are not justified or are too high."),
            ("بنود مبرَّرة وأسعار قريبة من السوق.", "Lines are justified and prices near the market."),
            ("كلفة جيدة لكل نتيجة، وأجور متوازنة.", "Good cost for each result, and balanced pay."),
            (
                "كلفة ممتازة، ومساهمات محلية أو تطوّعية واضحة.",
                "Excellent cost, with clear local or volunteer contributions.",
            ),
        ),
    ),
    (
        "learning",
        5,
        ("التعلّم والاستدامة", "Learning and sustainability"),
        ("ما الذي يبقى بعد المنحة، وما الذي سنتعلّمه؟", "What stays after the grant, and what will be learnt?"),
        (
            ("لا شيء.", "Nothing."),
            ("وعود بالاستمرار بلا أساس.", "Promises to go on, without ground."),
            ("نيّة للتعلّم بلا خطة.", "A wish to learn, without a plan."),
            (
                "خطة تعلّم بسيطة، وخطوة واضحة لما بعد المنحة.",
                "A simple plan to learn, and a clear step after the grant.",
            ),
            ("دروس تُشارك مع غيره، وموارد محلية للاستمرار.", "Lessons are shared with others; local means to continue."),
            (
                "استمرار مضمون محلياً، وتعلّم صريح من الإخفاق أيضاً.",
                "Continuation is secured locally, with open learning from failure too.",
            ),
        ),
    ),
)


def default_criteria() -> tuple[Criterion, ...]:
    """The seven criteria of the default scorecard; their weights sum to 100."""
    return tuple(
        Criterion(
            key=key,
            weight=weight,
            name=Words(ar=name[0], en=name[1]),
            question=Words(ar=question[0], en=question[1]),
            anchors={str(points): Words(ar=ar, en=en) for points, (ar, en) in enumerate(anchors)},
        )
        for key, weight, name, question, anchors in _ROWS
    )
