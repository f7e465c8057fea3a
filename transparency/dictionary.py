"""The data dictionary: what every field of every public file means, where it comes from, and when it is withheld.

A test reads every file that the fund writes and looks each field up here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transparency.concepts import CONCEPTS, Concept


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field by its name in the file (a column, a path of JSON, a path of XML)."""

    path: str
    concept: Concept


@dataclass(frozen=True, slots=True)
class FileWords:
    """A file: its name, what it is, and its fields. ``named`` is what its columns or elements are called."""

    name: str
    title: Promise
    text: Promise
    fields: tuple[FieldWords, ...]

    @property
    def anchor(self) -> str:
        """Its place on the page of fields."""
        return self.name.replace(".", "-")


def _fields(pairs: Mapping[str, str]) -> tuple[FieldWords, ...]:
    return tuple(FieldWords(path, CONCEPTS[concept]) for path, concept in pairs.items())


def _same(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}


HXL_GRANTS = _same(
    [
        "code",
        "row",
        "organisation_ar",
        "organisation_latin",
        "organisation_type",
        "women_led",
        "youth_led",
        "displaced_led",
        "title",
        "sector",
        "governorates",
        "month",
        "months",
        "state",
        "amount",
        "paid",
        "amount_from",
        "amount_below",
        "currency",
        "sum",
        "grants_in_sum",
        "organisations_in_sum",
        "people_planned",
        "people_reached",
        "passed_on",
        "passed_on_to_syrian",
        "added",
    ]
)
HXL_PAYMENTS = {"row": "row", "code": "code", "month": "payment_month", "paid": "payment", "currency": "currency"}
HXL_CALLS = {
    "code": "call", "title_ar": "call_title", "title_en": "call_title", "title_ku": "call_title", "state": "call_state",
    "grant_type": "call_type", "sectors": "call_sectors", "governorates": "call_places", "envelope": "envelope",
    "smallest_grant": "smallest", "largest_grant": "largest", "currency": "currency", "opens": "opens", "closes": "closes",
}  # fmt: skip
HXL_SCHEMA = dict.fromkeys(("#valid_tag", "#valid_required", "#valid_datatype", "#valid_value+min", "#valid_value+regex", "#valid_value+list", "#description"), "schema")  # fmt: skip
GIVING = {
    "id": "code", "title": "title", "description": "description", "currency": "currency", "amountAwarded": "amount",
    "amountDisbursed": "paid", "awardDate": "month", "plannedDates/startDate": "month", "plannedDates/duration": "months",
    "actualDates/startDate": "month", "actualDates/endDate": "ended", "recipientOrganization/id": "organisation_code",
    "recipientOrganization/name": "organisation_ar", "recipientOrganization/alternateName": "organisation_latin",
    "recipientOrganization/organisationType": "organisation_type", "fundingOrganization/id": "fund",
    "fundingOrganization/name": "fund", "fundingOrganization/url": "fund", "beneficiaryLocation/name": "governorates",
    "beneficiaryLocation/countryCode": "country", "beneficiaryLocation/geoCode": "governorates",
    "beneficiaryLocation/geoCodeType": "governorates", "locationScope": "governorates",
    "classifications/vocabulary": "classification", "classifications/code": "classification",
    "classifications/title": "classification", "disbursementTransaction/id": "payment",
    "disbursementTransaction/transactionDate": "payment_month", "disbursementTransaction/currency": "currency",
    "disbursementTransaction/value": "payment", "relatedActivity": "held", "dataSource": "file",
}  # fmt: skip
GIVING_HEAD = {
    "version": "standard", "title": "file", "description": "excluded", "issued": "written", "modified": "written",
    "identifier": "file", "publisher/identifier": "fund", "publisher/name": "fund", "publisher/website": "fund",
    "license": "licence", "downloadURL": "file",
}  # fmt: skip

