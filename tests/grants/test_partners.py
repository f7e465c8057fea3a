"""Partners with shares: how they are written, what is refused beside the field, who reads them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from grants.models import Application
from grants.partners import PartnerLine, own_share, read_line
from grants.selectors import content, review_content
from grants.services import applications as services
from kernel.permissions import Refused
from organisations.models import Organisation
from tests.factories import grants as make
from tests.factories import organisations as made


@pytest.mark.parametrize(
    ("line", "name", "percent"),
    [
        ("جمعية السند ٣٠٪", "جمعية السند", 30), ("Sanad: 30 %", "Sanad", 30), ("Sanad – 5%", "Sanad", 5),
        ("جمعية السند؛ 12%", "جمعية السند", 12), ("Sanad", "Sanad", None), ("Group 2000", "Group 2000", None),
        ("3 Rivers 40%", "3 Rivers", 40), ("100 %", "", 100),
    ],
)  # fmt: skip
def test_a_line_is_a_name_and_its_share(line: str, name: str, percent: int | None) -> None:
    assert read_line(line) == PartnerLine(name, percent)


@given(st.lists(st.integers(1, 99), max_size=6))
def test_what_is_left_and_the_shares_are_the_whole(shares: list[int]) -> None:
    lines = [read_line(f"Partner {n} {share}%") for n, share in enumerate(shares)]
    assert own_share(lines) + sum(shares) == 100


def typed(application: Application, **fields: str) -> dict[str, list[str]]:
    """The page with partners, saved; its errors by field."""
    basics = {**make.answers(application)["basics"], **fields}
    version = application.saves.filter(section_key="basics").count()
    _save, reading = services.save_part(
        application, "basics", basics, version=version, tab="x", actor=make.preparer(application.organisation)
    )
    return reading.errors


@pytest.mark.django_db
@pytest.mark.database("opened")
def test_shares_stay_below_the_whole_and_international_organisations_only_support() -> None:
    application = make.draft_application()
    call = application.call
    abroad = made.eligible_organisation()
    Organisation.objects.filter(pk=abroad.pk).update(type="ingo")
    with translation.override("en"):
        assert "30%" in typed(application, partners="جمعية السند")["partners"][0]
        assert "30%" in typed(application, partners="جمعية السند 0%")["partners"][0]
        assert "30%" in typed(application, supporters="جمعية السند 100%")["supporters"][0]
        assert "leave nothing" in typed(application, partners="جمعية السند 60%\nجمعية الأمل 40%")["partners"][0]
        assert "one of the two" in typed(application, partners="السند 6%", supporters="السند")["supporters"][0]
        for name in (abroad.name_ar, abroad.name_latin.upper()):
            assert "technical partner or host" in typed(application, partners=f"{name} 10%")["partners"][0]
        shares = {"partners": "جمعية السند 20%\nجمعية الأمل 15%", "supporters": abroad.name_ar}
        assert typed(application, **shares) == {}
        assert [(one.name, one.role, one.share_percent) for one in application.partners.all()] == [
            ("جمعية السند", "carrying", 20), ("جمعية الأمل", "carrying", 15), (abroad.name_ar, "supporting", None),
        ]  # fmt: skip
        said = str([(str(one.label), str(one.answer)) for one in review_content(application).basics.said])
    assert "جمعية السند 20%" in said
    assert "65%" in said
    project = content.content_of(application)["project"]
    assert project["partner_shares"]["جمعية الأمل"] == {"role": "carrying", "percent": 15}
    abroad.refresh_from_db()
    with translation.override("en"), pytest.raises(Refused, match="do not apply"):
        make.draft_application(call, abroad)
