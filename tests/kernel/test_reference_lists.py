"""The lists of places and sectors."""

from kernel.places import Governorate
from kernel.sectors import Sector


def test_fourteen_governorates_by_place_code() -> None:
    assert [place.value for place in Governorate] == [f"SY{number:02}" for number in range(1, 15)]
    assert Governorate("SY08") is Governorate.AL_HASAKEH


def test_parts_of_protection_know_their_parent() -> None:
    assert {sector for sector in Sector if sector.parent is Sector.PROTECTION} == {
        Sector.CHILD_PROTECTION,
        Sector.GENDER_BASED_VIOLENCE,
        Sector.MINE_ACTION,
        Sector.HOUSING_LAND_PROPERTY,
    }
    assert Sector.HEALTH.parent is None
    assert all(len(sector.value) <= 20 for sector in Sector)
