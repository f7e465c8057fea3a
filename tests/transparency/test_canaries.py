"""Nobody who is not signed in reads a word of any row that is not told, at whatever address, in whatever format.

Every text of every row of every model holds a word that stands nowhere else (`tests.factories.canaries`), so a new field is a
secret until it stands in `told`. Conflicts (409) are answered to people who write, so nobody reads one without signing in.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from accountability.models import Complaint
from charter.models import Ratification, Remark
from charter.selectors import versions_visible_to
from committees.models import Meeting, Panel
from funds.models import Donor
from grants.models import Application, Call, Grant, GrantFunding
from grants.selectors import calls
from kernel import identity
from kernel.access import Audience
from organisations.models import Organisation
from poolfund import access, urls
from tests.factories import funds
from tests.factories.accounts import browser_of
from tests.factories.canaries import KNOWN_BY, WORD, Secret, kept, planted, said, texts
from tests.factories.transparency import withhold
from tests.journey.test_strangers import ARGUMENT, routes
from tests.transparency.test_outputs import Answer, links, published_report, read, tell_all, walk
from transparency.giving.statement import Line
from transparency.models import PublicPaper, ReleasedGrant
from transparency.services import indexing, open_data

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.database("canaries")]

Rows = Callable[[], QuerySet[Any]]
OF_A_CALL = {
    "grants.Criterion": "call", "grants.EligibilityQuestion": "call", "grants.Section": "call", "grants.Question": "section__call",
}  # fmt: skip
OPEN = {
    "charter.Holiday.name", "charter.Network.name", "organisations.PassportKey.public",
    # Other funds' history, which they publish themselves; places below the governorate are not taken over.
    "transparency.HistoryProject.title", "transparency.HistoryProject.partner_name",
    "transparency.HistoryContribution.fund_name", "transparency.HistoryContribution.donor_short_name",
}  # fmt: skip
"""Fields that are told of every row."""
ONLY_CODES = {
    "audit.Lease.name", "audit.OutboxMessage.payload", "grants.Application.checklist", "grants.Application.missing_items",
    "grants.Question.calculation", "grants.Question.choices", "grants.SectionSave.touched", "ledger.Account.facts",
    "ledger.Transfer.facts", "organisations.CapacityAssessment.findings", "organisations.CapacityAssessment.levels",
    "organisations.CapacityAssessment.recognised", "organisations.CapacityAssessment.sections",
    "transparency.HistoryAllocation.plans", "transparency.HistoryImport.not_read", "transparency.HistoryImport.totals",
    "transparency.HistoryLocation.clusters", "transparency.HistoryResult.raw",
}  # fmt: skip
"""Fields in which words could stand, but the program writes codes and numbers into them."""


def named() -> QuerySet[ReleasedGrant]:
    """Grants of which the public reads whose they are."""
    return ReleasedGrant.objects.exclude(name_ar="")


def told() -> dict[str, QuerySet[Any]]:
    """What is told of some rows, and of which."""
    public, versions = calls.visible_to(AnonymousUser()), versions_visible_to(AnonymousUser())
    fields: dict[str, QuerySet[Any]] = {
        **{f"grants.Call.{name}": public for name in ("id", "reference", "title", "summary", "text")},
        **{f"{model}.{one.name}": _of(model, public) for model in OF_A_CALL for one in _fields(model)},
        **{f"charter.CharterVersion.{name}": versions for name in ("rules_data", "rules_sha256", "summary")},
        "charter.Ratification.comment": Ratification.objects.filter(version__in=versions),
        "charter.Remark.body": Remark.objects.filter(version__in=versions),
        "funds.Donor.name": Donor.objects.filter(withhold_name=False),
        "grants.Application.title": Application.objects.filter(grants__released__in=named()),
    }
    partners = Organisation.objects.filter(applications__grants__released__in=named())
    return fields | {f"organisations.Organisation.{name}": partners for name in ("name_ar", "name_latin")}


def _model(label: str) -> Any:
    return next(model for model in kept() if model._meta.label == label)


def _fields(label: str) -> list["Field[Any, Any]"]:
    return texts(_model(label))


def _of(label: str, public: QuerySet[Call]) -> QuerySet[Any]:
    rows: QuerySet[Any] = _model(label)._base_manager.filter(**{f"{OF_A_CALL[label]}__in": public})
    return rows


@pytest.fixture(scope="module")
def _secrets(standing: None) -> dict[str, Secret]:
    found = planted()
    tell_all()
    published_report()
    open_to_all = {name: set(rows.values_list("pk", flat=True)) for name, rows in told().items()}
    return {
        word: (name, row)
        for word, (name, row) in found.items()
        if name not in OPEN and row not in open_to_all.get(name, set())
    }


@pytest.fixture
def secrets(_secrets: dict[str, Secret], db: None) -> dict[str, Secret]:
    """What nobody may read who is not signed in: words, and what rows are known by."""
    return _secrets


def leaks(answers: dict[str, Answer], secrets: dict[str, Secret]) -> set[str]:
    """Which secret stands where; what the address itself names is no secret to who typed it."""
    return {
        f"{address}: {name}"
        for address, one in answers.items()
        for name, _row in said(one.text, {word: at for word, at in secrets.items() if word not in address})
    }


# Addresses ------------------------------------------------------------------------------------------------------------


def things() -> dict[str, list[Any]]:
    """Ids and numbers of what is private, one of each kind, by the converters of URLs that take them."""
    hidden, complaint = Grant.objects.get(released__name_ar=""), Complaint.objects.all()[0]
    rows: list[Any] = [hidden, hidden.organisation, hidden.application, *hidden.reports.all()[:1], complaint]
    rows += [model._default_manager.filter(state="draft")[0] for model in (Call, Application)]
    rows += [Panel.objects.all()[0], Meeting.objects.all()[0], Donor.objects.get(withhold_name=True)]
    words = [hidden.reference, complaint.reference, "csv"]
    return {"uuid": [row.pk for row in rows], "int": [1], "": words}


def addresses() -> Iterator[str]:
    """Every URL that there is, with the ids of private things; of those that are shut one is as good as any."""
    of = things()
    for name, route in routes(get_resolver()):
        shut = access.table()[name].audience != Audience.PUBLIC
        wanted = {
            named: of.get(kind.removesuffix("str"), of[""])[: 1 if shut else None]
            for kind, named in ARGUMENT.findall(route)
        }
        for values in product(*wanted.values()):
            try:
                yield reverse(name, kwargs=dict(zip(wanted, values, strict=True)))
            except NoReverseMatch:
                continue


def refusals(client: Client, settings: Any) -> dict[str, Answer]:
    """Every way in which the fund refuses or fails."""
    hidden = Grant.objects.get(released__name_ar="")
    paper = PublicPaper.objects.get(state="published")
    withhold(named()[0].grant, "name")
    settings.ALLOWED_HOSTS = ["testserver"]
    asked = reverse("transparency:grant_told", args=[hidden.reference])
    answers: dict[str, Any] = {
        "400": client.get("/", headers={"host": "elsewhere.example"}),
        "403": Client(enforce_csrf_checks=True).post(reverse("set_language"), {"language": "ar"}),
        f"404 {asked}": client.get(asked),
        f"404 /api/v1/grants/{hidden.reference}": client.get(f"/api/v1/grants/{hidden.reference}"),
        "405": client.post(reverse("transparency:grants_told")),
        "410": client.get(reverse("transparency:paper_detail", args=[paper.pk])),
        "413": client.post(reverse("audit:cosignatures"), hidden.reference * 90_000, content_type="text/plain"),
        "422": client.get("/api/v1/grants", {"page": "x"}),
    }
    settings.API_REQUESTS_PER_MINUTE = 0
    answers["429"] = client.get("/api/v1/grants")
    settings.API_REQUESTS_PER_MINUTE = "a mistake"
    answers["500"] = client.get("/api/v1/grants")
    statuses = {name: one.status_code for name, one in answers.items()}
    assert statuses == {name: int(name[:3]) for name in answers}
    return {name: Answer(one.status_code, f"{one.headers}\n{one.content.decode()}") for name, one in answers.items()}


# What it finds --------------------------------------------------------------------------------------------------------


def test_every_model_has_its_canaries(secrets: dict[str, Secret]) -> None:
    """Each table has a row, and each field for texts a word that nothing else says."""
    words = {name for word, (name, _row) in planted().items() if WORD.fullmatch(word)}
    fields = {
        f"{model._meta.label}.{one.name}" for model in kept() for one in texts(model) if not KNOWN_BY.search(one.name)
    }
    assert [model._meta.label for model in kept() if not model._base_manager.exists()] == []
    assert fields - words == ONLY_CODES
    assert not words & {f"{model._meta.label}.{name}" for model in kept() for name in ("state", "currency", "language")}


def test_nobody_reads_what_is_not_told_at_any_address(secrets: dict[str, Secret], settings: Any) -> None:
    client, walked = Client(raise_request_exception=False), walk()
    assert leaks(walked, secrets) == set()
    assert leaks(refusals(client, settings), secrets) == set()
    for kind in ("csv", "xlsx", "json", "xml", "atom", "ics", "pdf"):
        assert any(address.partition("?")[0].endswith(f".{kind}") for address in walked), kind


def test_nobody_reads_by_naming_what_is_private(secrets: dict[str, Secret], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every URL with the ids and numbers of private things; the refusals say their reason alone, for speed."""
    said_why: Any = lambda _request, exception: HttpResponse(str(exception), status=404)  # noqa: E731
    monkeypatch.setattr(urls, "handler404", said_why, raising=False)
    client = Client(raise_request_exception=False)
    answers = {address: read(client, address) for address in addresses()}
    assert leaks(answers, secrets) == set()
    assert {one.status for one in answers.values()} == {200, 302, 401, 404, 405}
    assert {get_resolver().resolve(address).view_name for address in answers} == set(access.table()), (
        "every URL was asked"
    )


