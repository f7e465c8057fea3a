"""The default rules of organisations, types of grant and budgets (domain specification §1.5, §4.2, §4.3)."""

from charter.defaults.units import THOUSAND, words
from charter.schema import BudgetRules, GrantType, GrantTypeKey, OrganisationRules, SizeBand


def default_organisations() -> OrganisationRules:
    """Size bands by last annual expenditure, and how long an assessment holds."""
    return OrganisationRules(
        size_bands=(
            SizeBand(key="micro", name=words("صغيرة جداً", "Micro", "Gelek biçûk"), below_minor=20 * THOUSAND),
            SizeBand(key="small", name=words("صغيرة", "Small", "Biçûk"), below_minor=150 * THOUSAND),
            SizeBand(key="medium", name=words("متوسطة", "Medium", "Navîn"), below_minor=1000 * THOUSAND),
            SizeBand(key="large", name=words("كبيرة", "Large", "Mezin"), below_minor=None),
        ),
        ineligible_below_score=40,
        eligibility_years=3,
        reapply_after_months=6,
        passport_oldest_months=24,
        passport_least_coverage_percent=60,
        capacity_weight_by_closed_grants=(100, 60, 30, 0),
    )


def default_grant_types() -> dict[GrantTypeKey, GrantType]:
    """Five types of grant and how long each may run."""
    return {
        "institutional": GrantType(
            name=words("تمويل مؤسسي", "Institutional grant", "Fona saziyî"), months_from=24, months_to=36
        ),
        "programmatic": GrantType(
            name=words("تمويل برنامجي", "Programmatic grant", "Fona bernameyî"), months_from=12, months_to=36
        ),
        "project": GrantType(name=words("منحة مشروع", "Project grant", "Fona projeyê"), months_from=3, months_to=18),
        "rapid": GrantType(
            name=words("استجابة سريعة", "Rapid response grant", "Bersiva bilez"),
            months_from=1,
            months_to=2,
            most_days=45,
            start_calendar_days=7,
            report_calendar_days=30,
        ),
        "bridge": GrantType(name=words("منحة انتقالية", "Bridge grant", "Fona demkî"), months_from=1, months_to=6),
    }


def default_budget() -> BudgetRules:
    """The UN's seven categories and the checks of a budget."""
    return BudgetRules(
        categories={
            "A": words("الموظفون والعاملون", "Staff and other personnel", "Karmend û xebatkar"),
            "B": words("اللوازم والسلع والمواد", "Supplies, commodities, materials", "Pêdivî, mal û madde"),
            "C": words("المعدات", "Equipment", "Alav"),
            "D": words("الخدمات التعاقدية", "Contractual services", "Xizmetên peymanî"),
            "E": words("السفر", "Travel", "Rêwîtî"),
            "F": words(
                "التحويلات والمنح للشركاء", "Transfers and grants to counterparts", "Veguhastin û fon ji hevparan re"
            ),
            "G": words(
                "التشغيل العام والتكاليف المباشرة الأخرى",
                "General operating and other direct costs",
                "Xebitandina giştî û lêçûnên din ên rasterast",
            ),
        },
        staff_most_percent=60,
        staff_most_percent_institutional=80,
        international_staff_allowed=False,
        equipment_most_percent=20,
        transfers_most_percent=50,
        safeguarding_and_learning_least_percent=3,
        contingency_most_percent=5,
        transfer_fees_most_percent=5,
        salary_band_percent=25,
        unit_cost_band_percent=30,
        most_lines=100,
        ineligible_costs=(
            words("الديون ومخصّصات الخسائر والفوائد", "Debts, provisions for losses and interest"),
            words("ما تموّله جهة أخرى", "What another funder already pays"),
            words("شراء الأراضي والمباني", "Land and buildings"),
            words("الضرائب القابلة للاسترداد", "Recoverable taxes"),
            words("الغرامات والمكافآت غير الموافَق عليها", "Fines and bonuses that were not approved"),
            words("التكاليف السابقة لقرار المنح", "Costs before the award"),
        ),
    )
