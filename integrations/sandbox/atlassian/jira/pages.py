"""A look at the small Jira with a browser."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
