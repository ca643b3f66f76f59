"""How staff sign in (django-allauth)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes public sign-up: accounts are made in the admin, or by ``manage.py createsuperuser``."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
