"""How staff sign in (django-allauth)."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):
    """Closes public sign-up: accounts are made in the admin, or by ``manage.py createsuperuser``."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
