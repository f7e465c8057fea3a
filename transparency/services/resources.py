"""django-import-export resources of the five files, generated from their layouts.

A row whose source text is unchanged is passed over before any value is read. New and changed rows are written in
batches by one upsert each. Errors carry the file's own column name, a code and parameters.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from import_export import fields, resources, widgets
from import_export.instance_loaders import BaseInstanceLoader
from tablib import Dataset

from transparency.models import (
    HistoryAllocation,
    HistoryContribution,
    HistoryLocation,
    HistoryProject,
    HistoryResult,
    HistoryRow,
)
from transparency.ocha import layouts
from transparency.ocha.layouts import Column, Layout, Row
from transparency.ocha.reading import SourceFile
from transparency.ocha.values import Parser, Unreadable

LINE, KEY, PRINT = "#line", "#key", "#print"
BATCH = 1000
SEPARATOR = "\x1f"
MOST_KEY_BYTES = 2000


def _untold(_done: int) -> None:
    """Progress that nobody asked for."""


class ReaderWidget(widgets.Widget):
    """A widget that reads with one of the exact readers of `transparency.ocha.values`."""

    def __init__(self, parser: Parser, *, required: bool) -> None:
        super().__init__()
        self.parser = parser
        self.required = required

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The value that the text says; raises `Unreadable`."""
        read = self.parser(value)
        if self.required and read in (None, ""):
            raise Unreadable("empty")
        return read


class KeyedLoader(BaseInstanceLoader):
    """All rows of the funds in the file, by key, with one query."""

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        funds = set(dataset[resource.layout.fund]) if len(dataset) else set()
        rows = resource.get_queryset().filter(fund__in=funds).only("id", "key", "raw_sha256")
        self.known: dict[str, HistoryRow] = {row.key: row for row in rows}

    def get_instance(self, row: Row) -> HistoryRow | None:
        """The stored row with this key."""
        return self.known.get(row[KEY])


def _field(attribute: str, parser: Parser, column: Column) -> fields.Field:
    widget = ReaderWidget(parser, required=column.required)
    return fields.Field(attribute=attribute, column_name=column.name, widget=widget)


class HistoryResource(resources.ModelResource):
    """What the five resources share."""

    layout: ClassVar[Layout]

    class Meta:
        abstract = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields.clear()
        for column in self.layout.columns:
            for attribute, parser in column.attributes:
                self.fields[attribute] = _field(attribute, parser, column)
        self._readers = [field for field in self.fields.values() if field.attribute]
        self.progress: Callable[[int], None] = _untold

    def get_import_id_fields(self) -> list[str]:
        """The loader goes by key; no column of the file is a primary key."""
        return []

    def import_instance(self, instance: HistoryRow, row: Row, **kwargs: Any) -> None:
        """Fill the instance from the row, unless its source text is the same as before."""
        if instance.raw_sha256 == row[PRINT]:
            return
        errors: dict[str, list[ValidationError]] = {}
        for field in self._readers:
            try:
                field.save(instance, row)
            except Unreadable as error:
                _add(errors, field.column_name, error)
        try:
            for attribute, value in self.layout.derive(row).items():
                setattr(instance, attribute, value)
        except Unreadable as error:
            _add(errors, error.column, error)
        if errors:
            raise ValidationError(errors)
        instance.key, instance.raw = row[KEY], {name: value for name, value in row.items() if name[:1] != "#"}

    def skip_row(self, instance: Any, original: Any, row: Row, import_validation_errors: Any = None) -> bool:
        """Whether the stored row already says the same."""
        if import_validation_errors:
            return False
        unchanged: bool = instance.raw_sha256 == row[PRINT]
        instance.raw_sha256 = row[PRINT]
        return unchanged

    def after_import_row(self, row: Row, row_result: Any, **kwargs: Any) -> None:
        """Tell how far the file has been read."""
        if kwargs["row_number"] % BATCH == 0:
            self.progress(kwargs["row_number"])

    def bulk_create(self, using_transactions: Any, dry_run: Any, raise_errors: Any, **kwargs: Any) -> None:
        """Write new rows; an error of the database is raised, never only noted in the result."""
        self._meta.model.objects.bulk_create(self.create_instances, batch_size=BATCH)
        self.create_instances.clear()

    def bulk_update(self, using_transactions: Any, dry_run: Any, raise_errors: Any, **kwargs: Any) -> None:
        """Write changed rows by one upsert a batch: a hundred times faster than CASE WHEN over thirty columns."""
        names = [f.name for f in self._meta.model._meta.concrete_fields if not f.primary_key]
        self._meta.model.objects.bulk_create(
            self.update_instances, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=names
        )
        self.update_instances.clear()


