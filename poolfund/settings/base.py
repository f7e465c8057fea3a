"""Settings every environment shares; secrets come from the environment only."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from poolfund import environment

if TYPE_CHECKING:
    from poolfund.embedded import EmbeddedServer

BASE_DIR = Path(__file__).resolve().parents[2]

# Lowest layer first: the same order as the house in docs/explanation.
FUND_APPS = [
    "kernel",
    "audit",
    "accounts",
    "notices",
    "ledger",
    "charter",
    "funds",
    "organisations",
    "grants",
    "committees",
    "disbursements",
    "accountability",
    "transparency",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_fsm",
    "guardian",
    "pgtrigger",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    *FUND_APPS,
    "poolfund",
]

MIDDLEWARE = [
    "poolfund.middleware.HealthMiddleware",
    "audit.context.CorrelationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "poolfund.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "poolfund.middleware.IdentityMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "poolfund.middleware.IdleMiddleware",
    "poolfund.middleware.AccessMiddleware",
]

ROOT_URLCONF = "poolfund.urls"
WSGI_APPLICATION = "poolfund.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "poolfund.context.navigation",
                "poolfund.context.demonstration",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.ByKey",
    "accounts.backends.ByMail",
    "guardian.backends.ObjectPermissionBackend",
]
# Our own cost (48 MiB, two passes, one lane): about 100 ms, so two cores let the last hour before a deadline sign in.
PASSWORD_HASHERS = ["poolfund.hashers.FundArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", _("Arabic")), ("en", _("English")), ("ku", _("Kurmanji"))]
# Django ships no Kurmanji.
LANG_INFO.setdefault("ku", {"bidi": False, "code": "ku", "name": "Kurmanji", "name_local": "Kurmancî"})
LOCALE_PATHS = [BASE_DIR / app / "locale" for app in [*FUND_APPS, "poolfund"]]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Asia/Damascus"
USE_I18N = True
USE_TZ = True
# Numbers that Django writes itself: `poolfund.formats`.
FORMAT_MODULE_PATH = ["poolfund.formats"]

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": BASE_DIR / "private"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# What people upload and what the fund signs: never under the web root.
PRIVATE_ROOT = BASE_DIR / "private"

PREPARED_MOST = environment.PREPARED_MOST
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

# Requests are not transactions: services open their own, around what must hold together.
ATOMIC_REQUESTS = False

# Rate limits and the replay protection of one-time codes only hold when all processes share what they count.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "poolfund_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# Sign-in ---------------------------------------------------------------------------------------------------------

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Pooled fund"
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_TRACK_ACTIVITY = False
# Behind one proxy (Caddy in compose.yaml); without it everybody would share one rate limit.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0)

# An administrator changes people and offices only in a staff session of so many minutes.
STAFF_SESSION_MINUTES = environment.number("STAFF_SESSION_MINUTES", 30)
INVITATION_DAYS = environment.number("INVITATION_DAYS", 14)

# Officers who were away so many minutes, or proved so many hours ago who they are, prove it again and go on.
STAFF_IDLE_MINUTES = environment.number("STAFF_IDLE_MINUTES", 30)
STAFF_HOURS = 12
# A day, so that nobody who applies is signed out on the last one.
SESSION_COOKIE_AGE = 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "poolfund.errors.outdated"

# What the browser may do -----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, "https://checkout.stripe.com"],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation",
        "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
        "screen-wake-lock", "serial", "sync-xhr", "usb", "xr-spatial-tracking",
    )
}  # fmt: skip
# Another site never learns our addresses. "no-referrer" would also make browsers send "Origin: null" with our own
# forms, which the CSRF check then refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# Most bytes of one uploaded document.
UPLOAD_MAX_BYTES = environment.number("UPLOAD_MAX_BYTES", 10 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Work in the background ------------------------------------------------------------------------------------------

CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_EVENT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "poolfund"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
# Apps say theirs in tasks.SCHEDULE; poolfund.celery collects them.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {}

# Logs ------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"structured": {"()": "poolfund.logs.StructuredFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "pgmq": {"level": "WARNING"},
        # Says every request to Stripe with its address.
        "stripe": {"level": "WARNING"},
        # Names the telephone where a message did not arrive.
        "apprise": {"level": "CRITICAL"},
        # Says the same as django.request, with the address.
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}

# Names this fund in its log; chosen once, never changed.
FUND_ID = environment.read("FUND_ID", "poolfund.example")
# The fund's identifier in IATI's register of organisations, and its type there; without one no file of IATI is written.
IATI_REFERENCE = environment.read("IATI_REFERENCE", "")
IATI_ORGANISATION_TYPE = environment.read("IATI_ORGANISATION_TYPE", "24")
# How often an hour one address may begin a gift by card.
GIFTS_PER_HOUR = environment.number("GIFTS_PER_HOUR", 20)
# How many complaints an hour are taken from one address, and how many of their codes are tried from it.
COMPLAINTS_PER_HOUR = environment.number("COMPLAINTS_PER_HOUR", 60)
# How often a minute one address may ask what machines read.
API_REQUESTS_PER_MINUTE = environment.number("API_REQUESTS_PER_MINUTE", 120)
# Gateways of messages beside e-mail, as apprise writes them, with {to} for the number; a way without one is not offered.
MESSAGE_GATEWAYS = {
    "telegram": environment.gateway("MESSAGES_TELEGRAM_URL"),
    "whatsapp": environment.gateway("MESSAGES_WHATSAPP_URL"),
    "sms": environment.gateway("MESSAGES_SMS_URL"),
}
# A checkpoint of the log is signed every so many seconds, whatever happened: the moment of an act stays hidden.
LOG_CHECKPOINT_SECONDS = environment.number("LOG_CHECKPOINT_SECONDS", 30)
# The signer's process alone knows these: its private keys, and what it remembers outside the database and its backups.
LOG_KEYS_PATH = environment.read("LOG_KEYS_PATH")
LOG_MEMORY_PATH = environment.read("LOG_MEMORY_PATH")
# As the log's keys: the private keys that sign passports of organisations (`manage.py passport_key new`).
PASSPORT_KEYS_PATH = environment.read("PASSPORT_KEYS_PATH")
# Ed25519 keys of the promises that people get at once (`manage.py promise_key`): the first signs, the others did. It is not
# the key of the checkpoints, which no web process can read.
LOG_PROMISE_KEYS = environment.words("LOG_PROMISE_KEYS")
# An act wakes a worker at once; without it the scheduler finds what waits.
OUTBOX_WAKES_WORKERS = True
# Whether a URL that no access table names is an error (tests) or a page that does not exist.
STRICT_ACCESS = False
# Sign-in links without a password for the demonstration; production.py refuses it.
DEMO = False
# The PostgreSQL that this project starts by itself, when it does.
EMBEDDED_SERVER: "EmbeddedServer | None" = None
STRIPE_SECRET_KEY = ""
STRIPE_WEBHOOK_SECRET = ""
STRIPE_API_BASE = "https://api.stripe.com"
