"""Rows of this package in the admin, and the pages that list and install dialog tasks."""

from __future__ import annotations

from . import attention, conversation_admin, task_admin, task_pages, template_page, version_admin

__all__ = ["attention", "conversation_admin", "task_admin", "task_pages", "template_page", "version_admin"]
