"""A column's hash from what names it.

For every query with an order Django looks up each selected column in a dictionary, and takes the hash from all arguments
that a column was made with, bound to the signature of its constructor: a sixth of the time that it takes to write the SQL.
"""

from django.db.models.expressions import Col


def _hash(column: Col) -> int:
    """Equal columns have the same alias and the same target; whatever else differs is left to the comparison."""
    return hash((column.alias, column.target.attname))


def hash_by_name() -> None:
    """From now on, in this process."""
    Col.__hash__ = _hash  # type: ignore[assignment, method-assign]
