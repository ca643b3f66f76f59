"""What a request brings, checked by a serializer: refused with the fields at fault, or its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rest_framework import serializers
    from rest_framework.request import Request


def asked(request: Request, query: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The parameters of the address, checked. Raises ValidationError with those that cannot be used."""
    return checked(query(data=request.query_params.dict()))


def sent(request: Request, body: type[serializers.Serializer[Any]], **context: Any) -> dict[str, Any]:
    """The request's body, checked. Raises ValidationError with the fields at fault."""
    return checked(body(data=request.data, context=context))


def checked(given: serializers.BaseSerializer[Any]) -> dict[str, Any]:
    """The values of a serializer that was given data. Raises ValidationError with the fields at fault."""
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = given.validated_data
    return values
