"""Settings of random runs: those of the suite, with tables that come from the models, as the suite's do."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.tables import FromModels

MIGRATION_MODULES = FromModels()
