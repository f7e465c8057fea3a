"""How people are called where what is sealed about them may be erased."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from audit import vault


def _names(ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in=list(ids)).values_list("pk", "full_name"))


def _find(words: str) -> Iterable[UUID]:
    called = Q(full_name__icontains=words) | Q(email__iexact=words.strip())
    return User.objects.filter(called).values_list("pk", flat=True)


vault.subjects(_names, _find)
