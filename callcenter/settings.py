"""Settings: one file, everything that differs between machines comes from the environment.

Without any variable set the product runs embedded: SQLite, a Celery broker in a file, and a generated secret, all
under ``var/``. ``DATABASE_URL`` and ``REDIS_URL`` switch the same code to PostgreSQL and Redis (DESIGN section 5).
``deploy/env.example`` explains every variable.
"""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("CALLCENTER_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key from the environment, or one made at first start and kept in ``var/`` (embedded mode)."""
    if key := env("SECRET_KEY", default=""):
        return key
    path = VAR_DIR / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        key = get_random_secret_key()
        file.write(key)
    return key


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# Keys of columns stored encrypted, the newest first; without any, one is derived from SECRET_KEY (callcenter.sealing).
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "callcenter.admin_site.CallCenterAdminConfig",
    "import_export",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "callcenter",
    "people",
    "customers",
    "messaging",
    "surveys",
    "campaigns",
    "knowledge",
    "callbacks",
    "complaints",
    "qa",
    "desk",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "callcenter.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "callcenter.privacy.NoStoreMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "callcenter.errors.ErrorPageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "callcenter.urls"
WSGI_APPLICATION = "callcenter.wsgi.application"
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
                "callcenter.navigation.shell",
            ],
            "builtins": ["callcenter.templatetags.show"],
        },
    }
]
FORM_RENDERER = "callcenter.forms.PageRenderer"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'callcenter.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
REDIS_URL = env("REDIS_URL", default="")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = (
    {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    if REDIS_URL
    else {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    }
)

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The counter belongs to the account, so one agent's mistakes never lock out the floor behind the same address.
AXES_LOCKOUT_PARAMETERS = ["username"]
# W040: SQLite builds the covering indexes without their further columns, which is right, only slower.
SILENCED_SYSTEM_CHECKS = ["axes.W006", "models.W040"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=10 * 3600)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "callcenter.formats"
USE_I18N = USE_TZ = True
# Numbers people read are grouped by the filter "number"; a grouped id in a form would be no id any more.
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")
SITE_NAME = env("SITE_NAME", default="") or _("Callback centre")

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Uploads, error files and workbooks: never below the web root, served only by views that check access.
MEDIA_ROOT = VAR_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# How long a process may use calling windows and contact rules without reading them again.
REFERENCE_SECONDS = env.float("REFERENCE_SECONDS", default=5)
# How old what a team's board shows may be before it is built anew, for all its viewers together.
BOARD_SECONDS = env.float("BOARD_SECONDS", default=2)
# How many whole phone numbers one person may look at in 24 hours.
REVEALS_PER_DAY = env.int("REVEALS_PER_DAY", default=120)
# Days after which uploads, error files and results of jobs are deleted.
FILE_DAYS = env.int("FILE_DAYS", default=7)
# Days the access log is kept; 0 keeps it for good, and less than three years counts as three years.
ACCESS_LOG_DAYS = env.int("ACCESS_LOG_DAYS", default=0)
# A cell that begins with = + - @ is shown as text, not calculated, in exports of the administration.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
MAX_IMPORT_BYTES = env.int("MAX_IMPORT_BYTES", default=200 * 1024 * 1024)
# How many imports one person may have waiting or running: jobs are done in turn, and everybody wants one.
OPEN_JOBS_PER_PERSON = env.int("OPEN_JOBS_PER_PERSON", default=5)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["callcenter.access.PolicyPermission"],
    "DEFAULT_PAGINATION_CLASS": "callcenter.paging.ApiPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "callcenter.errors.api_error",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env("API_RATE", default="1200/min")},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Callback centre API",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["callcenter.access.PolicyPermission"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Fields of one name with different choices, told apart by what they belong to.
    "ENUM_NAME_OVERRIDES": {
        "ChannelEnum": "customers.models.Channel",
        "ComplaintChannelEnum": "complaints.models.Complaint.Channel",
        "TaskStateEnum": "callbacks.states.TaskState",
        "OrderStateEnum": "callbacks.states.OrderState",
        "ConfirmationStateEnum": "callbacks.states.ConfirmationState",
        "MessageStateEnum": "messaging.states.MessageState",
        "ComplaintStateEnum": "complaints.states.ComplaintState",
        "IssueStateEnum": "complaints.states.IssueState",
        "EntryStateEnum": "customers.states.EntryState",
        "ConsentStateEnum": "customers.models.Consent.State",
    },
}

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="callcenter@localhost")
REPLY_TO_EMAIL = env("REPLY_TO_EMAIL", default="")
EMAIL_TIMEOUT = 10
# How messages to customers leave: "outbox" keeps them on this machine, to be read and answered at /messages/outbox/.
EMAIL_GATEWAY = env("EMAIL_GATEWAY", default="outbox")
SMS_GATEWAY = env("SMS_GATEWAY", default="outbox")
SMS_SENDER = env("SMS_SENDER", default="callcenter")
SMS_HTTP_URL = env("SMS_HTTP_URL", default="")
SMS_HTTP_SECRET = env("SMS_HTTP_SECRET", default="")
SMPP_HOST = env("SMPP_HOST", default="127.0.0.1")
SMPP_PORT = env.int("SMPP_PORT", default=2775)
SMPP_SYSTEM_ID = env("SMPP_SYSTEM_ID", default="")
SMPP_PASSWORD = env("SMPP_PASSWORD", default="")
# Keys with which providers sign what they post to us; two while one replaces the other. Without a key nothing is taken.
MESSAGE_HOOK_SECRETS = env.list("MESSAGE_HOOK_SECRETS", default=[])
# Where customers reach this site, for links in messages: https://calls.example.org
PUBLIC_URL = env("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

# How the desk dials: "manual" opens a link of DIAL_SCHEME on the agent's computer, "asterisk" has the exchange call both ends.
TELEPHONY = env("TELEPHONY", default="manual")
DIAL_SCHEME = env("DIAL_SCHEME", default="tel")
SIP_DOMAIN = env("SIP_DOMAIN", default="")
ASTERISK_HOST = env("ASTERISK_HOST", default="127.0.0.1")
ASTERISK_PORT = env.int("ASTERISK_PORT", default=5038)
ASTERISK_USER = env("ASTERISK_USER", default="callcenter")
ASTERISK_SECRET = env("ASTERISK_SECRET", default="")
# The agent's phone by the extension of the user, and where the dialplan takes the customer's number.
ASTERISK_CHANNEL = env("ASTERISK_CHANNEL", default="PJSIP/{extension}")
ASTERISK_CONTEXT = env("ASTERISK_CONTEXT", default="callcenter-out")
# The number customers see; kept as the line of each call.
ASTERISK_CALLER_ID = env("ASTERISK_CALLER_ID", default="")
# Where recordings are fetched: /var/spool/asterisk/monitor/{id}.wav or https://pbx.example.org/recordings/{id}.wav.
RECORDING_SOURCE = env("RECORDING_SOURCE", default="")
MAX_RECORDING_BYTES = env.int("MAX_RECORDING_BYTES", default=64 * 1024 * 1024)
MAX_RECORDING_SECONDS = env.int("MAX_RECORDING_SECONDS", default=4 * 3600)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "callcenter.masking.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        # One line for each ring of each bell would bury everything else.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "callcenter.masking.MaskingReporterFilter"
CSRF_FAILURE_VIEW = "callcenter.errors.csrf_failure"
