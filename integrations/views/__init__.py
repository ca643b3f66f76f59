"""Pages for people without an account of ours: an end user's way through an authorization, and the way back."""

from __future__ import annotations

from . import link, returned
from .callback import oauth_callback

__all__ = ["link", "oauth_callback", "returned"]
