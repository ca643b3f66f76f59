"""Settings of the foreign server. Nothing of the product is installed here."""

from __future__ import annotations

import os
import secrets

DATA_DIR = os.environ["FOREIGN_DATA_DIR"]
#: Where the sandbox's Jira answers.
SANDBOX_URL = os.environ["FOREIGN_SANDBOX_URL"]

SECRET_KEY = secrets.token_urlsafe(40)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "tests.foreign.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "oauth2_provider",
    "tests.foreign",
]
MIDDLEWARE = [
    "tests.foreign.json_body.as_form",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{DATA_DIR}/foreign.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
# Quick hashes: secrets and passwords of this server are in the tests for everybody to read.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/accounts/login/"
# Cookies know no ports: without names of its own this server would end sessions of the product on the same host.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "foreign_session", "foreign_csrf"

OAUTH2_PROVIDER = {
    "PKCE_REQUIRED": True,
    "ALLOW_URI_WILDCARDS": False,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "SCOPES": {
        "read:jira-work": "Read projects and issues",
        "write:jira-work": "Create and edit issues",
        "read:jira-user": "See people in Jira",
        "read:me": "See who you are",
        "offline_access": "Stay signed in",
    },
}
