"""Settings of the vault's bench: the product's own, and for the peers a small project as their documentation has it."""

from __future__ import annotations

import os

from tests.benchmarks.settings import *  # noqa: F403

#: Tables are made for all at once, by the product's process.
PEERS = ["social_django", "tests.benchmarks.vault"]
INSTALLED_APPS = [*INSTALLED_APPS, *PEERS]  # noqa: F405

SOCIAL_AUTH_ATLASSIAN_KEY = "bench"
SOCIAL_AUTH_ATLASSIAN_SECRET = "bench"
#: Its default of 5 seconds would end every refresh at an endpoint that takes 13.
SOCIAL_AUTH_REQUESTS_TIMEOUT = 120

if os.environ["XO_BENCH_SUBJECT"] != "xo":
    INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", *PEERS]
    MIDDLEWARE = []
    AUTHENTICATION_BACKENDS = ["tests.benchmarks.vault.subjects.social_django.Atlassian"]
    if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
        # 200 threads do not fit into the 100 connections of a PostgreSQL as it is installed. So each process of a peer
        # has a pool, and a thread has a connection only for a statement: what a pooler between the two would give.
        DATABASES["default"] |= {  # noqa: F405
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": False,
            "OPTIONS": {"pool": {"min_size": 4, "max_size": 15, "timeout": 60}},
        }
