"""Names that read alike are shown to who checks; what only shares common words is not."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from organisations import alike, selectors
from tests.factories import accounts
from tests.factories import organisations as made


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("جمعية الأمل للتنمية", "مؤسسة أمل", True),
        ("جمعية بذور الغوطة", "مبادرة بذور غوطة", True),
        ("جمعية الياسمين الخيرية", "جمعية ياسمين", True),
        ("فريق سنابل الخير", "فريق سنابل الجزيرة", False),
        ("جمعية التنمية", "مؤسسة تنموية", False),
    ],
)
def test_arabic_names(one: str, other: str, same: bool) -> None:
    assert alike.are_alike(alike.arabic_key(one), alike.arabic_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Al-Yasmin Association", "El Yasmeen Foundation", True),
        ("Bridges of Peace", "Br1dges of Peace", True),
        ("Qamar Organization", "Kamar Organisation", True),
        ("Harvest Network", "Harvset Network", True),
        ("Bridges of Peace", "Wells of Peace", False),
        ("Development Association", "The Humanitarian Society", False),
    ],
)
def test_latin_names(one: str, other: str, same: bool) -> None:
    assert alike.are_alike(alike.latin_key(one), alike.latin_key(other)) is same


@pytest.mark.django_db
def test_who_checks_sees_them_and_nobody_is_refused(client: Client) -> None:
    older = made.registered_organisation(name_ar="جمعية سنابل الجزيرة", name_latin="Sanabel Al-Jazira Association")
    far = made.registered_organisation(name_ar="جمعية آبار الساحل", name_latin="Coastal Wells")
    newer = made.submitted_organisation(name_ar="مؤسسة السنابل في الجزيرة", name_latin="Sanabil El-Jazeera")
    assert selectors.names_to_compare(newer) == [older]
    accounts.sign_in(client, made.colleague(Role.PROGRAMME_OFFICER))
    page = client.get(reverse("organisations:review", args=[newer.pk])).content.decode()
    assert older.name_ar in page
    assert far.name_ar not in page
