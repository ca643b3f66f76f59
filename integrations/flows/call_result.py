"""What a call of a provider's operation came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from integrations.catalog.operations import JSON
    from integrations.models import OperationCall

#: answered: any HTTP answer, 4xx and 5xx too. unreachable, timed_out: nothing came back, nothing was changed.
#: unknown: a call that is not idempotent left and its answer was lost. authorization_required: there is no usable
#: grant. refused: not sent, because the action is disabled, the site is not granted or a parameter does not fit.
Outcome = Literal["answered", "unreachable", "timed_out", "unknown", "authorization_required", "refused"]


@dataclass
class CallResult:
    """``message`` is for people and empty when all is well; ``trace`` shows request and response, redacted.

    ``record`` is the row about the call: saved already when the operation is not idempotent, otherwise
    to be stored by the caller with ``record_calls``. ``None`` when the call never got as far as an action.
    """

    outcome: Outcome
    status_code: int | None = None
    body: JSON = None
    headers: dict[str, str] = field(default_factory=dict)
    message: str = ""
    trace: dict[str, Any] = field(default_factory=dict)
    duration_ms: float = 0.0
    record: OperationCall | None = None
    #: Marks the grant that it was made with; changes with every consent. Empty where there was none to use.
    grant: str = ""
    #: With unknown, whether the time ran out before an answer came.
    late: bool = False
    #: With authorization_required, which provider has to be authorized.
    provider: str = ""
