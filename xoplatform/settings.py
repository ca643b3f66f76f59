"""Settings, read from the environment (``XO_…``) and from ``var/local.env`` where `make run` keeps its own.

Nothing here is needed to try the product: every setting has a default for one machine.
``manage.py check --deploy`` tells what a production installation still has to set.
"""

from __future__ import annotations

from pathlib import Path

import environ
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("XO_VAR_DIR", default=str(BASE_DIR / "var")))
environ.Env.read_env(VAR_DIR / "local.env")

# --- The installation -----------------------------------------------------------------

#: Stands in when no key is set, so that commands run on a fresh checkout. Refused by `check --deploy`.
DEFAULT_SECRET_KEY = "insecure-default-key-that-only-suits-a-first-look"  # noqa: S105 -- named to be refused

DEBUG = env.bool("XO_DEBUG", default=False)
SECRET_KEY = env.str("XO_SECRET_KEY", default=DEFAULT_SECRET_KEY)
XO_BASE_URL = env.str("XO_BASE_URL", default=f"http://localhost:{env.int('XO_PORT', default=8000)}").rstrip("/")
#: Fernet keys, comma separated, newest first: the first encrypts, all of them decrypt.
XO_ENCRYPTION_KEYS: list[str] = env.list("XO_ENCRYPTION_KEYS", default=[])
#: Hosts on private or loopback addresses that outgoing calls may reach, comma separated; "*" allows all.
XO_ALLOW_PRIVATE_HOSTS: list[str] = env.list("XO_ALLOW_PRIVATE_HOSTS", default=[])

XO_JIRA_CLIENT_ID = env.str("XO_JIRA_CLIENT_ID", default="")
XO_JIRA_CLIENT_SECRET = env.str("XO_JIRA_CLIENT_SECRET", default="")
XO_ATLASSIAN_AUTH_URL = env.str("XO_ATLASSIAN_AUTH_URL", default="https://auth.atlassian.com").rstrip("/")
XO_ATLASSIAN_API_URL = env.str("XO_ATLASSIAN_API_URL", default="https://api.atlassian.com").rstrip("/")
#: Set by `make run` when the stand-in Atlassian is part of the stack. Refused by `check --deploy`.
XO_SANDBOX_URL = env.str("XO_SANDBOX_URL", default="").rstrip("/")

#: What a Prometheus scraper sends as its bearer token; without it only superusers read /metrics.
XO_METRICS_TOKEN = env.str("XO_METRICS_TOKEN", default="")

_host = environ.urlparse(XO_BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = env.list("XO_ALLOWED_HOSTS", default=[_host, "localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [XO_BASE_URL]
_https = XO_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from a provider
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = env.int("XO_HSTS_SECONDS", default=31_536_000 if _https else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("XO_BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Applications ---------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the default one would put its own site in place of ours
    "unfold.contrib.filters",
    "xoplatform.admin_config.PlatformAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_celery_beat",
    "django_celery_results",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "health_check",
    "rest_framework",
    "xoplatform",
    "integrations",
    "dialogs",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "xoplatform.middleware.request_id",
    "xoplatform.middleware.content_security_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "xoplatform.urls"
WSGI_APPLICATION = "xoplatform.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Storage --------------------------------------------------------------------------

DATABASES = {"default": env.db_url("XO_DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE takes the write lock at BEGIN, so that a transaction waits instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

#: Holds the counters that slow down password guessing: share it (``rediscache://…``) between several web machines.
CACHES = {"default": env.cache_url("XO_CACHE_URL", default="locmemcache://")}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sign-in --------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # staff accounts are made by staff, not by sign-up
ACCOUNT_ADAPTER = "xoplatform.accounts.StaffAccountAdapter"
ACCOUNT_FORMS = {"login": "xoplatform.sign_in.SignInForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "XO Platform"

# --- Jobs -----------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("XO_BROKER_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem:"):
    _queue = VAR_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "processed_folder": str(_queue / "processed"),
        "store_processed": False,
        "polling_interval": 0.2,  # seconds until a waiting job is seen
    }
#: Installations that share a broker each need a queue of their own.
CELERY_TASK_DEFAULT_QUEUE = env.str("XO_QUEUE", default="xo")
CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXTENDED = False  # arguments stay out of the result table
CELERY_TASK_ACKS_LATE = True  # a job whose worker dies is taken up by another
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "refresh-connections-that-expire-soon": {
        "task": "integrations.jobs.refresh_due_connections",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "send-links-that-wait": {
        "task": "integrations.jobs.send_waiting_links",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "tell-of-actions-in-error": {
        "task": "integrations.jobs.tell_action_errors",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "erase-grants-that-nobody-confirmed": {
        "task": "integrations.jobs.forget_lapsed_grants",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "resume-conversations-left-waiting": {
        "task": "dialogs.jobs.resume_waiting",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "warn-before-grants-end": {
        "task": "integrations.jobs.warn_of_endings",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
}

# --- Mail, language, files ------------------------------------------------------------

env.EMAIL_SCHEMES["mailbox"] = "xoplatform.mailbox.MailboxBackend"
EMAIL_CONFIG = env.email_url("XO_EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("XO_EMAIL_TIMEOUT", default=20)  # seconds
#: Mails with authorization links that leave in a minute, all workers together.
XO_LINK_MAILS_PER_MINUTE = env.int("XO_LINK_MAILS_PER_MINUTE", default=600)
DEFAULT_FROM_EMAIL = env.str("XO_FROM_EMAIL", default="XO Platform <no-reply@localhost>")

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- API ------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "xoplatform.rest.problem",
}
SPECTACULAR_SETTINGS = {"TITLE": "XO Platform", "VERSION": "1", "OAS_VERSION": "3.1.0"}

# --- Admin ----------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "XO Platform",
    "SITE_HEADER": "XO Platform",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("xoplatform/logo.svg")}],
    "STYLES": [lambda _request: static("xoplatform/pages.css")],
    "SCRIPTS": [lambda _request: static("xoplatform/pages.js")],
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {  # Tailwind's indigo, its 500 lighter: the theme writes with it on dark
            "50": "oklch(96.2% .018 272.314)",
            "100": "oklch(93% .034 272.788)",
            "200": "oklch(87% .065 274.039)",
            "300": "oklch(78.5% .115 274.713)",
            "400": "oklch(67.3% .182 276.935)",
            "500": "oklch(65% .2 277)",
            "600": "oklch(51.1% .262 276.966)",
            "700": "oklch(45.7% .24 277.023)",
            "800": "oklch(39.8% .195 277.366)",
            "900": "oklch(35.9% .144 278.697)",
            "950": "oklch(25.7% .09 281.288)",
        }
    },
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": reverse_lazy("account_change_password")},
            {"title": _("Two-factor sign-in"), "link": reverse_lazy("mfa_index")},
        ]
    },
    "DASHBOARD_CALLBACK": "xoplatform.dashboard.dashboard",
    "SIDEBAR": {"show_search": False, "navigation": "xoplatform.navigation.sidebar"},
}

# --- Logs -----------------------------------------------------------------------------

_readable = env.str("XO_LOG_FORMAT", default="json") == "console"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_paths": {"()": "xoplatform.access_log.HidePaths"}},
    "formatters": {"structured": {"()": "xoplatform.logs.formatter", "debug": DEBUG or _readable}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured", "filters": ["hide_paths"]}},
    "root": {"handlers": ["console"], "level": env.str("XO_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},  # the access line already tells of refusals
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

LANGUAGES = [("en", _("English"))]
