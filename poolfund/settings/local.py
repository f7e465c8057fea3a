"""Settings for a first look and for development: everything on this machine, nothing secret."""

from poolfund import embedded, environment
from poolfund.settings import _embedded
from poolfund.settings.base import *  # noqa: F403 -- the usual way of Django's settings

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = "local-development-only-not-a-secret-0000000000000000000000000"  # noqa: S105 -- not one
# Encrypts the secrets of second factors; on this machine not a secret either.
SECOND_FACTOR_KEYS = ["bG9jYWwtZGV2ZWxvcG1lbnQtbm90LWEtc2VjcmV0LTA="]
# Wraps the keys of what is sealed in the database; on this machine not a secret.
VAULT_KEYS = ["bG9jYWwtdmF1bHQta2V5LW5vdC1hLXNlY3JldC0wMDA="]
LOG_PROMISE_KEYS = ["PRIVATE+KEY+poolfund.example/1/promise+e3b7fc38+AXh9siWLN5TFE1dwzRO88hxeN1nYK/zbv8Ffm1KVou4B"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *environment.words("ALLOWED_HOSTS")]
SITE_URL = environment.read("SITE_URL", "http://127.0.0.1:8000")

_default, EMBEDDED_SERVER = _embedded.databases(embedded.LOCAL)
DATABASES = {"default": _default}
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = _embedded.queue(embedded.LOCAL)

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = embedded.LOCAL.root / "mail"
DEFAULT_FROM_EMAIL = "fund@fund.example"

PRIVATE_ROOT = embedded.LOCAL.root / "private"
STORAGES = {**STORAGES, "default": {**STORAGES["default"], "OPTIONS": {"location": PRIVATE_ROOT}}}
# Static files straight from the source folders, so that nothing has to be collected for a first look.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# On this machine web and signer share a folder; a fund's own installation keeps them apart (compose.yaml).
LOG_KEYS_PATH = LOG_KEYS_PATH or str(embedded.LOCAL.root / "log" / "keys")
LOG_MEMORY_PATH = LOG_MEMORY_PATH or str(embedded.LOCAL.root / "log" / "memory")
PASSPORT_KEYS_PATH = PASSPORT_KEYS_PATH or str(embedded.LOCAL.root / "log" / "passport-keys")

# Passkeys need https except on this machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
DEMO = environment.flag("DEMO")
STRIPE_SECRET_KEY = environment.read("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = environment.read("STRIPE_WEBHOOK_SECRET")
# A stand-in on this machine (localstripe); production always asks Stripe itself.
STRIPE_API_BASE = environment.read("STRIPE_API_BASE", STRIPE_API_BASE)

IATI_REFERENCE = "XI-EXAMPLE-FUND"
