"""Settings of the benchmarks: the product's own, and for the bare loop Django with nothing around it."""

from __future__ import annotations

import os

from xoplatform.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks"]  # noqa: F405
if os.environ.get("XO_BENCH_SUBJECT") == "bare":
    INSTALLED_APPS = ["tests.benchmarks"]
    MIDDLEWARE = []
    ROOT_URLCONF = "tests.benchmarks.bare_urls"
