"""Settings of the benchmarks: the product's own, and for the bare loop Django with nothing around it."""

from __future__ import annotations

import os

from xoplatform.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks"]  # noqa: F405
LOGGING_CONFIG = None
if os.environ.get("XO_BENCH_SUBJECT") == "bare":
    MIDDLEWARE: list[str] = []
    ROOT_URLCONF = "tests.benchmarks.bare_urls"
