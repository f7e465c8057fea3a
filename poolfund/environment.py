"""What the surroundings tell the project: environment variables, or files named by ``<NAME>_FILE``."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def read(name: str, default: str = "") -> str:
    """The value of ``name``, or the content of the file that ``<name>_FILE`` names (Docker secrets), or ``default``."""
    path = os.environ.get(f"{name}_FILE", "")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error}") from error
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no; anything that is neither is an error, never a silent no."""
    value = read(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on, off; it is {value!r}")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = read(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {value!r}") from error


def words(name: str, default: str = "") -> list[str]:
    """A list written with commas."""
    return [word.strip() for word in read(name, default).split(",") if word.strip()]


def gateway(name: str) -> str:
    """The address of a gateway for messages, with ``{to}`` where the number goes; empty: the fund has none."""
    value = read(name)
    if value and "{to}" not in value:
        raise ImproperlyConfigured(f"{name} must hold {{to}} where the number of the person goes")
    return value


def mail_service(name: str, options: list[str]) -> tuple[str, dict[str, str]]:
    """Django's backend and anymail's settings of the e-mail service ``name`` (``brevo``, ``mailgun``, …).

    ``options`` are settings of anymail, such as ``BREVO_API_KEY=…``. Raises ImproperlyConfigured for a service that
    anymail does not know, and for an option without a value.
    """
    if not name.isidentifier() or find_spec(f"anymail.backends.{name}") is None:
        raise ImproperlyConfigured(f"EMAIL_SERVICE must be a service that anymail knows, such as brevo; it is {name!r}")
    pairs = [option.partition("=") for option in options]
    if not pairs or not all(key.strip() and value.strip() for key, _sign, value in pairs):
        raise ImproperlyConfigured("EMAIL_SERVICE_OPTIONS must be NAME=value, parted by commas: BREVO_API_KEY=…")
    return f"anymail.backends.{name}.EmailBackend", {key.strip(): value.strip() for key, _sign, value in pairs}


class Needed:
    """Collects the variables that must be set, so that one error can name all that are missing."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    def __call__(self, name: str) -> str:
        """The value of ``name``; remembered as missing when empty."""
        value = read(name)
        if not value:
            self.missing.append(name)
        return value

    def refuse_if_missing(self) -> None:
        """Raise ImproperlyConfigured with every missing name at once."""
        if self.missing:
            names = "\n".join(f"  {name}  (or {name}_FILE)" for name in sorted(self.missing))
            raise ImproperlyConfigured(f"these variables are not set; .env.example explains each:\n{names}")


PREPARED: dict[str, Any] = {
    "server_side_binding": True,
    "prepare_threshold": 1,
    "options": "-c plan_cache_mode=force_generic_plan",
}
"""A statement that a connection sends again is planned once more and then never: with the second wall in it, planning takes
several times as long as answering (decision 0016). PostgreSQL by itself would plan a prepared statement five times first, and
every worker that is born begins anew."""
PREPARED_MOST = 200
"""How many plans a connection keeps; psycopg's own 100 are fewer than the pages that one rush asks for need."""
KEPT_SECONDS = 600
"""How long a connection lives: a new one plans everything anew."""


def database(url: str) -> dict[str, Any]:
    """Django's settings of a ``postgresql://user:password@host:port/name?option=value`` address.

    Raises ImproperlyConfigured for another engine: PostgreSQL is the only one.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"the database must be postgresql://…, not {parts.scheme or 'nothing'}://…")
    options = dict(parse_qsl(parts.query))
    return {
        # Django's own, which also tells PostgreSQL for whom it asks: without it the second wall shows nobody anything.
        "ENGINE": "poolfund.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": PREPARED | options,
        "TEST": {"MIGRATE": True},
    }


def broker(url: str) -> tuple[str, dict[str, Any]]:
    """Celery's broker address and the options of its transport.

    For ``pgmq://`` the connection string is given in full: the client otherwise takes ``DATABASE_URL``, and with it
    the application's role, from the environment.
    """
    parts = urlsplit(url)
    if parts.scheme != "pgmq":
        return url, {}
    fields = {
        "host": unquote(parts.hostname or ""),
        "port": str(parts.port or 5432),
        "dbname": unquote(parts.path.lstrip("/")),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }
    return "pgmq://localhost", queue_options(" ".join(f"{key}={value}" for key, value in fields.items() if value))


def queue_options(conninfo: str) -> dict[str, Any]:
    """Options of the ``pgmq`` transport: wake at once by NOTIFY, give a lost task back after ten minutes."""
    return {
        "conn_string": conninfo,
        "init_extension": False,
        "use_notify": True,
        "wait_time_seconds": 0,
        "visibility_timeout": 600,
        "notify_throttle_interval_ms": 0,
        "pool_size": 4,
    }
