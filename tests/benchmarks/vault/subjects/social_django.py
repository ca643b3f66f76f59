"""social-auth-app-django's own refresh: ``UserSocialAuth.get_access_token(strategy)`` with its Atlassian back end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from social_core.backends.atlassian import AtlassianOAuth2
from social_django.models import UserSocialAuth
from social_django.utils import load_strategy

from tests.benchmarks.vault.endpoint import access_token, refresh_token

from .peer_token import borrowed
from .together import in_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Grant


class Atlassian(AtlassianOAuth2[Any]):
    """Its own back end, asking the bench's endpoint."""

    ACCESS_TOKEN_URL = f"{os.environ.get('XO_BENCH_PROVIDER', '')}/oauth/token"


class _Row(UserSocialAuth):
    """Lends its thread's connection for the write alone, as the other peers do."""

    class Meta:
        proxy = True
        app_label = "vault"

    def save(self, *args: Any, **options: Any) -> None:
        with borrowed():
            super().save(*args, **options)


class SocialDjango:
    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def prepare(self, grants: Sequence[Grant]) -> None:
        with borrowed():
            user, _ = get_user_model().objects.get_or_create(username="bench")
            UserSocialAuth.objects.all().delete()
            UserSocialAuth.objects.bulk_create(
                UserSocialAuth(
                    pk=grant.number,
                    user=user,
                    provider="atlassian",
                    uid=str(grant.number),
                    extra_data={
                        "access_token": access_token(grant.number),
                        "refresh_token": refresh_token(grant.number),
                        "expires_in": 3600,
                        "auth_time": int(grant.expires_at) - 3600,
                        "accountId": str(grant.number),
                    },
                )
                for grant in grants
            )

    def token(self, number: int) -> str:
        return str(self._find(number).get_access_token(load_strategy()))

    def renew_due(self, numbers: Sequence[int], threads: int) -> list[str]:
        return in_threads(lambda number: self._find(number).refresh_token(load_strategy()), numbers, threads)

    def stored(self, number: int) -> str:
        return str(self._find(number).extra_data["refresh_token"])

    def _find(self, number: int) -> Any:
        with borrowed():
            return _Row.objects.select_related("user").get(pk=number)