def _add(errors: dict[str, list[ValidationError]], column: str, error: Unreadable) -> None:
    said = ValidationError(error.code, code=error.code, params=dict(error.params))
    if not any(old.code == said.code for old in errors.get(column, [])):
        errors.setdefault(column, []).append(said)


class _Options:
    """Options shared by all resources: batches, no comparison of fields, no reports about skipped rows."""

    fields = ()
    instance_loader_class = KeyedLoader
    use_bulk = True
    batch_size = BATCH
    skip_diff = True
    skip_html_diff = True
    report_skipped = False
    skip_unchanged = True
    use_transactions = False
    clean_model_instances = False
    force_init_instance = False


def _resource(layout: Layout, model: type[models.Model]) -> type[HistoryResource]:
    meta = type("Meta", (_Options,), {"model": model})
    name = f"{layout.kind.title()}Resource"
    kind: Any = type(HistoryResource)
    made: type[HistoryResource] = kind(
        name, (HistoryResource,), {"Meta": meta, "layout": layout, "__doc__": f"{layout.filename}."}
    )
    return made


ProjectsResource = _resource(layouts.PROJECTS, HistoryProject)
LocationsResource = _resource(layouts.LOCATIONS, HistoryLocation)
AllocationsResource = _resource(layouts.ALLOCATIONS, HistoryAllocation)
ContributionsResource = _resource(layouts.CONTRIBUTIONS, HistoryContribution)
ResultsResource = _resource(layouts.RESULTS, HistoryResult)

RESOURCES: dict[str, type[HistoryResource]] = {
    resource.layout.kind: resource
    for resource in (ProjectsResource, LocationsResource, AllocationsResource, ContributionsResource, ResultsResource)
}


def row_key(layout: Layout, row: Row, occurrence: int) -> str:
    """The key of a row: its key columns to the last space, and which of several equal ones it is."""
    parts = [row[name] for name in layout.key]
    return json.dumps([*parts, occurrence] if layout.repeats else parts, ensure_ascii=False, separators=(",", ":"))


def fingerprint(row: Row) -> str:
    """A hash of every column's name and text, in any order of columns."""
    flat = SEPARATOR.join(f"{name}={value}" for name, value in sorted(row.items()))
    return hashlib.sha256(flat.encode()).hexdigest()


def as_dataset(source: SourceFile) -> Dataset:
    """The rows of a file with line, key and fingerprint; a second row with a key that must be single is a problem."""
    layout = source.layout
    dataset = Dataset(headers=[LINE, KEY, PRINT, *source.header])
    seen: Counter[tuple[str, ...]] = Counter()
    first_line: dict[tuple[str, ...], int] = {}
    for line, row in source.rows:
        identity = tuple(row[name] for name in layout.key)
        if sum(len(part.encode()) for part in identity) > MOST_KEY_BYTES:
            source.complain(line, layout.key[-1], "key_too_long")
            continue
        seen[identity] += 1
        if seen[identity] > 1:
            source.complain(line, layout.key[-1], "repeated_row", grave=not layout.repeats, first=first_line[identity])
            if not layout.repeats:
                continue
        first_line.setdefault(identity, line)
        dataset.append([line, row_key(layout, row, seen[identity]), fingerprint(row), *row.values()])
    return dataset
