"""Tables with people, organisations or people's words: behind the second wall, or named here with the reason why not."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models
from i18nfield.fields import I18nCharField, I18nTextField

from audit import walls

ABOUT = {"accounts.User", "organisations.Organisation", "grants.Application", "grants.Grant"}
"""Who points to one of these says something of people or of an organisation."""
_LOG = "the log and what is beside it: read through its subject, or by log guardians; names people by reference"
_OPEN = "what the public reads, or will read"
_OFFICES = "offices and memberships are asked by every wall, and by every page for the menu"
_MONEY = "donors' money is narrowed by mandate in funds.rules; a line names who recorded it and nobody else"
UNWALLED = {
    "audit.Leaf": _LOG,
    "audit.Opening": _LOG,
    "audit.DataKey": "wrapped keys: of use to nobody without the key of the fund (decision 0011)",
    "audit.LogTile": _LOG,
    "audit.RecordedEvent": _LOG,
    "audit.Erasure": _LOG,
    "audit.LogCheckpoint": _LOG,
    "audit.LogKey": _LOG,
    "audit.LogAlarm": _LOG,
    "audit.LogRestart": _LOG,
    "audit.LogWitness": _LOG,
    "audit.LogCosignature": _LOG,
    "audit.OutboxMessage": "ids and an error of the machine; workers read it",
    "accounts.Appointment": _OFFICES,
    "accounts.StaffSession": _OFFICES,
    "accounts.Invitation": "a stranger with the letter opens it, before there is an account; the token is kept as a hash",
    "notices.Notice": "told to others by whoever acts, read by its reader alone; says no more than a page that is walled",
    "charter.NetworkRepresentative": _OFFICES,
    "charter.CharterVersion": _OPEN,
    "charter.Ratification": _OPEN,
    "charter.Remark": "networks read each other's remarks on the rules",
    "funds.DonorRepresentative": _OFFICES,
    "funds.Pledge": _MONEY,
    "funds.Contribution": _MONEY,
    "funds.PledgeDocument": _MONEY,
    "funds.PledgeEstimate": _MONEY,
    "funds.PledgeWriteOff": _MONEY,
    "funds.DonorReturn": _MONEY,
    "funds.Waqf": _MONEY,
    "funds.WaqfDeed": "a deed names its founder and nazir as its own document does; narrowed by mandate in funds.rules",
    "ledger.Period": "months of the books: who locked or opened them holds an office",
    "organisations.Organisation": "names in every list; contact details are sealed (decision 0011), the rest is the public profile",
    "organisations.SanctionsList": "lists that states publish, as they were taken in; what was found on them is walled",
    "grants.Call": _OPEN,
    "grants.CallDocument": _OPEN,
    "grants.Section": _OPEN,
    "grants.Question": _OPEN,
    "committees.Committee": _OPEN,
    "committees.Seat": _OFFICES,
    "committees.Panel": "which committee has which call; who sits there has a wall by seat",
    "committees.Meeting": "when and where; its items, votes and judgements are walled, its minutes are a file that is cut for its reader",
    "committees.Rota": _OPEN,
    "transparency.DashboardChart": _OPEN,
    "transparency.FundChart": _OPEN,
    "transparency.HistoryImport": "published history of other funds",
    "transparency.HistoryFile": "published history of other funds",
    "transparency.HistoryProject": "published history of other funds",
    "transparency.HistoryLocation": "published history of other funds",
    "transparency.HistoryAllocation": "published history of other funds",
    "transparency.HistoryContribution": "published history of other funds",
    "transparency.HistoryResult": "published history of other funds",
    "transparency.OpenDataFile": _OPEN,
    "transparency.PublicPaper": _OPEN,
    "transparency.ReleasedGrant": _OPEN,
}


def _says_something(field: models.Field) -> bool:
    if field.related_model is not None:
        return field.related_model._meta.label in ABOUT
    written = isinstance(field, models.TextField | models.FileField | models.BinaryField)
    return written and not isinstance(field, I18nTextField | I18nCharField)


def _of_people() -> Iterator[str]:
    for model in apps.get_models():
        if model._meta.app_label in settings.FUND_APPS and any(map(_says_something, model._meta.local_fields)):
            yield model._meta.label


def test_what_is_said_of_people_is_walled_or_has_its_reason() -> None:
    walled = {model._meta.label for model in walls.walled_models()}
    assert set(_of_people()) - walled - UNWALLED.keys() == set(), "raise a wall (audit.walls), or say why there is none"


def test_reasons_are_of_tables_that_have_no_wall() -> None:
    walled = {model._meta.label for model in walls.walled_models()}
    assert UNWALLED.keys() - set(_of_people()) | UNWALLED.keys() & walled == set()
