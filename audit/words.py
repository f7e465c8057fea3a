"""Fingerprints of the texts that an act writes into a row, for the record of the act.

An event says what happened in a few fields. What a row holds beside them (a reason, an explanation, a frozen document as
JSON) is committed to as well: the door adds to the record, under the name of each text that it writes, the SHA-256 of its
value. `manage.py fsck --log` compares rows with them. Values under a seal are left out: their events carry a digest of
their own, where one is needed, and an erased one must not be found again by guessing.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import rfc8785
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from i18nfield.strings import LazyI18nString

from audit.sealed import SealedTextField


def texts_of(model: type[models.Model]) -> list[Any]:
    """The columns of a model with free text or JSON."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
        and not isinstance(field, SealedTextField)
    ]


def fingerprint(value: Any) -> str:
    """SHA-256 of a text or of JSON, whatever it was put in by and read as; nothing for what is empty."""
    if isinstance(value, LazyI18nString):
        value = value.data
        value = {key: text for key, text in value.items() if text} if isinstance(value, dict) else value
    if value in (None, "", [], {}):
        return ""
    plain = json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()


def written(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, str]:
    """The fingerprints by name of those of the ``values`` for a row that are its texts; a text taken away has none: ""."""
    return {field.name: fingerprint(values[field.name]) for field in texts_of(model) if field.name in values}


def of_row(row: models.Model) -> dict[str, str]:
    """The fingerprints of all texts of a row that is made; what it does not say is left out."""
    found = written(type(row), {field.name: getattr(row, field.attname) for field in texts_of(type(row))})
    return {name: digest for name, digest in found.items() if digest}
