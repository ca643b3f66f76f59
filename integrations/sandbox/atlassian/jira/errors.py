"""Jira's refusals: an ErrorCollection whose texts are in the person's language."""

from __future__ import annotations

from flask import Response, jsonify

from .texts import in_language


class JiraError(Exception):
    """Jira refuses a request. Messages and field errors are names of texts with their values."""

    def __init__(
        self, status: int, /, *messages: tuple[str, dict[str, str]], **fields: tuple[str, dict[str, str]]
    ) -> None:
        super().__init__(status)
        self.status = status
        self.messages = messages
        self.fields = fields

    def response(self, locale: str) -> Response:
        """The refusal as sent to a person with this locale."""
        body = {
            "errorMessages": [in_language(locale, name, values) for name, values in self.messages],
            "errors": {field: in_language(locale, name, values) for field, (name, values) in self.fields.items()},
        }
        response = jsonify(body)
        response.status_code = self.status
        return response


def text(name: str, /, **values: object) -> tuple[str, dict[str, str]]:
    """A text by name with the values to fill in."""
    return name, {key: str(value) for key, value in values.items()}


def refused(status: int, name: str, /, **values: object) -> JiraError:
    """A refusal with one message."""
    return JiraError(status, text(name, **values))


def wrong_field(field: str, name: str, /, **values: object) -> JiraError:
    """A 400 about one field."""
    return JiraError(400, **{field: text(name, **values)})
