"""Parts of addresses: what cannot name anything never reaches a database."""

from __future__ import annotations

from django.urls.converters import IntConverter


class IdConverter(IntConverter):
    """A row's number: positive and small enough for every database."""

    regex = "[1-9][0-9]{0,17}"
