"""The charter in words: every number of `CharterRules` as a line of a table, in the reader's language.

Also the reading of single paths (``tiers.M.yearly_ceiling_minor``) for comparisons and for the fields of a draft.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from charter.labels import SECTIONS, VALUES, label_of
from charter.schema import TIER_ORDER, CharterRules, GrantTypeKey
from kernel.money import Money, format_money
from kernel.places import Governorate

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the charter: ``rows`` begin with their heading."""

    title: Text
    columns: list[Text]
    rows: list[list[Text]]

    @property
    def lines(self) -> list[list[tuple[Text, Text]]]:
        """The rows with each cell's column beside it, for a phone where rows become cards."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the charter: single values, then tables."""

    key: str
    title: Text
    facts: list[tuple[Text, Text]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def language() -> str:
    """The language in which the charter is read."""
    return (get_language() or "ar")[:2]


def data_of(rules: CharterRules) -> dict[str, Any]:
    """The rules as data in the order in which people read them; the database keeps none for dictionaries."""
    data: dict[str, Any] = rules.model_dump(mode="json")
    data["tiers"] = {code: data["tiers"][code] for code in TIER_ORDER}
    data["grant_types"] = {key: data["grant_types"][key] for key in get_args(GrantTypeKey)}
    data["budget"]["categories"] = dict(sorted(data["budget"]["categories"].items()))
    kinds = data["committee"]["constituencies"]
    data["committee"]["constituencies"] = dict(sorted(kinds.items(), key=_by_weight))
    for tier in data["tiers"].values():
        tier["splits"] = dict(sorted(tier["splits"].items(), key=lambda pair: int(pair[0])))
    for criterion in data["scoring"]["criteria"]:
        criterion["anchors"] = dict(sorted(criterion["anchors"].items(), key=lambda pair: int(pair[0])))
    return data


def _by_weight(pair: tuple[str, Mapping[str, Any]]) -> tuple[bool, bool, int, str]:
    """Constituencies: civil society first, observers last, the larger before the smaller."""
    key, kind = pair
    return (not kind["civil_society"], not kind["voting"], -kind["seats_to"], key)


def describe(rules: CharterRules) -> list[Section]:
    """The whole charter in words, chapter by chapter."""
    data = data_of(rules)
    return [_section(key, title, data[key], rules.currency) for key, title in SECTIONS.items()]


def _section(key: str, title: Text, value: Mapping[str, Any], currency: str) -> Section:
    section = Section(key, title)
    if key in {"tiers", "grant_types"}:
        section.tables.append(_across(title, key, value, currency))
        return section
    plain: dict[str, Any] = {}
    for name, part in value.items():
        tables = _tables(f"{key}.{name}", name, part, currency)
        if tables is None:
            plain[name] = part
        else:
            section.tables.extend(tables)
    for path, leaf in leaves(plain, key):
        section.facts.append((label_of(path), in_words(path, leaf, currency)))
    return section


_NAMED = {
    "constituencies": gettext_noop("Constituencies"),
    "size_bands": gettext_noop("Sizes of organisations"),
    "items": gettext_noop("Items of the passport"),
    "sections": gettext_noop("Sections of the assessment"),
    "questions": gettext_noop("Questions of the assessment"),
}
"""Parts that are tables with one row for each item."""


def _tables(path: str, name: str, value: Any, currency: str) -> list[Table] | None:
    """The tables of a part that is not a list of single values, else None."""
    if name in _NAMED:
        rows = list(value.values()) if isinstance(value, Mapping) else value
        return (
            [_down(gettext(_NAMED[name]), name, rows, currency, hide=frozenset({"section", "place"}))] if rows else []
        )
    if name == "criteria":
        return [_down(gettext("Criteria"), "criteria", value, currency, hide=frozenset({"anchors"})), *_anchors(value)]
    if name == "categories":
        letters: list[list[Text]] = [[code, words(text)] for code, text in value.items()]
        return [Table(label_of(path), [gettext("Letter"), gettext("Category")], letters)]
    return None


def _down(
    title: Text,
    pattern: str,
    items: Sequence[Mapping[str, Any]],
    currency: str,
    hide: frozenset[str] = frozenset(),
) -> Table:
    """One row for each item, named by its ``name``."""
    names = ["name", *(one for one in items[0] if one not in {"name", "key", *hide})]
    paths = [f"{pattern}.{name}" for name in names]
    rows: list[list[Text]] = [
        [in_words(path, item[name], currency) for path, name in zip(paths, names, strict=True)] for item in items
    ]
    return Table(title, [label_of(path) for path in paths], rows)


def _anchors(criteria: Sequence[Mapping[str, Any]]) -> list[Table]:
    points = list(criteria[0]["anchors"])
    columns: list[Text] = [gettext("Points"), gettext("What they mean")]
    return [
        Table(words(one["name"]), columns, [[number, words(one["anchors"][number])] for number in points])
        for one in criteria
    ]


def _across(title: Text, pattern: str, items: Mapping[str, Mapping[str, Any]], currency: str) -> Table:
    """One column for each item, one row for each of its values."""
    columns: list[Text] = ["", *(words(item["name"]) for item in items.values())]
    flat = [dict(leaves({k: v for k, v in item.items() if k != "name"}, pattern)) for item in items.values()]
    paths = list(dict.fromkeys(path for one in flat for path in one))
    parents = [path.rpartition(".")[0] for path in paths]
    paths = sorted(
        (path for path in paths if not _is_parent(path, paths)), key=lambda path: parents.index(path.rpartition(".")[0])
    )
    rows: list[list[Text]] = [
        [label_of(path), *(_named(path, one.get(path), items, currency) for one in flat)] for path in paths
    ]
    return Table(title, columns, rows)


def _named(path: str, value: Any, items: Mapping[str, Mapping[str, Any]], currency: str) -> str:
    """A value in words; one that names another item by its key gets that item's name."""
    if path.endswith(".to") and value in items:
        return words(items[value]["name"])
    return in_words(path, value, currency)


def _is_parent(path: str, paths: Sequence[str]) -> bool:
    return any(other.startswith(f"{path}.") for other in paths)


# Single values ---------------------------------------------------------------------------------------------------


def is_words(value: Any) -> bool:
    """Whether ``value`` is a text in the fund's languages."""
    return isinstance(value, Mapping) and set(value) == {"ar", "en", "ku"}


def is_fraction(value: Any) -> bool:
    """Whether ``value`` is an exact share."""
    return isinstance(value, Mapping) and set(value) == {"numerator", "denominator"}


def words(value: Mapping[str, str]) -> str:
    """A text of the charter in the reader's language, else in Arabic."""
    return value.get(language()) or value["ar"]


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value of a dumped part by its path; a share, a text and a list of values count as one."""
    if isinstance(value, Mapping) and not is_words(value) and not is_fraction(value):
        for name, part in value.items():
            yield from leaves(part, f"{path}.{name}" if path else name)
    else:
        yield path, value


def in_words(path: str, value: Any, currency: str) -> str:
    """One value of the charter as people read it; its unit is the end of its name."""
    if value is None:
        return "—"
    if isinstance(value, Mapping):
        return words(value) if is_words(value) else f"{value['numerator']}/{value['denominator']}"
    if isinstance(value, list | tuple):
        return _list_in_words(path, value, currency)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return _number_in_words(path, value, currency) if isinstance(value, int) else _choice_in_words(str(value))


def _list_in_words(path: str, value: Sequence[Any], currency: str) -> str:
    if ".splits." in path or path.endswith("capacity_weight_by_closed_grants"):
        return " · ".join(f"{share}%" for share in value)
    return " · ".join(in_words(path, item, currency) for item in value)


def _choice_in_words(value: str) -> str:
    if value in Governorate.values:
        return str(Governorate(value).label)
    return str(VALUES.get(value, value))


def _number_in_words(path: str, value: int, currency: str) -> str:
    name = path.rsplit(".", 1)[-1]
    if name.endswith("_minor"):
        return format_money(Money(value, currency), language())
    if name.endswith("_tenths"):
        return number_format(value / 10, 1)
    if name.endswith("_hundredths"):
        return number_format(value / 100, 2)
    if "percent" in name or name == "weight":
        return f"{value}%"
    return _time_in_words(path, name, value) or str(value)


def _time_in_words(path: str, name: str, value: int) -> str:
    if "calendar_days" in path or name == "most_days":
        return ngettext("%(n)d calendar day", "%(n)d calendar days", value) % {"n": value}
    if name.endswith("_days"):
        return ngettext("%(n)d working day", "%(n)d working days", value) % {"n": value}
    if name.endswith("_hours"):
        return ngettext("%(n)d hour", "%(n)d hours", value) % {"n": value}
    if name.endswith("_months") or name in {"months_from", "months_to"}:
        return ngettext("%(n)d month", "%(n)d months", value) % {"n": value}
    if name == "years" or name.endswith("_years"):
        return ngettext("%(n)d year", "%(n)d years", value) % {"n": value}
    return ""


# Two versions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs between two versions."""

    section: Text
    label: Text
    before: str
    after: str
    gone: bool = False
    """Whether the rule is no longer there."""
    new: bool = False
    """Whether the rule was not there before."""

    @property
    def sentence(self) -> SafeString:
        """The change as people say it: “Quorum: from 2/3 to 3/4.”"""
        values = {"rule": self.label, "before": self.before, "after": self.after}
        said = {name: format_html("<bdi>{}</bdi>", value) for name, value in values.items()}
        if self.gone:
            return format_html(gettext("{rule} is dropped; it was {before}."), **said)
        if self.new:
            return format_html(gettext("{rule} is new: {after}."), **said)
        return format_html(gettext("{rule}: from {before} to {after}."), **said)


def name_of(path: Sequence[str], data: Mapping[str, Any]) -> str:
    """The label of a path behind the names of what it belongs to: “Medium risk: Ceiling for a year”."""
    owner: Any = data
    names = []
    for step in path[:-1]:
        owner = _step(owner, step)
        if isinstance(owner, Mapping) and is_words(owner.get("name")):
            names.append(words(owner["name"]))
    return ": ".join([*names, str(label_of(".".join(path)))])


def _step(owner: Any, step: str) -> Any:
    """One step down; into a list by place or by the item's key."""
    if not isinstance(owner, list):
        return owner[step]
    return owner[int(step)] if step.isdigit() else next(item for item in owner if item["key"] == step)


def compare(before: CharterRules, after: CharterRules) -> list[Difference]:
    """What differs, in words, in the order of the charter."""
    old, new = data_of(before), data_of(after)
    old_values, new_values = dict(_single(old)), dict(_single(new))
    found = []
    for path in dict.fromkeys([*new_values, *old_values]):
        if old_values.get(path) == new_values.get(path):
            continue
        was = in_words(path, old_values.get(path), before.currency)
        now = in_words(path, new_values.get(path), after.currency)
        section = SECTIONS.get(path.split(".", 1)[0], "")
        named = new if path in new_values else old
        absent = {"gone": path not in new_values, "new": path not in old_values}
        found.append(Difference(section, name_of(path.split("."), named), was, now, **absent))
    return found


def added(rules: CharterRules, document: Mapping[str, Any]) -> list[Difference]:
    """What ``rules`` have beyond the stored ``document`` that they were read from (`charter.stored`), in words."""
    data, said = data_of(rules), dict(_single(document))
    return [
        Difference(
            SECTIONS.get(path.split(".", 1)[0], ""),
            name_of(path.split("."), data),
            "",
            in_words(path, value, rules.currency),
            new=True,
        )
        for path, value in _single(data)
        if path not in said
    ]


def _single(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values by path; items of lists (criteria, size bands) by their key."""
    for path, value in leaves(data, ""):
        if isinstance(value, list) and value and isinstance(value[0], Mapping) and "key" in value[0]:
            for item in value:
                for inner, leaf in leaves({k: v for k, v in item.items() if k != "key"}, path):
                    yield f"{path}.{item['key']}.{inner.removeprefix(path + '.')}", leaf
        else:
            yield path, value