def test_a_donor_reads_no_text_of_a_partner_that_nobody_cleared(secrets: dict[str, Secret]) -> None:
    """Everything under a donor's address, in every format: of what is written, the fund's and the donor's own."""
    paid = GrantFunding.objects.filter(grant__released__name_ar="")[0]
    donor = paid.envelope.contribution.donor
    reader = browser_of(funds.representative(donor), "ar")
    place = reverse("transparency:donor_place", args=[donor.pk])
    waiting, answers = [place], {}
    while waiting:
        address = waiting.pop()
        answers[address] = read(reader, address)
        found = [link for link in links(address, answers[address].text) if link.startswith(place)]
        waiting += {link for link in found if link not in answers and link not in waiting}
    read_of = {one for answer in answers.values() for one in said(answer.text, secrets)}
    openly = {("grants.Grant.reference", grant) for grant in named().values_list("grant", flat=True)}
    # Whoever speaks for a donor reads who else does.
    openly |= {("accounts.User.full_name", one) for one in donor.representatives.values_list("user", flat=True)}
    own = {("funds.Donor.id", donor.pk)}
    own |= {("funds.Contribution.id", one) for one in donor.contributions.values_list("pk", flat=True)}
    own |= {("funds.Pledge.id", one) for one in donor.pledges.values_list("pk", flat=True)}
    assert {name for name, _row in read_of - openly - own} == {"funds.Contribution.reference"}
    assert sum("/statement/" in address for address in answers) > len(Line), "figures open too"
    assert ("grants.Grant.reference", paid.grant_id) not in read_of
    assert {address.rpartition("format=")[2] for address in answers if "format=" in address} == {"csv", "xlsx", "pdf"}


