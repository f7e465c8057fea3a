"""Production starts with everything it needs, or says what is missing; the example names all of it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from poolfund import checks, environment
from poolfund.database.testing import TestDatabases

pytestmark = pytest.mark.waits
ROOT: Path = settings.BASE_DIR
GOOD = {
    "SECRET_KEY": "abcdefghij" * 6,
    "ALLOWED_HOSTS": "fund.example",
    "SITE_URL": "https://fund.example",
    "DATABASE_URL": "postgresql://poolfund_app:secret@db/poolfund",
    "CELERY_BROKER_URL": "pgmq://poolfund_queue:secret@db/poolfund_queue",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "fund@fund.example",
    "FUND_ID": "fund.example/log",
    "VAULT_KEYS": "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=",
    "SECOND_FACTOR_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
}


def production(variables: dict[str, str], code: str = "pass") -> "subprocess.CompletedProcess[str]":
    """Load the production settings in a process of their own and run ``code`` with them as ``s``."""
    program = f"import poolfund.settings.production as s\n{code}"
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**keep, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_missing_variable_is_named_at_once() -> None:
    result = production({"SECRET_KEY": "x"})
    assert result.returncode != 0
    missing = set(re.findall(r"^  (\w+)  \(or", result.stderr, re.MULTILINE))
    assert missing == set(GOOD) - {"SECRET_KEY"}


def test_it_starts_with_what_it_needs() -> None:
    result = production(GOOD, "print(s.DATABASES['default']['USER'], s.CELERY_BROKER_TRANSPORT_OPTIONS['conn_string'])")
    assert result.stdout.split() == [
        "poolfund_app", "host=db", "port=5432", "dbname=poolfund_queue", "user=poolfund_queue", "password=secret",
    ]  # fmt: skip


def test_mail_goes_by_a_service_instead_of_a_server() -> None:
    service = {name: value for name, value in GOOD.items() if name != "EMAIL_HOST"} | {
        "EMAIL_SERVICE": "brevo", "EMAIL_SERVICE_OPTIONS": "BREVO_API_KEY=secret",
    }  # fmt: skip
    code = "print(s.EMAIL_BACKEND, s.ANYMAIL['BREVO_API_KEY'], s.MESSAGE_GATEWAYS['sms'])"
    gateway = {"MESSAGES_SMS_URL": "twilio://SID:token@100/{to}"}
    assert production(service | gateway, code).stdout.split() == [
        "anymail.backends.brevo.EmailBackend", "secret", "twilio://SID:token@100/{to}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "options"), [("pigeon", ["A=b"]), ("brevo; x", ["A=b"]), ("brevo", []), ("brevo", ["BREVO_API_KEY"])]
)
def test_a_service_that_nobody_knows_or_without_its_key_is_refused(name: str, options: list[str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_SERVICE"):
        environment.mail_service(name, options)


ASK = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "poolfund.settings.production"
django.setup()
from django.db import connection
from kernel import identity
with identity.system("house.test"), connection.cursor() as cursor:
    cursor.execute("SELECT current_user, current_setting('poolfund.identity', true)")
    print(*cursor.fetchone())
"""


@pytest.mark.django_db
def test_how_many_gifts_an_hour_one_address_may_begin_is_set_from_outside() -> None:
    code = "print(s.GIFTS_PER_HOUR)"
    assert production(GOOD, code).stdout.split() == ["20"]
    assert production({**GOOD, "GIFTS_PER_HOUR": "7"}, code).stdout.split() == ["7"]
    refused = production({**GOOD, "GIFTS_PER_HOUR": "many"})
    assert refused.returncode != 0
    assert "GIFTS_PER_HOUR" in refused.stderr


@pytest.mark.django_db  # which brings the server up, whatever ran before
def test_a_fund_on_a_server_of_its_own_tells_it_for_whom_it_asks(databases: TestDatabases) -> None:
    """The second wall shows nothing to a session that says nothing; so every way of connecting has to say it."""
    where = connection.settings_dict
    host = quote(where["HOST"], safe="")
    url = f"postgresql://{where['USER']}:{where['PASSWORD']}@/{databases.name}?host={host}"
    result = production(GOOD | {"DATABASE_URL": url}, ASK)
    assert result.stdout.split() == [where["USER"], "system:house.test"], result.stderr


