"""Rows of this package in the admin, and the pages that list, install, compare and test dialog tasks."""

from __future__ import annotations

from . import (
    attention,
    conversation_admin,
    delivery_pages,
    outside_page,
    settings_page,
    task_admin,
    task_pages,
    task_steps,
    template_page,
    tests_pages,
    trace_pages,
    transfer_pages,
    version_admin,
    version_pages,
    webhook_pages,
)

__all__ = [
    "attention",
    "conversation_admin",
    "delivery_pages",
    "outside_page",
    "settings_page",
    "task_admin",
    "task_pages",
    "task_steps",
    "template_page",
    "tests_pages",
    "trace_pages",
    "transfer_pages",
    "version_admin",
    "version_pages",
    "webhook_pages",
]
