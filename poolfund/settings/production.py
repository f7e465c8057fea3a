"""Settings of a fund that works: every secret from the environment, every missing one named at start-up."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from poolfund import environment
from poolfund.settings.base import *  # noqa: F403 -- the usual way of Django's settings

_need = environment.Needed()

DEBUG = False
SECRET_KEY = _need("SECRET_KEY")
ALLOWED_HOSTS = [host.strip() for host in _need("ALLOWED_HOSTS").split(",") if host.strip()]
SITE_URL = _need("SITE_URL").rstrip("/")
_database_url = _need("DATABASE_URL")
_broker_url = _need("CELERY_BROKER_URL")
EMAIL_SERVICE = environment.read("EMAIL_SERVICE")
EMAIL_HOST = "" if EMAIL_SERVICE else _need("EMAIL_HOST")
DEFAULT_FROM_EMAIL = _need("DEFAULT_FROM_EMAIL")
FUND_ID = _need("FUND_ID")
_second_factor_keys = _need("SECOND_FACTOR_KEYS")
_vault_keys = _need("VAULT_KEYS")
_need.refuse_if_missing()

if environment.flag("DEMO"):
    raise ImproperlyConfigured("DEMO is set: sign-in links without a password are never served in production")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured(f"SITE_URL must begin with https://; it is {SITE_URL!r}")

# Base64 of 32 random bytes each; the first one encrypts, the others still decrypt.
SECOND_FACTOR_KEYS = [key.strip() for key in _second_factor_keys.split(",") if key.strip()]
# As many, as long: the first one wraps the data keys of subjects, the others still unwrap (decision 0011).
VAULT_KEYS = [key.strip() for key in _vault_keys.split(",") if key.strip()]
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
DATABASES = {"default": environment.database(_database_url)}
if os.environ.get("POOLFUND_PROCESS") == "web":
    # Known from the first time on: a worker that takes the place of a dead one plans nothing twice while people wait.
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 0
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = environment.broker(_broker_url)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if EMAIL_SERVICE:
    EMAIL_BACKEND, ANYMAIL = environment.mail_service(EMAIL_SERVICE, environment.words("EMAIL_SERVICE_OPTIONS"))
EMAIL_PORT = environment.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = environment.read("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.read("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
SERVER_EMAIL = DEFAULT_FROM_EMAIL

STRIPE_SECRET_KEY = environment.read("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = environment.read("STRIPE_WEBHOOK_SECRET")

PRIVATE_ROOT = Path(environment.read("PRIVATE_ROOT", "/var/lib/poolfund/private"))
STATIC_ROOT = Path(environment.read("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": PRIVATE_ROOT}},
    # Hashed names, gzip and brotli beside each file: a page asks for a file once in its life.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
