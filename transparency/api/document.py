"""The API's own description: the OpenAPI document, and the same for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from transparency.api import donors  # noqa: F401 -- its addresses join the API
from transparency.api.endpoints import api

PREFIX: Final = "/api/v1"
SUCCESS: Final = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter, or a field of an answer."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API as a person reads about it."""

    path: str
    summary: str
    description: str
    parameters: list[Part]
    fields: list[Part]
    private: bool


@cache
def openapi() -> dict[str, Any]:
    """The document: made once, it changes with the code only."""
    return dict(api.get_openapi_schema(path_prefix=PREFIX))


def operations() -> list[Operation]:
    """Every address in the order of the code."""
    return [_operation(path, said["get"]) for path, said in openapi()["paths"].items()]


def _operation(path: str, said: dict[str, Any]) -> Operation:
    schema = said["responses"][SUCCESS]["content"]["application/json"]["schema"]
    return Operation(
        path=path,
        summary=said["summary"],
        description=said.get("description", ""),
        parameters=[
            Part(one["name"], kind_of(one["schema"]), one["schema"].get("description", ""))
            for one in said.get("parameters", [])
        ],
        fields=list(_fields(schema)),
        private="security" in said,
    )


def _fields(schema: dict[str, Any]) -> Iterator[Part]:
    """The fields of an answer; of a page of a list those of its items."""
    properties = _resolved(schema).get("properties", {})
    items = properties.get("items")
    if items is not None:
        properties = _resolved(items["items"]).get("properties", {})
    for name, field in properties.items():
        yield Part(name, kind_of(field), field.get("description", ""))


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def kind_of(schema: dict[str, Any]) -> str:
    """A schema in a word or two: ``string``, ``Amount or null``, ``list of string``."""
    if "anyOf" in schema or "allOf" in schema:
        return " or ".join(kind_of(one) for one in schema.get("anyOf") or schema["allOf"])
    if "$ref" in schema:
        found = _resolved(schema)
        return kind_of(found) if "enum" in found else schema["$ref"].rpartition("/")[2].removesuffix("Out")
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{kind_of(schema['additionalProperties'])} by key"
    return str(schema.get("format") or schema.get("type") or "any")