def test_another_engine_is_refused_at_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.database_is_told_who_asks(None) == []
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert [error.id for error in checks.database_is_told_who_asks(None)] == ["poolfund.E004"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DEMO": "1"}, "never served in production"),
        ({"SITE_URL": "http://fund.example"}, "must begin with https://"),
        ({"EMAIL_USE_TLS": "perhaps"}, "EMAIL_USE_TLS must be one of"),
        ({"MESSAGES_SMS_URL": "twilio://SID:token@100/"}, "MESSAGES_SMS_URL must hold {to}"),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT must be a whole number"),
        ({"DATABASE_URL": "sqlite:///fund.db"}, "must be postgresql://"),
        ({"SECRET_KEY_FILE": "/does/not/exist"}, "SECRET_KEY_FILE names a file that cannot be read"),
    ],
)
def test_it_refuses_to_start(change: dict[str, str], words: str) -> None:
    result = production(GOOD | change)
    assert result.returncode != 0
    assert words in result.stderr


def test_secrets_may_be_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret_key"
    secret.write_text("from a file\n")
    result = production(
        {name: value for name, value in GOOD.items() if name != "SECRET_KEY"} | {"SECRET_KEY_FILE": str(secret)},
        "print(s.SECRET_KEY)",
    )
    assert result.stdout == "from a file\n"


def checked(*options: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Django's checks of a web process in production, which run when it starts."""
    environ = {
        **GOOD,
        **more,
        "POOLFUND_PROCESS": "web",
        "DJANGO_SETTINGS_MODULE": "poolfund.settings.production",
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "manage.py", "check", *options]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)


def test_web_processes_do_not_know_the_owner() -> None:
    """The start-up check refuses a web process that was given the owner's address."""
    result = checked("--tag", "security", OWNER_DATABASE_URL="postgresql://poolfund_owner:secret@db/poolfund")
    assert result.returncode != 0
    assert "poolfund.E001" in result.stderr


@pytest.mark.parametrize(
    ("process", "refused"), [("web", True), ("worker", True), ("scheduler", True), ("signer", False)]
)
def test_only_the_signer_may_know_the_keys_of_the_log(
    process: str, refused: bool, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("POOLFUND_PROCESS", process)
    settings.EMBEDDED_SERVER = None
    settings.LOG_KEYS_PATH = settings.PASSPORT_KEYS_PATH = ""
    assert checks.keys_stay_with_the_signer(None) == []
    settings.LOG_KEYS_PATH = "/var/lib/poolfund/log/keys"
    assert [error.id for error in checks.keys_stay_with_the_signer(None)] == ["poolfund.E003"] * refused
    settings.LOG_KEYS_PATH, settings.PASSPORT_KEYS_PATH = "", "/var/lib/poolfund/log/passport-keys"
    assert [error.id for error in checks.keys_stay_with_the_signer(None)] == ["poolfund.E003"] * refused


@pytest.mark.parametrize(("keys", "refused"), [([], True), (["c2hvcnQ="], True), (["no base64"], True), (None, False)])
def test_the_keys_of_the_vault_are_looked_at_when_a_process_starts(
    keys: list[str] | None, refused: bool, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("POOLFUND_PROCESS", "web")
    settings.VAULT_KEYS = settings.VAULT_KEYS if keys is None else keys
    assert [error.id for error in checks.keys_of_the_vault_are_keys(None)] == ["poolfund.E005"] * refused


def test_a_web_process_without_the_owners_address_starts_and_djangos_own_checks_find_nothing_to_warn_of() -> None:
    result = checked("--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


def test_the_image_can_be_built_without_any_secret(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    environ = {
        "DJANGO_SETTINGS_MODULE": "poolfund.settings.build", "STATIC_ROOT": str(tmp_path), "PATH": os.environ["PATH"],
    }  # fmt: skip
    result = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    assert list(tmp_path.glob("css/*.*.css.br"))


def _named_in(*files: str) -> set[str]:
    reads = re.compile(r"(?:_need|environment\.(?:read|flag|number|words|gateway))\(\s*\"([A-Z_]+)\"")
    return {name for file in files for name in reads.findall((ROOT / file).read_text(encoding="utf-8"))}


def test_the_example_names_every_variable() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", example, re.MULTILINE))
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    used = set(re.findall(r"\$\{([A-Z_]+)", compose))
    needed = _named_in("poolfund/settings/production.py", "poolfund/settings/base.py", "poolfund/database/roles.py")
    unexplained = (used | needed) - {"DEMO"} - listed
    assert unexplained == set(), "explain these in .env.example, and let compose.yaml pass them on"


def test_flags_are_never_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_FLAG", "oui")
    with pytest.raises(ImproperlyConfigured, match="SOME_FLAG must be one of"):
        environment.flag("SOME_FLAG")