# That it would find it ------------------------------------------------------------------------------------------------


def test_a_field_too_many_is_found_in_every_format(secrets: dict[str, Secret]) -> None:
    """The release copies the summary for the title: page, list, CSV, XLSX, API, search and files all tell it."""
    row = named()[0]
    ReleasedGrant.objects.filter(pk=row.pk).update(title=row.grant.application.summary)
    open_data.write_all()
    indexing.index_all()
    told_list, client = reverse("transparency:grants_told"), Client()
    where = [
        told_list, f"{told_list}?format=csv", f"{told_list}?format=xlsx", reverse("transparency:grant_told", args=[row.code]),
        "/api/v1/grants", f"/api/v1/grants/{row.code}", f"{reverse('transparency:search')}?q={row.name_latin.split()[0]}",
        reverse("transparency:open_data_file", args=["hxl-grants.csv"]),
    ]  # fmt: skip
    found = leaks({address: read(client, address) for address in where}, secrets)
    assert found == {f"{address}: grants.Application.summary" for address in where}


class Careless:
    """Says in a header, and in the name of a file, what it should not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        with identity.system("tests.careless"):
            grant = Grant.objects.select_related("signed_by")[0]
        answer["X-Written-By"] = grant.signed_by.email if grant.signed_by else ""
        answer["Content-Disposition"] = f'inline; filename="{grant.reference}.html"'
        return answer


def test_headers_names_of_files_and_refusals_are_read(
    secrets: dict[str, Secret], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    hidden = Grant.objects.get(released__name_ar="")
    loose: Any = lambda _request, exception: HttpResponse(f"{hidden.organisation} {hidden.organisation_id}", status=404)  # noqa: E731
    monkeypatch.setattr(urls, "handler404", loose, raising=False)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Careless"]
    found = leaks({"home": read(client, "/"), "absent": read(client, "/nowhere/")}, secrets)
    assert {"home: accounts.User.email", "home: grants.Grant.reference"} <= found
    assert {"absent: organisations.Organisation.name_ar", "absent: organisations.Organisation.id"} <= found
