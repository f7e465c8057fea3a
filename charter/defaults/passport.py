"""The default items of the passport of due diligence (domain specification §3.2)."""

from typing import Final

from charter.defaults.units import words
from charter.schema import PassportItemRules, PassportRules

_ITEMS: Final = {
    "board": PassportItemRules(
        name=words(
            "مجلس الإدارة ومن يسيطر على المنظمة",
            "Board and who controls the organisation",
            "Desteya rêveberiyê û kî rêxistinê birêve dibe",
        ),
        asks=words(
            "اكتبوا لكل شخص سطراً: الاسم بالعربية واللاتينية، الصفة، ورقم الهوية. واذكروا كل من يملك القرار أو المال فعلياً.",
            "One line for each person: name in Arabic and Latin letters, position, identity number. Name everyone who really decides or owns.",
            "Ji bo her kesî rêzek: nav bi erebî û latînî, erk, hejmara nasnameyê. Her kesê ku bi rastî biryarê dide an xwedî ye binivîsin.",
        ),
        text=True,
        valid_months=12,
        names_people=True,
    ),
    "representative": PassportItemRules(
        name=words("هوية الممثل القانوني", "Identity of the legal representative", "Nasnameya nûnerê qanûnî"),
        asks=words(
            "صورة واضحة لهوية المخوَّل بالتوقيع أو جواز سفره، وتاريخ انتهائها.",
            "A clear photo of the signatory's identity card or travel passport, and the day on which it ends.",
            "Wêneyekî zelal ê nasname an pasaporta îmzekar, û roja ku diqede.",
        ),
        document=True,
        dated=True,
    ),
    "safeguarding": PassportItemRules(
        name=words(
            "بيان الحماية من الاستغلال وصون الأطفال",
            "Statement on protection from abuse and on children",
            "Daxuyaniya parastina ji îstismarê û ya zarokan",
        ),
        asks=words(
            "بيان موقَّع: كيف تمنعون الاستغلال والانتهاك الجنسيين وتصونون الأطفال، ولمن تُرفع الشكوى.",
            "A signed statement: how you prevent sexual exploitation and abuse and protect children, and who takes complaints.",
            "Daxuyaniyek îmzekirî: hûn çawa rê li îstismara zayendî digirin û zarokan diparêzin, û gilî ji kê re tên kirin.",
        ),
        document=True,
        valid_months=24,
    ),
    "policies": PassportItemRules(
        name=words("قائمة السياسات", "Checklist of policies", "Lîsteya polîtîkayan"),
        asks=words(
            "أيّ السياسات لديكم مكتوبة: المالية، المشتريات، الموارد البشرية، تضارب المصالح، مكافحة الاحتيال؟ أضيفوا ما هو جاهز.",
            "Which policies do you have in writing: finance, procurement, staff, conflicts of interest, fraud? Add what is ready.",
            "Kîjan polîtîkayên we nivîskî hene: darayî, kirîn, karmend, nakokiya berjewendiyan, sextekarî? Yên amade lê zêde bikin.",
        ),
        text=True,
        document=True,
        required=False,
        valid_months=36,
    ),
    "references": PassportItemRules(
        name=words("المعرّفون", "References", "Kesên ku we nas dikin"),
        asks=words(
            "شخصان أو جهتان تعرفان عملكم: الاسم، والجهة، وكيف نتصل بهما. أخبروهما أننا قد نسأل.",
            "Two people or bodies who know your work: name, body, and how to reach them. Tell them that we may ask.",
            "Du kes an saziyên ku karê we nas dikin: nav, sazî û em çawa bigihîjin wan. Ji wan re bibêjin ku em dikarin bipirsin.",
        ),
        text=True,
        valid_months=36,
    ),
    "host_confirmation": PassportItemRules(
        name=words("تأكيد المضيف المالي", "Confirmation of the fiscal host", "Piştrastkirina mêvandarê darayî"),
        asks=words(
            "إن كان لكم مضيف مالي: كتاب منه يؤكّد أنه يستلم المال ويحاسب عنه نيابة عنكم.",
            "If you have a fiscal host: a letter in which it confirms to receive and account for the money on your behalf.",
            "Heke mêvandarekî we yê darayî hebe: nameyek ku piştrast dike ku ew pereyan werdigire û hesabê wan dide.",
        ),
        asked_of="unregistered",
        required=False,
        document=True,
        dated=True,
    ),
}


def default_passport() -> PassportRules:
    """What the check looks at beside the proof of existence, the statutes and the bank account."""
    return PassportRules(items=_ITEMS, remind_days=(60, 30, 7))
