"""What the clock starts, and how often in seconds. A job that nobody took before the next one comes expires."""

from __future__ import annotations

from typing import Any, Final

SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "refresh-connections-that-expire-soon": {
        "task": "integrations.jobs.keep_alive",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "prune-records-of-refreshes": {
        "task": "integrations.jobs.prune_refreshes",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
    "send-links-that-wait": {
        "task": "integrations.jobs.send_waiting_links",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "tell-of-actions-in-error": {
        "task": "integrations.jobs.tell_action_errors",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "tell-of-refused-clients": {
        "task": "integrations.jobs.tell_client_faults",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "ask-people-whose-grant-is-gone": {
        "task": "integrations.jobs.ask_people_again",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "erase-grants-that-nobody-confirmed": {
        "task": "integrations.jobs.forget_lapsed_grants",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "resume-conversations-left-waiting": {
        "task": "dialogs.jobs.resume_waiting",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "answer-messages-left-behind": {
        "task": "dialogs.jobs.answer_left_behind",
        "schedule": 15.0,
        "options": {"expires": 14},
    },
    "end-waits-that-ran-out": {
        "task": "dialogs.jobs.end_expired_waits",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "send-webhooks-that-are-due": {
        "task": "dialogs.jobs.sweep_webhooks",
        "schedule": 15.0,
        "options": {"expires": 14},
    },
    "prune-waits-that-ended": {
        "task": "dialogs.jobs.prune_waits",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
    "forget-old-edits": {
        "task": "dialogs.jobs.prune_edits",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
    "empty-old-traces": {
        "task": "dialogs.jobs.prune_traces",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
    "drop-session-values-that-ran-out": {
        "task": "dialogs.jobs.drop_expired_values",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "warn-before-api-keys-expire": {
        "task": "xoplatform.jobs.warn_of_ending_keys",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
    "forget-kept-answers": {
        "task": "xoplatform.jobs.forget_kept_answers",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "bring-secrets-under-the-first-key": {
        "task": "xoplatform.jobs.rotate_secrets",
        "schedule": 120.0,
        "options": {"expires": 110},
    },
    "warn-before-grants-end": {
        "task": "integrations.jobs.warn_of_endings",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
}
