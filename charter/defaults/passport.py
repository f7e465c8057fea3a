"""The default items of the passport of due diligence (domain specification §3.2)."""

from charter.schema import PassportItemRules, PassportRules, Words


def default_passport() -> PassportRules:
    """What the check looks at beside the proof of existence, the statutes and the bank account."""
    return PassportRules(
        items={
            "board": PassportItemRules(
                name=Words(
                    ar="مجلس الإدارة ومن يسيطر على المنظمة", en="Board and who controls the organisation",
                    ku="Desteya rêveberiyê û kî rêxistinê birêve dibe",
                ),
                asks=Words(
                    ar="اكتبوا لكل شخص سطراً: الاسم بالعربية واللاتينية، الصفة، ورقم الهوية. واذكروا كل من يملك القرار أو المال فعلياً.",
                    en="One line for each person: name in Arabic and Latin letters, position, identity number. Name everyone who really decides or owns.",
                    ku="Ji bo her kesî rêzek: nav bi erebî û latînî, erk, hejmara nasnameyê. Her kesê ku bi rastî biryarê dide an xwedî ye binivîsin.",
                ),
                text=True, valid_months=12,
            ),
            "representative": PassportItemRules(
                name=Words(
                    ar="هوية الممثل القانوني", en="Identity of the legal representative",
                    ku="Nasnameya nûnerê qanûnî",
                ),
                asks=Words(
                    ar="صورة واضحة لهوية المخوَّل بالتوقيع أو جواز سفره، وتاريخ انتهائها.",
                    en="A clear photo of the signatory's identity card or travel passport, and the day on which it ends.",
                    ku="Wêneyekî zelal ê nasname an pasaporta îmzekar, û roja ku diqede.",
                ),
                document=True, dated=True,
            ),
            "safeguarding": PassportItemRules(
                name=Words(
                    ar="بيان الحماية من الاستغلال وصون الأطفال", en="Statement on protection from abuse and on children",
                    ku="Daxuyaniya parastina ji îstismarê û ya zarokan",
                ),
                asks=Words(
                    ar="بيان موقَّع: كيف تمنعون الاستغلال والانتهاك الجنسيين وتصونون الأطفال، ولمن تُرفع الشكوى.",
                    en="A signed statement: how you prevent sexual exploitation and abuse and protect children, and who takes complaints.",
                    ku="Daxuyaniyek îmzekirî: hûn çawa rê li îstismara zayendî digirin û zarokan diparêzin, û gilî ji kê re tên kirin.",
                ),
                document=True, valid_months=24,
            ),
            "policies": PassportItemRules(
                name=Words(ar="قائمة السياسات", en="Checklist of policies", ku="Lîsteya polîtîkayan"),
                asks=Words(
                    ar="أيّ السياسات لديكم مكتوبة: المالية، المشتريات، الموارد البشرية، تضارب المصالح، مكافحة الاحتيال؟ أضيفوا ما هو جاهز.",
                    en="Which policies do you have in writing: finance, procurement, staff, conflicts of interest, fraud? Add what is ready.",
                    ku="Kîjan polîtîkayên we nivîskî hene: darayî, kirîn, karmend, nakokiya berjewendiyan, sextekarî? Yên amade lê zêde bikin.",
                ),
                text=True, document=True, required=False, valid_months=36,
            ),
            "references": PassportItemRules(
                name=Words(ar="المعرّفون", en="References", ku="Kesên ku we nas dikin"),
                asks=Words(
                    ar="شخصان أو جهتان تعرفان عملكم: الاسم، والجهة، وكيف نتصل بهما. أخبروهما أننا قد نسأل.",
                    en="Two people or bodies who know your work: name, body, and how to reach them. Tell them that we may ask.",
                    ku="Du kes an saziyên ku karê we nas dikin: nav, sazî û em çawa bigihîjin wan. Ji wan re bibêjin ku em dikarin bipirsin.",
                ),
                text=True, valid_months=36,
            ),
            "host_confirmation": PassportItemRules(
                name=Words(ar="تأكيد المضيف المالي", en="Confirmation of the fiscal host", ku="Piştrastkirina mêvandarê darayî"),
                asks=Words(
                    ar="إن كان لكم مضيف مالي: كتاب منه يؤكّد أنه يستلم المال ويحاسب عنه نيابة عنكم.",
                    en="If you have a fiscal host: a letter in which it confirms to receive and account for the money on your behalf.",
                    ku="Heke mêvandarekî we yê darayî hebe: nameyek ku piştrast dike ku ew pereyan werdigire û hesabê wan dide.",
                ),
                asked_of="unregistered", required=False, document=True, dated=True,
            ),
        },
        remind_days=(60, 30, 7),
    )  # fmt: skip
