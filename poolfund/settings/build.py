"""Settings for building the image: static files get their hashed names; nothing secret is known and nothing connects."""

from pathlib import Path

from poolfund import environment
from poolfund.settings.base import *  # noqa: F403 -- the usual way of Django's settings

SECRET_KEY = "building-an-image-signs-nothing"  # noqa: S105 -- not one
SECOND_FACTOR_KEYS: list[str] = []
VAULT_KEYS: list[str] = []
SITE_URL = "https://fund.example"
STATIC_ROOT = Path(environment.read("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
