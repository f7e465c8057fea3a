"""``manage.py appoint EMAIL ROLE``: the administrator with whom a new fund begins."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import selectors, services
from accounts.roles import Role
from kernel.permissions import Refused


class Command(BaseCommand):
    """Works once; afterwards administrators appoint each other on the pages, in staff sessions."""

    help = "Make a person with an account the fund's first administrator. Refuses as soon as there has been one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="address of an existing account")
        parser.add_argument("role", choices=[Role.ADMINISTRATOR.value], help="administrator, and no other office")

    def handle(self, *args: Any, **options: Any) -> None:
        user = selectors.person_with_address(options["email"])
        if user is None:
            raise CommandError(f"no account has the address {options['email']}; create it on the sign-up page first")
        try:
            services.appoint_first_administrator(user, reason="first administrator, appointed on the server")
        except Refused as refused:
            raise CommandError(str(refused.reason)) from refused
        self.stdout.write(f"{user.email} is now the administrator of people and offices")
