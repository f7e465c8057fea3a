"""Columns that hold sealed text. Reading the attribute opens it, saving the row seals it; SQL sees ciphertext only.

A sealed column cannot be filtered, ordered, updated in bulk or exported by ``values()``: it says ``(sealed)`` there. What is
read is bound to table, column and row, to the row's data key and to its subject; moved anywhere else it does not open.
"""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from audit import vault


class SealedValue:
    """What the database holds: bytes that nobody reads by accident."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def __str__(self) -> str:
        return "(sealed)"

    __repr__ = __str__


class OpenedText(str):  # noqa: SLOT000 -- it carries where it came from
    """Text that was opened, with the bytes it came from: saved unchanged in its place, it keeps them."""

    place: str
    raw: bytes

    @classmethod
    def of(cls, text: str, *, place: str, raw: bytes) -> "OpenedText":
        """``text`` as it was opened at ``place`` from ``raw``."""
        opened = cls(text)
        opened.place, opened.raw = place, raw
        return opened


class SealedAttribute(DeferredAttribute):
    """Opens the column when it is read, once for each instance."""

    field: "SealedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, SealedValue):
            value = self.field.open(instance, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    _TextField = models.Field[str, str]
else:
    _TextField = models.Field


class SealedTextField(_TextField):
    """Text of at most ``max_length`` characters, sealed; its model is of the shape `audit.models.Sealing`."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, subject: str = "pk", **kwargs: Any) -> None:
        """``subject`` names the attribute with the id of the organisation or person whom the text is about."""
        super().__init__(*args, **kwargs)
        self.subject = subject

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"subject": self.subject}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is a value at all: ciphertexts compare as nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> SealedValue | None:
        return None if value is None else SealedValue(bytes(value))

    def place(self, instance: Any) -> str:
        """What a value is bound to: table, column, row and key."""
        return f"{instance._meta.db_table}|{self.column}|{instance.pk}|{instance.data_key_id}"

    def subject_of(self, instance: Any) -> Any:
        """Whose key opens this row."""
        return getattr(instance, self.subject)

    def open(self, instance: Any, value: SealedValue) -> OpenedText:
        """The text behind ``value`` in this row; raises `vault.Erased` and `vault.SealError`."""
        place = self.place(instance)
        text = vault.open_sealed(instance.data_key, value.raw, subject_id=self.subject_of(instance), place=place)
        return OpenedText.of(text, place=place, raw=value.raw)

    def pre_save(self, model_instance: Any, add: bool) -> SealedValue | None:  # noqa: FBT001 -- Django's signature
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, SealedValue):
            return value
        place = self.place(model_instance)
        if isinstance(value, OpenedText) and value.place == place:
            return SealedValue(value.raw)
        if self.max_length is not None and len(value) > self.max_length:
            raise ValueError(f"{self.column} takes at most {self.max_length} characters")
        raw = vault.seal(model_instance.data_key, str(value), subject_id=self.subject_of(model_instance), place=place)
        model_instance.__dict__[self.attname] = OpenedText.of(str(value), place=place, raw=raw)
        return SealedValue(raw)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        if value is None:
            return None
        if not isinstance(value, SealedValue):
            raise TypeError(f"{self.column} is sealed: it is written by saving the row")
        return value.raw

    def value_to_string(self, obj: Any) -> str:
        return "(sealed)"


def sealed_names(model: type[models.Model]) -> list[str]:
    """The sealed columns of ``model``."""
    return [field.attname for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def opened_or(row: Any, name: str, erased: Any) -> Any:
    """The attribute ``name`` of ``row``, or ``erased`` where two people erased it."""
    try:
        return getattr(row, name)
    except vault.Erased:
        return erased
