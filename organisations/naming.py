"""How organisations and the people in them are called where what is sealed about them may be erased."""

from collections.abc import Iterable
from uuid import UUID

from audit import vault
from kernel.texts import search_key
from organisations.models import Organisation


def _names(ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Organisation.objects.filter(pk__in=list(ids)).values_list("pk", "name_ar"))


def _find(words: str) -> Iterable[UUID]:
    return Organisation.objects.filter(name_key__contains=search_key(words)).values_list("pk", flat=True)


vault.subjects(_names, _find)
