"""The public register: by consent, narrowed, in three languages, and never with who is withheld."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.roles import Role
from kernel import identity
from kernel.permissions import Refused
from organisations import services
from organisations.models import Listing, Organisation
from organisations.selectors import listing
from organisations.selectors.listing import Asked
from tests.factories import accounts
from tests.factories import organisations as made
from tests.factories.awards import active_grant
from tests.factories.awards import signatory as signatory_of_grant
from transparency.selectors import register
from transparency.services import withholding
from transparency.states import Ground

pytestmark = [pytest.mark.django_db, pytest.mark.database("opened")]
PAGE = "transparency:register"


def listed(**fields: object) -> Organisation:
    organisation = made.cleared_organisation(**fields)
    services.consent_to_register(
        organisation, sectors=["wash", "health"], tells_leadership=True, actor=made.signatory_of(organisation)
    )
    return organisation


def told(language: str = "en", **asked: str) -> str:
    browser = Client()
    browser.cookies["django_language"] = language
    return browser.get(reverse(PAGE), asked).content.decode()


def test_only_who_consents_is_told_and_leaves_at_once() -> None:
    organisation = made.cleared_organisation(women_led=True)
    signatory = made.signatory_of(organisation)
    browser = Client()
    browser.cookies["django_language"] = "en"
    accounts.sign_in(browser, signatory)
    page = reverse("organisations:listing", args=[organisation.pk])
    assert "What everybody would read" in browser.get(page).content.decode()
    refused = browser.post(page, {"sectors": ["wash"]}).content.decode()
    assert "Without your consent nothing is told" in refused
    assert organisation.name_latin not in told()
    browser.post(page, {"sectors": ["wash"], "consent": "on"})
    text = told()
    assert organisation.name_latin in text
    assert organisation.name_ar in text
    assert "led by women" not in text  # it did not consent to telling this
    for private in (organisation.email, organisation.phone, organisation.registration_number, signatory.full_name):
        assert private not in text
    # Another consent takes the place of the first; a preparer, an officer or a stranger gives none.
    services.consent_to_register(organisation, sectors=["health"], tells_leadership=True, actor=signatory)
    assert Listing.objects.filter(organisation=organisation).count() == 2
    assert "led by women" in told()
    for person in (made.preparer_of(organisation), made.colleague(Role.FUND_MANAGER), accounts.user()):
        with pytest.raises(Refused):
            services.consent_to_register(organisation, sectors=["wash"], tells_leadership=False, actor=person)
    for person, number in ((signatory, 2), (accounts.user(), 0)):
        with identity.person(person.pk):
            assert Listing.objects.count() == number
    browser.post(reverse("organisations:leave_register", args=[organisation.pk]))
    assert organisation.name_latin not in told()


def test_filters_narrow_and_queries_stay_the_same() -> None:
    one = listed(governorates=["SY09"], last_year_expenditure_minor=1_000_00, displaced_led=True, youth_led=False)
    with translation.override("en"), CaptureQueriesContext(connection) as few:
        told()
    other = listed(governorates=["SY01"], last_year_expenditure_minor=90_000_000_00)
    listed()
    with CaptureQueriesContext(connection) as many:
        told()
    assert len(few) == len(many)
    bands = listing.sizes().size_bands
    for asked in (
        {"governorate": "SY09"}, {"led": "displaced_led"}, {"size": bands[0].key}, {"words": one.name_ar},
    ):  # fmt: skip
        names = {entry.name for entry in register.entries(Asked(**asked), first=0)}
        assert one.name in names
        assert other.name not in names
    assert register.count(Asked(sector="education")) == 0
    assert register.count(Asked(size=bands[-1].key)) == 1
    assert "Led by women" not in told("ku", led="nonsense", size="nonsense", governorate="nonsense", page="x")
    assert 'dir="rtl"' in told("ar")


def test_who_is_withheld_or_suspended_never_appears() -> None:
    grant = active_grant()
    organisation = grant.organisation
    signatory = signatory_of_grant(grant)
    services.consent_to_register(organisation, sectors=["wash"], tells_leadership=False, actor=signatory)
    assert register.count(Asked()) == 1
    withholding.withhold(
        grant, parts=["name"], ground=Ground.PARTNER, reason="Armed men asked for us.", actor=signatory
    )
    assert register.count(Asked()) == 0
    assert organisation.name_latin not in told()
    known = listed()
    eligible = made.eligible_organisation()
    services.consent_to_register(eligible, sectors=["wash"], tells_leadership=False, actor=made.signatory_of(eligible))
    services.suspend(eligible, actor=made.colleague(Role.FUND_MANAGER), reason="تأخر")
    assert [entry.name for entry in register.entries(Asked(), first=0)] == [known.name]
    newcomer = made.registered_organisation()
    with pytest.raises(Refused):
        services.consent_to_register(
            newcomer, sectors=["wash"], tells_leadership=False, actor=made.signatory_of(newcomer)
        )
