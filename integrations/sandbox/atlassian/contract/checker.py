"""Finding the operation of a request and holding the request to the contract."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openapi_core import OpenAPI
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from .operation import Operation, read_operation
from .request import ContractRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Request

DOCUMENT = Path(__file__).parent / "jira-cloud.openapi.json"
METHODS = ("get", "post", "put", "delete", "patch")


@dataclass(frozen=True)
class Match:
    """The operation a request is for, with the values in its path."""

    operation: Operation
    path_values: dict[str, str]


@dataclass(frozen=True)
class Checked:
    """A request's parameters cast to the contract's types, and what breaks the contract in it."""

    parameters: dict[str, Any]
    violations: list[str]
    unknown: list[str]


class Contract:
    """The document, loaded and compiled once per process."""

    def __init__(self) -> None:
        document = json.loads(DOCUMENT.read_text())
        self.scope_words: dict[str, str] = document["components"]["securitySchemes"]["OAuth2"]["flows"][
            "authorizationCode"
        ]["scopes"]
        self.operations = {each.id: each for each in _operations(document)}
        self._map = Map([_rule(each) for each in self.operations.values()]).bind("jira")
        _accept_nobody(document)
        # Requests are checked as if the site were the server; authentication is the stand-in's own business.
        for each in _definitions(document):
            each[2].pop("security", None)
        self._openapi = OpenAPI.from_dict({**document, "servers": [{"url": "/"}], "security": []})

    def match(self, method: str, path: str) -> Match | None:
        """The operation for a path like `/rest/api/3/myself`, or None when the contract has none."""
        try:
            found, values = self._map.match(path, method=method)
        except HTTPException:
            return None
        return Match(self.operations[str(found)], dict(values))

    def check(self, request: Request, match: Match, path: str) -> Checked:
        """Validates path, query and body of a request against the operation's definition."""
        result = self._openapi.unmarshal_request(
            ContractRequest(request, match.operation.pattern, path, match.path_values)
        )
        unknown = sorted(set(request.args) - match.operation.query_parameters)
        violations = [_words(error) for error in result.errors]
        parameters = {} if violations else {**result.parameters.query, **result.parameters.path}
        return Checked(parameters, violations, unknown)


@cache
def contract() -> Contract:
    return Contract()


def _definitions(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for pattern, methods in document["paths"].items():
        for method, definition in methods.items():
            if method in METHODS:
                yield method, pattern, definition


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for method, pattern, definition in _definitions(document):
        yield read_operation(method, pattern, definition)


def _rule(operation: Operation) -> Rule:
    path = operation.pattern.replace("{", "<").replace("}", ">")
    return Rule(path, endpoint=operation.id, methods=[operation.method])


def _accept_nobody(document: dict[str, Any]) -> None:
    """An account id of null takes the assignee away: the service accepts what the document forgets to allow."""
    document["components"]["schemas"]["User"]["properties"]["accountId"]["nullable"] = True


def _words(error: BaseException) -> str:
    """What was wrong, which openapi-core says only in the causes of its errors."""
    causes = [error]
    while (cause := causes[-1].__cause__) is not None:
        causes.append(cause)
    by_schema = [each for cause in causes for each in getattr(cause, "schema_errors", ())]
    if by_schema:
        return "; ".join(dict.fromkeys(f"{each.json_path}: {each.message}" for each in by_schema))
    return ": ".join(dict.fromkeys(str(cause) for cause in causes))
