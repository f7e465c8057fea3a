"""A waqf of the demonstration: its deed, its capital that stays, and the yield of two seasons. Nobody of that name exists."""

from datetime import date

from funds.models import Contribution
from funds.services import waqf as waqfs
from funds.states import RestrictionClass
from kernel.uploads import check_upload
from poolfund.demo import clock
from poolfund.demo.foundations import donor, paper, receive, who

CONDITIONS = "يُصرف ريع البستان على علاج المرضى، ولا يُباع أصله ولا يُرهن."
CAPITAL_MINOR, YIELDS_MINOR = 12_000_000, (420_000, 480_000)


def found() -> list[Contribution]:
    """An orchard is given for ever; its yield may only pay for health. Capital two years ago, then a harvest in each year.

    The last harvest is older than twelve months: what arrived since then is not the waqf's alone, which would ring the
    alarm of the forecast about a fund that hangs on one donor.
    """
    with clock.on(770):
        giver = donor("وقف البستان التجريبي", "Demo Orchard Waqf", "waqf")
        deed = paper("حجة وقف البستان (تجريبية)", CONDITIONS)
        deed.checked = check_upload(deed)  # type: ignore[attr-defined]
        waqf = waqfs.add_waqf(
            giver,
            name="وقف البستان (تجريبي)",
            founder="واقفة تجريبية",
            deeded_on=date(2001, 3, 1),
            conditions=CONDITIONS,
            nazir="ناظر تجريبي",
            sectors=["health"],
            file=deed,
            actor=who("finance"),
        )
        made = [receive(giver, CAPITAL_MINOR, "DEMO-WAQF-0", waqf=waqf, restriction_class=RestrictionClass.ENDOWMENT)]
    for number, minor in enumerate(YIELDS_MINOR, start=1):
        with clock.on(1110 - 365 * number):
            terms = {"waqf": waqf, "restriction_class": RestrictionClass.WAQF_YIELD}
            made.append(receive(giver, minor, f"DEMO-WAQF-{number}", **terms))
    return made
