"""The default questionnaire of capacity (domain specification §3.2)."""

from typing import Final

from charter.defaults.units import words
from charter.schema import CapacityQuestionRules, CapacityRules, CapacitySectionKey, CapacitySectionRules

_SECTIONS: Final[dict[CapacitySectionKey, tuple[int, str, str, str]]] = {
    "governance": (15, "الحوكمة", "Governance", "Rêveberî"),
    "programme": (15, "البرامج", "Programmes", "Bername"),
    "finance": (20, "المالية", "Finance", "Darayî"),
    "procurement": (10, "المشتريات", "Procurement", "Kirîn"),
    "staff": (10, "الموارد البشرية", "Staff", "Karmend"),
    "safeguarding": (10, "الصون والحماية", "Safeguarding", "Parastin"),
    "monitoring": (5, "الرصد والتعلّم", "Monitoring and learning", "Şopandin û hînbûn"),
    "security": (5, "الأمن والبيانات", "Security and data", "Ewlehî û dane"),
    "community": (10, "الصلة بالمجتمع", "Links with the community", "Têkiliya bi civakê re"),
}

_QUESTIONS: Final[dict[str, tuple[CapacitySectionKey, tuple[str, str, str], tuple[str, str, str]]]] = {
    "board_meets": (
        "governance",
        (
            "يجتمع مجلس الإدارة بانتظام ويوثّق قراراته.",
            "The board meets regularly and writes down what it decides.",
            "Desteya rêveberiyê bi rêkûpêk dicive û biryarên xwe dinivîse.",
        ),
        ("محضرا آخر اجتماعين", "Minutes of the last two meetings", "Tutanaka du civînên dawî"),
    ),
    "powers_divided": (
        "governance",
        (
            "من يقرّر الإنفاق غير من يدفع، ولا يقرّر شخص وحده.",
            "Who decides on spending is not who pays; nobody decides alone.",
            "Kesê ku li ser lêçûnê biryar dide ne ew e ku dide; tu kes bi tenê biryarê nade.",
        ),
        ("جدول الصلاحيات أو قرار بها", "A table of powers, or the decision on it", "Tabloya erkan an biryara wê"),
    ),
    "conflicts_kept": (
        "governance",
        (
            "لدينا سجلّ لتضارب المصالح يُحدَّث كل سنة.",
            "We keep a register of conflicts of interest and renew it every year.",
            "Tomara me ya nakokiya berjewendiyan heye û her sal tê nûkirin.",
        ),
        ("صفحة من السجلّ", "A page of the register", "Rûpelek ji tomarê"),
    ),
    "plans_with_people": (
        "programme",
        (
            "نخطّط مشاريعنا على أساس حاجات مثبتة مع أصحابها.",
            "We plan projects on needs that were established with the people concerned.",
            "Em projeyên xwe li gorî pêdiviyên ku bi xwediyên wan re hatine diyarkirin plan dikin.",
        ),
        ("تقييم حاجات أو خطة مشروع", "A needs assessment or a project plan", "Nirxandineke pêdiviyan an planek"),
    ),
    "delivered_before": (
        "programme",
        (
            "أنجزنا مشاريع مشابهة في الوقت والكلفة المتفق عليهما.",
            "We finished similar projects in the time and at the cost agreed.",
            "Me projeyên wekhev di dem û lêçûna lihevkirî de qedandine.",
        ),
        ("تقرير ختامي", "A final report", "Raporeke dawî"),
    ),
    "books_kept": (
        "finance",
        (
            "ندوّن كل حركة مالية مع مستندها خلال أسبوع.",
            "Every movement of money is booked with its voucher within a week.",
            "Her livîna pereyan bi belgeya xwe re di hefteyekê de tê tomarkirin.",
        ),
        ("صفحة من الدفتر مع مستنداتها", "A page of the books with its vouchers", "Rûpelek ji defterê bi belgeyan re"),
    ),
    "bank_compared": (
        "finance",
        (
            "نطابق الدفاتر مع كشف الحساب والصندوق كل شهر.",
            "Books are compared with bank and cash every month.",
            "Defter her meh bi hesabê bankê û kasayê re tên berawirdkirin.",
        ),
        ("آخر مطابقة شهرية", "The last monthly reconciliation", "Berawirdkirina dawî ya mehane"),
    ),
    "two_sign": (
        "finance",
        (
            "كل دفعة تحتاج توقيعين من شخصين مختلفين.",
            "Every payment needs two signatures of two people.",
            "Her dayînek du îmzeyên du kesan dixwaze.",
        ),
        ("أمر دفع موقّع", "A signed payment order", "Fermaneke dayînê ya îmzekirî"),
    ),
    "accounts_looked_at": (
        "finance",
        (
            "يراجع شخص مستقل حساباتنا كل سنة.",
            "Somebody independent looks at our accounts every year.",
            "Kesekî serbixwe her sal li hesabên me dinêre.",
        ),
        ("آخر مراجعة أو تدقيق", "The last review or audit", "Vekolîna dawî"),
    ),
    "offers_compared": (
        "procurement",
        (
            "نقارن عروضاً مكتوبة قبل الشراء فوق مبلغ محدّد.",
            "Above a set amount we compare written offers before we buy.",
            "Ji mîqdareke diyarkirî zêdetir em berî kirînê pêşniyarên nivîskî berawird dikin.",
        ),
        ("مقارنة عروض", "A comparison of offers", "Berawirdkirina pêşniyaran"),
    ),
    "goods_counted": (
        "procurement",
        (
            "نسجّل الموجودات ونجردها مرة في السنة على الأقل.",
            "What we own is listed and counted once a year at least.",
            "Malên me tomarkirî ne û salê herî kêm carekê tên jimartin.",
        ),
        ("قائمة الموجودات", "The list of assets", "Lîsteya malan"),
    ),
    "contracts_written": (
        "staff",
        (
            "لكل عامل عقد مكتوب ووصف وظيفي وأجر بسلّم معروف.",
            "Everyone who works for us has a written contract, a job description and pay by a known scale.",
            "Peymana nivîskî, danasîna kar û mûçeyeke li gorî pîvanê ya her karmendî heye.",
        ),
        ("نموذج عقد وسلّم الأجور", "A contract form and the pay scale", "Nimûneya peymanê û pîvana mûçeyan"),
    ),
    "hired_openly": (
        "staff",
        (
            "نعلن عن الوظائف ونختار بمعايير مكتوبة.",
            "Posts are announced, and people chosen by written criteria.",
            "Kar têne ragihandin û kes bi pîvanên nivîskî têne hilbijartin.",
        ),
        ("إعلان ومحضر اختيار", "An announcement and how was chosen", "Ragihandinek û biryara hilbijartinê"),
    ),
    "conduct_signed": (
        "safeguarding",
        (
            "وقّع كل العاملين والمتطوعين مدوّنة سلوك تمنع الاستغلال والانتهاك الجنسيين.",
            "All staff and volunteers signed a code of conduct that forbids sexual exploitation and abuse.",
            "Hemû karmend û dilxwazan peymana tevgerê ya li dijî îstismara zayendî îmze kirine.",
        ),
        ("المدوّنة وصفحة توقيع", "The code and a page with signatures", "Peyman û rûpelek îmzeyan"),
    ),
    "abuse_reported": (
        "safeguarding",
        (
            "نعرف ما نفعل خلال 24 ساعة عند شكوى استغلال، ولمن نحيل الناجين.",
            "When abuse is reported we know what to do within 24 hours, and where survivors find help.",
            "Dema gilîyek îstismarê tê, em dizanin di 24 saetan de çi bikin û kî alîkariya rizgarbûyan dike.",
        ),
        ("خطوات الإبلاغ ومسارات الإحالة", "Steps of reporting and referral", "Gavên ragihandin û şandinê"),
    ),
    "results_measured": (
        "monitoring",
        (
            "نقيس النتائج بمؤشرات ونغيّر العمل بما نتعلّمه.",
            "We measure results by indicators, and change our work by what we learn.",
            "Em encaman bi nîşankeran dipîvin û karê xwe li gorî hînbûnê diguherînin.",
        ),
        ("جدول مؤشرات أو تقرير رصد", "A table of indicators or a monitoring report", "Tabloya nîşankeran an raporek"),
    ),
    "data_protected": (
        "security",
        (
            "نحفظ بيانات الناس بحيث لا يراها إلا من يحتاجها، ونمحوها في وقتها.",
            "People's data are seen only by who needs them, and erased in time.",
            "Daneyên mirovan tenê kesên pêwîst dibînin û di dema xwe de tên jêbirin.",
        ),
        ("سياسة البيانات", "The policy on data", "Polîtîkaya daneyan"),
    ),
    "people_kept_safe": (
        "security",
        (
            "لدينا قواعد أمان للعاملين في الميدان يعرفونها.",
            "There are safety rules for field work, and people know them.",
            "Rêbazên ewlehiyê ji bo karê zeviyê hene û karmend pê dizanin.",
        ),
        ("خطة الأمان", "The safety plan", "Plana ewlehiyê"),
    ),
    "people_decide": (
        "community",
        (
            "للناس الذين نعمل معهم رأي في ما نفعل، ونخبرهم بما تغيّر بسببه.",
            "The people we work with have a say, and we tell them what changed by it.",
            "Mirovên ku em bi wan re dixebitin xwedî gotin in û em ji wan re dibêjin çi guherî.",
        ),
        ("محضر لقاء أو استطلاع", "Notes of a meeting or a survey", "Tutanaka civînekê an rapirsiyek"),
    ),
    "complaints_answered": (
        "community",
        (
            "يستطيع أيّ شخص أن يشتكي بأمان ويتلقّى جواباً.",
            "Anybody can complain safely, and gets an answer.",
            "Her kes dikare bi ewlehî gilî bike û bersivê werbigire.",
        ),
        (
            "آلية الشكاوى وسجلّها بلا أسماء",
            "The mechanism and its register without names",
            "Awayê gilîkirinê û tomara bê nav",
        ),
    ),
}


def default_capacity() -> CapacityRules:
    """Nine sections; each question is answered on four levels."""
    return CapacityRules(
        sections={
            key: CapacitySectionRules(name=words(*name), weight=weight) for key, (weight, *name) in _SECTIONS.items()
        },
        questions={
            key: CapacityQuestionRules(name=words(*name), section=section, weight=1, evidence=words(*evidence))
            for key, (section, name, evidence) in _QUESTIONS.items()
        },
        levels=(
            words("لا يوجد", "Not there", "Tune ye"),
            words("بدأنا به", "Begun", "Destpêkirî ye"),
            words("موجود ومكتوب", "There, in writing", "Heye û nivîskî ye"),
            words("موجود ويُعمل به ويُراجَع", "There, used and looked after", "Heye, tê bikaranîn û tê şopandin"),
        ),
        late_day_points=2,
        return_points=10,
    )
