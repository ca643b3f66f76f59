"""Settings of the test run: the product's own, with what must differ and why."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("XO_VAR_DIR", tempfile.mkdtemp(prefix="xo-tests-"))
os.environ.setdefault("XO_ENCRYPTION_KEYS", "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=")
os.environ.setdefault("XO_SECRET_KEY", "tests-only")
os.environ.setdefault("XO_ALLOW_PRIVATE_HOSTS", "127.0.0.1,localhost")

from xoplatform.settings import *  # noqa: F403

# The default hasher takes a tenth of a second by design; staff sign in before almost every page test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A file, not memory: between threads SQLite in memory locks whole tables and reports it at once, as no file ever does.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}  # noqa: F405
    # Nobody reads it after the machine has lost its power, so nothing waits for the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
