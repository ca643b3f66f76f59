"""Requests of an App that are no operation of a provider: written by its developers, signed in by its profiles."""

from __future__ import annotations

from .request import FreeRequest, send_free

__all__ = ["FreeRequest", "send_free"]
