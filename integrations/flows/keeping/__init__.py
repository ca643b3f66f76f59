"""The clock's part in keeping grants: renewing what is due ahead of anybody's need, and forgetting old records.

`run` is one pass, of which the installation has one at a time; `waiting` says what is due and in which order; `lanes`
hands it out to threads, so many for each provider host; `pruning` deletes what no longer tells anything.
"""

from __future__ import annotations

from .looks import look, wanting_a_look
from .pruning import prune
from .run import Kept, keep_alive

__all__ = ["Kept", "keep_alive", "look", "prune", "wanting_a_look"]
