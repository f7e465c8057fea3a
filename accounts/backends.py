"""Who signs in, and whose session it is: Django's and django-allauth's, which read a person by key at every request."""

from typing import Any, Final
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from kernel.prepared import Prepared

_COLUMNS: Final = [field.attname for field in User._meta.concrete_fields]
_BY_KEY: Final = Prepared(lambda key: User.objects.filter(pk=key).values_list(*_COLUMNS), key=UUID)


class ByKey(ModelBackend):
    """People of sessions, read with SQL that is written once (`kernel.prepared`)."""

    def get_user(self, user_id: Any) -> User | None:
        """The person with this key, or nobody: there is none, or the account is closed."""
        for row in _BY_KEY.ask(key=user_id):
            user = User.from_db("default", _COLUMNS, row)
            return user if self.user_can_authenticate(user) else None
        return None


class ByMail(ByKey, AuthenticationBackend):
    """The same for who signed in on django-allauth's pages, by e-mail address."""
