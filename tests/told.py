"""What a fund tells the public, invented: grants told openly, a sum with a named and two nameless grants, calls."""

from datetime import date

from transparency.release.told import Told, ToldCall, ToldGrant, ToldSum

SUM = "SUM-6f2c1f0e-0d58-4d0f-9a57-0c6f7c1b2a3d"
OPEN = ToldGrant(
    code="GR-2025-7K3QF2XM",
    month=date(2025, 9, 1),
    currency="USD",
    name_ar="جمعية الفانوس التجريبية",
    name_latin="Lantern Society",
    kind="association",
    women_led=True,
    youth_led=False,
    title="ماء نظيف للقرى؛ «مرحلة ١»",
    governorates=("SY02", "SY07"),
    sector="wash",
    months=18,
    state="active",
    amount_minor=11_000_050,
    added=((date(2026, 1, 1), 1_000_050),),
    paid_minor=3_850_000,
    payments=((date(2025, 10, 1), 3_000_000), (date(2026, 2, 1), 850_000)),
    planned=((date(2026, 12, 1), 5_000_000), (date(2027, 3, 1), 2_150_050)),
    people_planned=4500,
    people_reached=640,
)
CLOSED = ToldGrant(
    code="GR-2025-9M2WX4QK",
    month=date(2025, 10, 1),
    currency="USD",
    name_ar="جمعية الفانوس التجريبية",
    months=6,
    state="closed",
    amount_minor=2_000_000,
    paid_minor=2_000_000,
    payments=((date(2025, 11, 1), 2_000_000),),
    ended=date(2026, 5, 1),
)
HELD = (
    ToldGrant("GR-2025-A1", date(2025, 9, 1), "USD", name_ar="مؤسسة الجسر التجريبية", months=12, sector="health",
              sum_code=SUM, band_from_minor=1_000_000, band_below_minor=2_500_000),
    ToldGrant("GR-2025-B2", date(2025, 9, 1), "USD", sum_code=SUM),
    ToldGrant("GR-2025-C3", None, "USD", sum_code=SUM),
)  # fmt: skip
CALL = ToldCall(
    code="CALL-2025-4F7B", titles={"ar": "دعوة تجريبية", "en": "A call"}, state="decided", kind="project",
    sectors=("wash", "health"), governorates=("SY02",), currency="USD", envelope_minor=100_000_000,
    floor_minor=500_000, ceiling_minor=15_000_000, opens=date(2025, 6, 1), closes=date(2025, 7, 1),
)  # fmt: skip
TOLD = Told(
    grants=(OPEN, CLOSED, *HELD),
    sums=(ToldSum(SUM, date(2025, 9, 1), 3, 3, 6_500_001, "USD"),),
    calls=(CALL,),
    paid_in_sums=(("USD", 123_456),),
    added_in_sums=(("USD", 30_010),),
)
TOTAL_MINOR = 11_000_050 + 2_000_000 + 6_500_001 + 30_010
