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

from .schedule import SCHEDULE

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

#: Refreshes that the clock has under way at one provider host at a time, all workers together.
XO_REFRESHES_PER_HOST = env.int("XO_REFRESHES_PER_HOST", default=8)

#: Days for which traces of turns, what was sent and received in calls, files that people sent, and deliveries of
#: webhooks are kept; 0 keeps them for good.
XO_TRACE_DAYS = env.int("XO_TRACE_DAYS", default=30)

#: Event streams of conversations that one web process holds open at once; each takes one of its threads.
XO_EVENT_STREAMS = env.int("XO_EVENT_STREAMS", default=12)

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
    "corsheaders",
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
    "xoplatform.programs.short_way",  # says which of the following programs need
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "xoplatform.middleware.request_id",
    "xoplatform.middleware.content_security_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
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
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Opening one for each request costs more than most requests do, with SQLite's schema to be read anew, too.
DATABASES["default"]["CONN_MAX_AGE"] = 600

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
    CELERY_BROKER_TRANSPORT = "xoplatform.folder_queue:FolderTransport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "processed_folder": str(_queue / "processed"),
        "unreadable_folder": str(_queue / "unreadable"),
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
CELERY_BEAT_SCHEDULE = SCHEDULE

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
#: Files that people send in conversations; no address leads here, views hand them out.
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    # Where several machines serve: a storage that they share, set here (django-storages has them).
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- API ------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "xoplatform.rest.authentication.BearerAuthentication",
        "xoplatform.rest.authentication.StaffSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],  # xoplatform.rest.views decides, by what each view declares
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["xoplatform.rest.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "xoplatform.rest.schema.Schema",
    "EXCEPTION_HANDLER": "xoplatform.rest.problems.problem",
    "URL_FORMAT_OVERRIDE": None,
    # Whose address counts where requests are counted: the proxy's word for it, or nobody's but the connection's.
    "NUM_PROXIES": 1 if env.bool("XO_BEHIND_PROXY", default=False) else 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "XO Platform",
    "VERSION": "1",
    "DESCRIPTION": "What chat channels and programs build on. Every address of an App begins with its slug.",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "tryItOutEnabled": True},
    # Names for sets of values whose field is called like that of others; one line for each.
    "ENUM_NAME_OVERRIDES": {
        "AuthorizationMethodEnum": "integrations.models.Action.Method",
        "ConnectionStateEnum": "integrations.models.Connection.State",
        "ActionStatusEnum": "integrations.models.Action.Status",
        "CallStatusEnum": "integrations.models.OperationCall.Status",
        "LinkStateEnum": "integrations.flows.links.states.CHOICES",
        "LinkChannelEnum": "integrations.models.AuthorizationLink.Channel",
        "ProfileTypeEnum": "integrations.models.AuthorizationProfile.Type",
        "ProfileRequestMethodEnum": "integrations.models.AuthorizationProfile.RequestMethod",
        "ProfileFieldPlaceEnum": "integrations.rest.profile_parts.PLACES",
        "AuditVerbEnum": "integrations.models.AuditEntry.Verb",
        "WebhookDeliveryStateEnum": "dialogs.models.webhook.WebhookDelivery.State",
        "WebhookEventTypeEnum": "dialogs.rest.webhook_shapes.ALL",
        "ApiKeyStateEnum": "xoplatform.models.KeyState",
        "ApiKeyScopeEnum": "xoplatform.models.Scope",
        "RoleEnum": "xoplatform.models.Role",
        "ConversationStatus": "dialogs.models.Conversation.Status",
        "MessageStateEnum": "dialogs.rest.conversation_shapes.MESSAGE_STATES",
        "NodeChangeEnum": "dialogs.rest.edit_shapes.STATES",
        "TaskStateEnum": "dialogs.models.PublishState",
        "TestStatusEnum": "dialogs.models.DialogTest.Status",
        "InstallationStatusEnum": "dialogs.models.Installation.Status",
        "InstallModeEnum": "dialogs.rest.templates.MODES",
        "ImportModeEnum": "dialogs.rest.transfer.MODES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "xoplatform.rest.schema.describe_problems",
    ],
}

#: Origins of web pages that may call the API from a browser, comma separated; without any, none may.
CORS_ALLOWED_ORIGINS: list[str] = env.list("XO_CORS_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_CREDENTIALS = False  # pages of others come with a token, never with a staff member's session
CORS_EXPOSE_HEADERS = [
    *("ETag", "Idempotency-Replayed", "Location", "Preference-Applied"),
    *("RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"),
]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "prefer",
    "x-request-id",
]

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

#: Of pages for staff. Those for end users speak more (xoplatform/languages.py).
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
