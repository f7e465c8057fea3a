"""A word that stands nowhere else in every text of every row: whatever says one of them says which row and field it read.

The words come from the models, not from a list: a new field is a secret until somebody writes down that it is told
(`tests.transparency.test_canaries`). What rows are known by (ids, codes, checksums) are canaries as they are.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Model
from django.utils import timezone
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from audit import vault
from audit.sealed import SealedTextField, SealedValue
from poolfund.database.roles import as_owner

Field = Any  # models.Field: a class that takes no parameters when the code runs
Secret = tuple[str, Any]
"""A field (`app.Model.field`) and the key of its row."""
SHORTEST = 24
"""Fields that hold less are for codes of closed lists: currencies, countries, languages."""
SHORTEST_CODE = 8
WORD = re.compile(r"cnry\d{4}r\d+z")
TOKEN = re.compile(r"[\w-]{8,}")
KNOWN_BY = re.compile(r"(^|_)(sha256|hash|digest|fingerprint|index|reference|code|key|nonce|serial)$")
TEXTS = (models.CharField, models.TextField, SealedTextField, models.JSONField, I18nCharField, I18nTextField)
NOT_KEPT = (
    "contenttypes.", "auth.", "guardian.Group", "audit.Log", "transparency.Dashboard", "transparency.Fund",
    "transparency.Release", "transparency.OpenData", "transparency.SearchRow",
)  # fmt: skip
"""Names of the code; the log, which is made to be read by everybody and holds hashes; what is drawn of other tables."""
PROGRAMS = {
    "type", "kind", "subject_type", "from_state", "to_state", "origin", "verifier_key", "object_pk", "app_label", "model",
    "wrapped_by", "tab", "section_key", "field", "part",
}  # fmt: skip
"""Fields in which the program's own words stand, or a machine's."""


def kept() -> list[type[Model]]:
    """Every model whose rows hold what the fund knows."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.label.startswith(NOT_KEPT)]


def texts(model: type[Model]) -> list[Field]:
    """The fields in which words of people stand, and what rows are known by."""
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, TEXTS)
        and not isinstance(one, ArrayField)
        and not one.choices
        and not one.generated
        and one.name not in PROGRAMS
        and (one.max_length is None or one.max_length >= (SHORTEST_CODE if KNOWN_BY.search(one.name) else SHORTEST))
    ]


def plant() -> None:
    """A row in every table that had none, and a word in every text.

    The guards of the tables sleep meanwhile: nothing but a test's throw-away database is planted. Raises LookupError for a
    table that takes no row: `WISHES` says then what its own checks ask for.
    """
    tables = [model._meta.db_table for model in kept()]
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("".join(f'ALTER TABLE "{table}" DISABLE TRIGGER USER;' for table in tables))
        _fill()
        for number, one in enumerate(_fields()):
            _write(one, number)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("".join(f'ALTER TABLE "{table}" ENABLE TRIGGER USER;' for table in tables))


def _fields() -> Iterator[Field]:
    for model in kept():
        for one in texts(model):
            if not one.primary_key and not KNOWN_BY.search(one.name):
                yield one


def planted() -> dict[str, Secret]:
    """Every word that was planted, and everything that a row is known by, with where it stands."""
    found: dict[str, Secret] = {}
    for model in kept():
        fields = texts(model)
        for row in model._base_manager.all():
            if isinstance(row._meta.pk, models.UUIDField):
                found[str(row.pk)] = (f"{model._meta.label}.{row._meta.pk.name}", row.pk)
            for one in fields:
                value = getattr(row, one.attname)
                said = str(value.data if isinstance(value, LazyI18nString) else value)
                where = (f"{model._meta.label}.{one.name}", row.pk)
                found |= dict.fromkeys(WORD.findall(said), where)
                if KNOWN_BY.search(one.name) and TOKEN.fullmatch(said) and re.search(r"\d", said):
                    found[said] = where
    return found


def said(text: str, of: dict[str, Secret]) -> set[Secret]:
    """Of what the text says anything."""
    words = {*WORD.findall(text), *TOKEN.findall(text)}
    return {of[word] for word in words & of.keys()}


# Words ----------------------------------------------------------------------------------------------------------------


def _write(one: Field, number: int) -> None:
    """A word at the end of the field's text in each row, where the table's own checks take it."""
    table, column = one.model._meta.db_table, one.column
    key = one.model._meta.pk.column
    for place, row in enumerate(one.model._base_manager.order_by("pk")):
        value = _with(getattr(row, one.attname), f"cnry{number:04d}r{place}z", one)
        if value is None:
            continue
        if isinstance(one, SealedTextField):
            row.__dict__[one.attname] = value
            value = one.pre_save(row, add=False)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                stored = one.get_db_prep_save(value, connection)
                cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s', [stored, row.pk])
        except DatabaseError:
            continue


def _with(value: Any, word: str, one: Field) -> Any:
    """The value with the word, or nothing where it holds no text."""
    if value is None or isinstance(value, SealedValue):
        return None
    if isinstance(value, LazyI18nString):
        said = value.data if isinstance(value.data, dict) else {"ar": value.data or "", "en": value.data or ""}
        return LazyI18nString({language: f"{text} {word}" for language, text in said.items()})
    if isinstance(value, str) and not isinstance(one, models.JSONField):
        if "@" in value:
            return f"{word}.{value}"
        return f"{value[: (one.max_length or 10_000) - len(word) - 1]} {word}"
    written = _inside(value, word)
    return None if written == value else written