IATI = {
    "iati-identifier": "code", "reporting-org": "fund", "title": "title", "description": "description",
    "participating-org": "participants", "activity-status": "state", "activity-date": "dates",
    "recipient-country": "country", "location": "governorates", "location/name": "governorates",
    "location/exactness": "governorates", "location/location-class": "governorates", "sector": "sector",
    "default-flow-type": "activity_kind", "default-finance-type": "activity_kind", "default-aid-type": "activity_kind",
    "transaction": "movement", "transaction/transaction-type": "movement", "transaction/transaction-date": "movement_date",
    "transaction/value": "movement_value", "transaction/provider-org": "giver", "transaction/receiver-org": "receiver",
    "related-activity": "related", "budget": "planned", "budget/period-start": "planned", "budget/period-end": "planned",
    "budget/value": "planned", "planned-disbursement": "planned", "planned-disbursement/period-start": "planned",
    "planned-disbursement/period-end": "planned", "planned-disbursement/value": "planned",
    "planned-disbursement/provider-org": "fund", "planned-disbursement/receiver-org": "receiver",
    **{
        f"result{path}": "people"
        for path in (
            "", "/title", "/indicator", "/indicator/title", "/indicator/period", "/indicator/period/period-start",
            "/indicator/period/period-end", "/indicator/period/target", "/indicator/period/actual",
        )
    },
}  # fmt: skip
ORGANISATION = {
    "organisation-identifier": "fund", "name": "fund", "reporting-org": "fund", "total-budget": "committed",
    "total-budget/period-start": "committed", "total-budget/period-end": "committed", "total-budget/value": "committed",
    "recipient-country-budget": "committed", "recipient-country-budget/recipient-country": "country",
    "recipient-country-budget/period-start": "committed", "recipient-country-budget/period-end": "committed",
    "recipient-country-budget/value": "committed", "document-link": "excluded", "document-link/title": "excluded",
    "document-link/category": "excluded", "document-link/language": "excluded",
}  # fmt: skip
HISTORY = {
    **dict.fromkeys(
        ("iati-identifier", "reporting-org", "title", "description", "participating-org", "other-identifier",
         "other-identifier/owner-org", "activity-status", "activity-date"), "past",
    ),
    "recipient-country": "country", "location": "past_place", "location/name": "past_place",
    "location/exactness": "past_place", "location/location-class": "past_place", "sector": "past_place",
    **dict.fromkeys(("default-flow-type", "default-finance-type", "default-aid-type"), "activity_kind"),
    **dict.fromkeys(
        ("transaction", "transaction/transaction-type", "transaction/transaction-date", "transaction/value",
         "transaction/provider-org", "transaction/receiver-org"), "past_money",
    ),
    "related-activity": "past",
}  # fmt: skip

_MACHINES = _("Grants by the standard of 360Giving; grants that are told as a sum are one record.")
FILES: tuple[FileWords, ...] = (
    FileWords(
        "hxl-grants.csv",
        _("Grants (CSV with HXL tags)"),
        _("Every grant that is told, and every sum; the amounts add up to what is signed and told."),
        _fields(HXL_GRANTS),
    ),
    FileWords(
        "hxl-payments.csv",
        _("Payments by month (CSV with HXL tags)"),
        _("What each openly told grant was paid in each month; all others in one row."),
        _fields(HXL_PAYMENTS),
    ),
    FileWords(
        "hxl-calls.csv",
        _("Calls (CSV with HXL tags)"),
        _("Every call that was published."),
        _fields(HXL_CALLS),
    ),
    FileWords(
        "360giving-grants.json",
        _("Grants (360Giving, JSON)"),
        _MACHINES,
        _fields({**GIVING_HEAD, **{f"grants/{path}": concept for path, concept in GIVING.items()}}),
    ),
    FileWords("360giving-grants.csv", _("Grants (360Giving, CSV)"), _MACHINES, _fields(GIVING)),
    FileWords(
        "iati-activities.xml",
        _("The fund, its grants and contributions (IATI 2.03)"),
        _("The fund as an activity with what donors gave, and an activity of each grant and each sum."),
        _fields(IATI),
    ),
    FileWords(
        "iati-organisation.xml",
        _("The fund as an organisation (IATI 2.03)"),
        _("What the fund has committed in each year, and where it says what it does not publish."),
        _fields(ORGANISATION),
    ),
    FileWords(
        "iati-history.xml",
        _("Before: other pooled funds (IATI 2.03)"),
        _("Republished history from the public files of other funds; it is no money of this fund."),
        _fields(HISTORY),
    ),
    *(
        FileWords(
            f"hxl-{name}-schema.csv",
            title,
            _("The rules by which hxlvalidate checks the table beside it."),
            _fields(HXL_SCHEMA),
        )
        for name, title in (
            ("grants", _("Rules of the table of grants")),
            ("payments", _("Rules of the table of payments")),
            ("calls", _("Rules of the table of calls")),
        )
    ),
)
