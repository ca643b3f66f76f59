"""The control API's address, and what all of its requests have in common."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

MISTAKES = (TypeError, KeyError, ValueError, StopIteration)


def control_blueprint(name: str) -> Blueprint:
    """Routes below `/_sandbox/`; a test that sets the scene wrongly hears of it."""
    blueprint = Blueprint(name, __name__, url_prefix="/_sandbox")
    for mistake in MISTAKES:
        blueprint.register_error_handler(mistake, _wrong)
    return blueprint


def given() -> dict[str, Any]:
    """The body. JSON is insisted upon: no page of another origin can send it without asking first."""
    document = request.get_json()
    if not isinstance(document, dict):
        abort(400)
    return document


def _wrong(error: Exception) -> tuple[Response, int]:
    return jsonify({"error": f"{type(error).__name__}: {error}"}), 400
