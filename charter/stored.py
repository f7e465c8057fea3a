"""Charters that were stored before the schema knew all of today's numbers.

What the networks ratified and what calls and grants froze never changes, also when the software learns a new number. So the
number that a stored charter lacks is read as the schema's own default, else as the proposal of the software has it
(`charter.defaults`), until the networks adopt a version that says it; `added` names such numbers (decision 0013). Drafts and
uploads are not stored yet: they say every number themselves.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from charter.defaults import default_rules
from charter.documents import StoredDocument
from charter.schema import CharterRules, Rules, ScoringRules, Words, flatten

Document = Mapping[str, Any]


@cache
def _proposal() -> CharterRules:
    return default_rules()


def rules_of(document: Document | None) -> CharterRules:
    """The rules of a stored charter; raises pydantic's ValidationError for what no charter ever said, and for nothing.

    The same document gives the same value: one charter, and what calls and grants froze of it, are read all day.
    """
    return _rules(document.text if isinstance(document, StoredDocument) else json.dumps(document))


@lru_cache(maxsize=32)
def _rules(said: str) -> CharterRules:
    document = json.loads(said)
    return CharterRules.model_validate(document and _completed(document, _proposal()))


def scoring_of(part: Document) -> ScoringRules:
    """The rules of scoring alone, where a query took only them."""
    return ScoringRules.model_validate(_completed(part, _proposal().scoring))


def added(document: Document) -> list[str]:
    """The paths (``deadlines.rapid_payment_hours``) of the values that a stored charter lacks, in order."""
    said = flatten(dict(document))
    return sorted(path for path in flatten(rules_of(document)) if path not in said)


def _completed(part: Any, like: Rules) -> dict[str, Any]:
    """A stored part with each field that it lacks, and for which the schema has no default, taken from the proposal.

    Only fields of the schema are looked for: which constituencies, tranches or items there are is what a charter decides.
    """
    whole = dict(part)
    for name, proposed in like:
        if name in whole:
            whole[name] = _within(whole[name], proposed)
        elif type(like).model_fields[name].is_required():
            whole[name] = like.model_dump(mode="json", include={name})[name]
    return whole


def _within(value: Any, proposed: Any) -> Any:
    if not isinstance(value, Mapping) or isinstance(proposed, Words):
        return value
    if isinstance(proposed, Rules):
        return _completed(value, proposed)
    return {**value, **dict(_named(value, proposed))}


def _named(value: Document, proposed: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Parts by name (tiers, types of grants) that the proposal has too."""
    for key, part in value.items():
        if isinstance(proposed.get(key), Rules):
            yield key, _within(part, proposed[key])
