"""Settings of conversations under load: the product's own. The tables come from the models, which takes less time."""

from __future__ import annotations

from tests.benchmarks.settings import *  # noqa: F403
from tests.tables import FromModels

MIGRATION_MODULES = FromModels()
