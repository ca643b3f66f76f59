"""Rows of this package in the admin, and the pages that list and install dialog tasks."""

from __future__ import annotations

from . import conversation_admin, task_admin, version_admin

__all__ = ["conversation_admin", "task_admin", "version_admin"]
