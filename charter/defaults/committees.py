"""The default committee and scorecard (domain specification §4.5, §4.6)."""

from charter.defaults.criteria import default_criteria
from charter.defaults.units import THOUSAND, words
from charter.schema import (
    AssignmentRules,
    CalibrationRules,
    CommitteeRules,
    ConceptRules,
    ConflictRules,
    ConstituencyRules,
    DecisionRules,
    Fraction,
    InclusionTargets,
    Portfolio,
    QuorumRules,
    ScoringRules,
    TermRules,
)


def default_committee() -> CommitteeRules:
    """Seven or nine seats, civil society in the majority, quorum of two thirds and never fewer than three."""
    return CommitteeRules(
        seats_allowed=(7, 9),
        rapid_members=3,
        civil_society_above_percent=50,
        constituencies=_constituencies(),
        quorum=QuorumRules(share=Fraction(numerator=2, denominator=3), minimum=3),
        decision=DecisionRules(
            votes_cast_above_percent=50, civil_society_at_least_percent=50, returns_after_tie=1, deferrals=1
        ),
        conflicts=ConflictRules(look_back_years=3, family_degrees=2, own_application_recuses_from_sector=True),
        inclusion=InclusionTargets(
            women_percent=40,
            young_under_age=30,
            young_members=1,
            displaced_or_returnee_members=1,
            governorates=4,
            north_east_governorates=("SY08", "SY09", "SY11"),
            north_east_members=1,
            members_with_disability=1,
        ),
        term=TermRules(years=1, renewals=1, rotation=Fraction(numerator=1, denominator=3)),
        alternates_per_constituency=2,
        minutes_signatures=2,
    )


def _constituencies() -> dict[str, ConstituencyRules]:
    """Who sits on a committee, for whom, on how many seats; observers do not vote."""
    return {
        "civil_society": ConstituencyRules(
            name=words("المجتمع المدني", "Civil society", "Civaka sivîl"),
            civil_society=True, voting=True, seats_from=4, seats_to=7,
        ),
        "expert": ConstituencyRules(
            name=words("خبير فني", "Technical expert", "Pisporê teknîkî"),
            civil_society=False, voting=True, seats_from=1, seats_to=2,
        ),
        "community": ConstituencyRules(
            name=words("ممثل عن المجتمع المتأثر", "Affected community", "Civaka bandorbûyî"),
            civil_society=False, voting=True, seats_from=1, seats_to=1,
        ),
        "academic": ConstituencyRules(
            name=words("أكاديمي أو نقابي", "Academic or syndicate", "Akademîk an sendîka"),
            civil_society=False, voting=True, seats_from=0, seats_to=1,
        ),
        "observer": ConstituencyRules(
            name=words("مراقب بلا صوت", "Observer without vote", "Çavdêr bê deng"),
            civil_society=False, voting=False, seats_from=0, seats_to=2,
        ),
    }  # fmt: skip


def default_scoring() -> ScoringRules:
    """Points 0–5 on seven criteria, fundable from 60 of 100."""
    return ScoringRules(
        least_points=0,
        most_points=5,
        criteria=default_criteria(),
        fundable_from=60,
        waitlist_from=50,
        criterion_floor_tenths=20,
        spread_alarm_points=25,
        spread_alarm_deviations=2,
        scorers=3,
        scorers_for_large=5,
        large_above_minor=150 * THOUSAND,
        civil_society_scorers_percent=50,
        comment_least_characters=20,
        changes_after_discussion=1,
        participation_criterion="participation",
        tie_breaks=("participation", "smaller_organisation", "first_time_partner", "lot"),
        portfolio=_portfolio(),
        assignment=_assignment(),
        calibration=_calibration(),
        waiting_list_months=6,
        concepts=ConceptRules(members=2, criteria=("need", "participation", "quality"), invited_from=60),
    )


def _portfolio() -> Portfolio:
    return Portfolio(
        small_and_micro_percent=40,
        women_led_percent=25,
        first_time_partner_percent=20,
        one_organisation_most_percent=10,
        award_or_reason_in_each_governorate=True,
        deviation_worth_permille=5,
    )


def _assignment() -> AssignmentRules:
    return AssignmentRules(
        most_applications=60,
        language_points=6,
        sector_points=3,
        elsewhere_points=1,
        reminder_days=2,
        alternates_after_deadline=True,
    )


def _calibration() -> CalibrationRules:
    return CalibrationRules(least_scorecards=5, least_freedom=10, reliable_from_hundredths=67, interval_percent=90)
