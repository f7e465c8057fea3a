"""Settings of the tests: the same PostgreSQL and roles as production, faster where nothing is lost by it."""

from poolfund import embedded
from poolfund.settings import _embedded
from poolfund.settings.base import *  # noqa: F403 -- the usual way of Django's settings

DEBUG = False
STRICT_ACCESS = True
SECRET_KEY = "tests-only-not-a-secret-00000000000000000000000000000000000000"  # noqa: S105 -- not one
# Encrypts the secrets of second factors; on this machine not a secret either.
SECOND_FACTOR_KEYS = ["bG9jYWwtZGV2ZWxvcG1lbnQtbm90LWEtc2VjcmV0LTA="]
# Wraps the keys of what is sealed in the database; on this machine not a secret.
VAULT_KEYS = ["bG9jYWwtdmF1bHQta2V5LW5vdC1hLXNlY3JldC0wMDA="]
LOG_PROMISE_KEYS = ["PRIVATE+KEY+poolfund.example/1/promise+e3b7fc38+AXh9siWLN5TFE1dwzRO88hxeN1nYK/zbv8Ffm1KVou4B"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"

_default, EMBEDDED_SERVER = _embedded.databases(embedded.TEST)
DATABASES = {"default": _default}
# One process asks for all pages of the fund.
PREPARED_MOST = 2_000
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = _embedded.queue(embedded.TEST)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "fund@fund.example"
# Tests set their own folder (tests/conftest.py).
PRIVATE_ROOT = embedded.TEST.root / "test-private"
STORAGES = {**STORAGES, "default": {**STORAGES["default"], "OPTIONS": {"location": PRIVATE_ROOT}}}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
# Looks for a static file when it is asked for; else each test's browser would begin by reading all of them.
WHITENOISE_AUTOREFRESH = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
DEMO = True
OUTBOX_WAKES_WORKERS = False
LOGGING = {"version": 1, "disable_existing_loggers": False}

IATI_REFERENCE = "XI-EXAMPLE-FUND"
# Walks ask for every address many times in one minute.
API_REQUESTS_PER_MINUTE = 1_000_000
GIFTS_PER_HOUR = 1_000_000
COMPLAINTS_PER_HOUR = 1_000_000
