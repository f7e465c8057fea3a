"""What the record says of persons here, for an erasure that two people decide on (`audit.erasure`)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from audit import erasure
from charter.models import NetworkRepresentative, Remark


@erasure.concern
def mandates_and_remarks(person: Any) -> Iterable[UUID]:
    """A person's mandates of networks, and what the person said in the discussion; votes of ratification stay."""
    yield from NetworkRepresentative.objects.filter(user=person).values_list("pk", flat=True)
    yield from Remark.objects.filter(author=person).values_list("pk", flat=True)
