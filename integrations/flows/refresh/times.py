"""The times of a renewal, in seconds, and how they hang together."""

from __future__ import annotations

#: Before the stored expiry at which a token counts as due: a minute of skew between two machines' clocks, and slack.
MARGIN = 90.0
#: What a token must still have to live to be used while somebody else renews it, or nobody can.
LAST_USE = 5.0
#: For all requests of one renewal, counted from its claim.
DEADLINE = 45.0
#: How long one claim holds against other machines. What is left after the deadline is for writing the answer.
LEASE = 75.0
#: How long an answer is kept in hand while the database cannot take it.
KEEP_TRYING = 300.0
#: The least that must be left of the deadline to ask the provider once more.
WORTH_ASKING = 1.0
#: How long a caller waits through failures of the provider before it hears of them.
PATIENCE = 3.0
#: Between two looks of a waiting caller, growing from the first to the second.
POLL = (0.03, 0.25)
#: Between two looks whether the owner of a lease still lives.
PULSE = 1.0
#: Before a failed renewal is tried again: doubled each time, up to the second.
BACK_OFF = (0.5, 60.0)
