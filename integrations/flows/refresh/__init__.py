"""A valid access token for a connection, renewed by one caller at a time (docs/decisions/0010).

`access` is what callers use; `due` says when the clock renews ahead. Behind them: `leases` decide in the database who
may renew, `renewal` asks the provider and writes, `threads` let a renewal outlive its caller, `owners` tell whether
the process behind a lease still lives.
"""

from __future__ import annotations

from .access import BUDGET, AccessToken, access_token, token_of
from .ahead import renew_ahead
from .threads import finish
from .times import MARGIN

__all__ = ["BUDGET", "MARGIN", "AccessToken", "access_token", "finish", "renew_ahead", "token_of"]
