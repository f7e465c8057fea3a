"""Two roles of one database: the owner, who migrates, and the application's, who can only work with rows.

The web and the workers connect as the application's role. It may not create, alter or drop anything, nor switch a
trigger off, and on append-only tables it may not even update or delete.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from poolfund import environment

NEVER_WRITTEN = ("django_migrations",)
"""Tables that the application only reads."""


def owner_settings() -> dict[str, Any]:
    """Connection settings of the owner: the embedded server's, or those of ``OWNER_DATABASE_URL``.

    Raises ImproperlyConfigured when neither is there.
    """
    if settings.EMBEDDED_SERVER is not None:
        from poolfund.embedded import OWNER

        return {"USER": OWNER, "PASSWORD": ""}
    url = environment.read("OWNER_DATABASE_URL")
    if not url:
        message = "OWNER_DATABASE_URL is not set: migrations run as the owner of the tables, never as the application"
        raise ImproperlyConfigured(message)
    owner = environment.database(url)
    return {key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}


def owner_user() -> str:
    """The owner's role as ``OWNER_DATABASE_URL`` names it, or nothing."""
    url = environment.read("OWNER_DATABASE_URL")
    return str(environment.database(url)["USER"]) if url else ""


@contextmanager
def as_owner(alias: str = DEFAULT_DB_ALIAS) -> Iterator[BaseDatabaseWrapper]:
    """Inside, Django's connection ``alias`` is the owner's; afterwards it is the application's again."""
    connection = connections[alias]
    application = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(owner_settings())
    try:
        yield connection
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(application)


def tables(mark: str) -> list[str]:
    """Tables of the models that `audit.guards` marked with ``append_only`` or ``never_deleted``."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, mark, False) and model._meta.managed and not model._meta.proxy
    )


def updatable_columns() -> dict[str, tuple[str, ...]]:
    """Table -> the only columns that the application may update, for models that name them."""
    return {
        model._meta.db_table: model.updatable_columns
        for model in apps.get_models()
        if hasattr(model, "updatable_columns")
    }


def grant(connection: BaseDatabaseWrapper, *, application: str) -> None:
    """Give the role ``application`` what it needs and no more; run by the owner after every migration."""
    quote = connection.ops.quote_name
    role = quote(application)
    database = quote(connection.settings_dict["NAME"])
    statements = [
        # No temporary tables: one named like a table of the fund would be found first and could pose as it to a guard.
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {role}",
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ]
    statements += [f"REVOKE INSERT, UPDATE, DELETE ON {quote(table)} FROM {role}" for table in NEVER_WRITTEN]
    statements += [f"REVOKE UPDATE ON {quote(table)} FROM {role}" for table in tables("append_only")]
    statements += [f"REVOKE DELETE ON {quote(table)} FROM {role}" for table in tables("never_deleted")]
    for table, columns in updatable_columns().items():
        statements.append(f"REVOKE UPDATE ON {quote(table)} FROM {role}")
        statements.append(f"GRANT UPDATE ({', '.join(map(quote, columns))}) ON {quote(table)} TO {role}")
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