def _inside(value: Any, word: str) -> Any:
    """The same where a JSON text is more than a code."""
    if isinstance(value, dict):
        return {key: _inside(part, word) for key, part in value.items()}
    if isinstance(value, list):
        return [_inside(part, word) for part in value]
    return f"{value} {word}" if isinstance(value, str) and re.search(r"\s|[^\x00-\x7f]", value) else value


# Rows of tables that a story left empty -------------------------------------------------------------------------------


def _fill() -> None:
    waiting = [model for model in kept() if not model._base_manager.exists()]
    while waiting:
        refused = {model: said for model in waiting if (said := _refused(model))}
        if len(refused) == len(waiting):
            raise LookupError("; ".join(f"{model._meta.label}: {said}" for model, said in refused.items()))
        waiting = list(refused)


def _refused(model: type[Model]) -> str:
    """Why the table takes no row; nothing when it took one."""
    try:
        with transaction.atomic():
            model._base_manager.bulk_create([_row(model, WISHES.get(model._meta.label, {}))])
    except (DatabaseError, LookupError) as error:
        return str(error).splitlines()[0]
    return ""


def _row(model: type[Model], wishes: dict[str, Any]) -> Model:
    row = model()
    for one in model._meta.concrete_fields:
        if one.generated:
            continue
        if one.name in wishes:
            value = wishes[one.name]
            setattr(row, one.attname, value(one) if callable(value) else value)
        elif isinstance(one, models.ForeignKey):
            setattr(row, one.attname, None if one.null else _referred(one))
        elif isinstance(one, SealedTextField) or _empty(one, row):
            setattr(row, one.attname, _value(one))
    for one in model._meta.concrete_fields:
        if isinstance(one, SealedTextField):
            row.data_key = vault.key_for(one.subject_of(row))  # type: ignore[attr-defined]  # an audit.models.Sealing
    return row


def _empty(one: Field, row: Model) -> bool:
    if isinstance(one, models.JSONField):
        return getattr(row, one.attname) in ({}, [], None)
    return not one.primary_key and not one.null and getattr(row, one.attname) in (None, "")


def _other(one: Any) -> Any:
    """The key of a row that is not the first."""
    return one.remote_field.model._base_manager.order_by("-pk").values_list("pk", flat=True)[0]


def _draft(one: Any) -> Any:
    """The key of a call that nobody has approved."""
    return one.remote_field.model._base_manager.filter(state="draft").values_list("pk", flat=True)[0]


def _referred(one: Any) -> Any:
    target = one.remote_field.model._base_manager.order_by("pk")
    if one.unique:
        target = target.exclude(pk__in=one.model._base_manager.values(one.attname))
    row = target.first()
    if row is None:
        raise LookupError(f"no {one.remote_field.model._meta.label} yet")
    return row.pk


_VALUES: list[tuple[type[Any], Callable[[], Any]]] = [
    (models.GenericIPAddressField, lambda: "192.0.2.7"), (models.DateTimeField, timezone.now), (models.DateField, timezone.localdate), (models.BooleanField, bool),
    (models.IntegerField, lambda: 1), (models.DecimalField, lambda: 1), (SealedTextField, lambda: "words"),
    (models.BinaryField, lambda: b"x"), (ArrayField, list), (models.JSONField, lambda: {"said": "two words"}),
    (models.DurationField, lambda: timedelta(days=1)), (models.UUIDField, uuid4), (models.Field, lambda: "words"),
]  # fmt: skip


def _value(one: Field) -> Any:
    if one.choices:
        return next(value for value, _label in one.flatchoices if value)
    if isinstance(one, models.JSONField) and one.get_default() == []:
        return ["two words"]
    value = next(make() for kind, make in _VALUES if isinstance(one, kind))
    return value[: one.max_length] if isinstance(value, str) and one.max_length else value


TOMORROW = timezone.localdate() + timedelta(days=1)
WISHES: dict[str, dict[str, Any]] = {
    "audit.Erasure": {"person": _referred},
    "ledger.ReferenceRate": {"currency": "EUR", "series": ""},
    "ledger.Period": {"month": timezone.localdate().replace(day=1)},
    "funds.WebhookDelivery": {"verified": True},
    "organisations.Partnership": {"partner": _other},
    "organisations.BankChange": {"approvers": 2},
    "organisations.OutsideAssessment": {"valid_until": TOMORROW},
    "organisations.Listing": {"sectors": ["wash"]},
    "committees.Appeal": {"grounds": ["procedure"]},
    "committees.Seat": {"ends_on": TOMORROW},
    "committees.Scorecard": {"revision": 1},
    "committees.ProposalChange": {"after": _other},
    "committees.ConflictFinding": {"ground": "past_activity"},
    "disbursements.Conversion": {"currency": "EUR", "series": ""},
    "committees.Decision": {"outcome": "reject"},
    "committees.Alert": {"governorates": ["SY07"]},
    "disbursements.PaymentProvider": {"channel": "hawala"},
    "disbursements.LineDecision": {"verdict": "explained", "note": "words"},
    "grants.CallDocument": {"call": _draft, "language": "ar"},
    "transparency.PublicPaper": {"call": None, "year": 2019},
    "transparency.Withholding": {"parts": ["name"], "grant": _referred},
}
"""What checks of single tables ask for."""
