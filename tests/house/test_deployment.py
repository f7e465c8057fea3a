"""The files that nobody can run here are at least whole."""

import runpy
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from poolfund import warming

ROOT: Path = settings.BASE_DIR
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]


def test_every_part_is_there_and_watched() -> None:
    assert set(SERVICES) == {"db", "migrate", "web", "worker", "scheduler", "signer", "proxy"}
    assert [name for name, part in SERVICES.items() if name != "migrate" and "healthcheck" not in part] == []


def test_only_the_migration_knows_the_owner() -> None:
    knowing = [name for name, part in SERVICES.items() if "OWNER_DATABASE_URL" in part.get("environment", {})]
    assert knowing == ["migrate"]


def test_only_the_signer_can_reach_the_keys_of_the_log() -> None:
    knowing = [name for name, part in SERVICES.items() if "LOG_KEYS_PATH" in part.get("environment", {})]
    mounting = [
        name for name, part in SERVICES.items() if any("signer:" in volume for volume in part.get("volumes", []))
    ]
    assert knowing == mounting == ["signer"]
    assert SERVICES["signer"]["networks"] == ["inside"]
    assert not any("private:" in volume for volume in SERVICES["signer"]["volumes"])


@pytest.mark.parametrize("part", ["web", "worker", "scheduler", "signer"])
def test_the_application_says_what_it_is(part: str) -> None:
    assert SERVICES[part]["environment"]["POOLFUND_PROCESS"] == part
    assert SERVICES[part]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_named_volumes_networks_and_secrets_exist() -> None:
    for kind in ("networks", "secrets"):
        used = {name for part in SERVICES.values() for name in part.get(kind, [])}
        assert used <= set(COMPOSE[kind]), kind
    mounts = {volume.split(":")[0] for part in SERVICES.values() for volume in part.get("volumes", [])}
    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])
    assert [mount for mount in mounts if mount.startswith("./") and not (ROOT / mount).exists()] == []


def test_only_the_proxy_is_open_to_the_world() -> None:
    assert [name for name, part in SERVICES.items() if "ports" in part] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_what_a_slow_telephone_types_waits_in_the_proxy() -> None:
    """The web server has few threads: none of them waits for a line of the last century."""
    proxy = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    assert "request_buffers 1MiB" in proxy.partition("reverse_proxy web:8000 {")[2].partition("}")[0]


@pytest.mark.parametrize("script", [".ci/run", "deploy/postgres/10-roles.sh"])
def test_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR


def test_workers_are_born_with_all_that_they_need() -> None:
    """Nothing of it asks the database: a connection must not be shared with those who are born later."""
    web = runpy.run_path(str(ROOT / "deploy/gunicorn.conf.py"))
    assert web["preload_app"]
    assert callable(web["when_ready"])
    assert warming.warm() == len(list((ROOT / "templates").rglob("*.html")))
