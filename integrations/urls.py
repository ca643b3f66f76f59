from __future__ import annotations

from django.urls import path

from .views import link, oauth_callback, returned

urlpatterns = [
    path("oauth/callback/", oauth_callback, name="oauth_callback"),
    path("authorize/<str:token>/", link.show, name="authorize_link"),
    path("authorize/<str:token>/start/", link.start, name="authorize_start"),
    path("authorize/<str:token>/token/", link.own_token, name="authorize_own_token"),
    path("authorize/<str:token>/decline/", link.decline, name="authorize_decline"),
    path("authorize/<str:token>/keep/", link.keep, name="authorize_keep"),
    path("authorize/<str:token>/again/", link.ask_again, name="authorize_ask_again"),
    path("authorize/return/<int:pk>/", returned.show, name="authorize_return"),
    path("authorize/return/<int:pk>/confirm/", returned.confirm, name="authorize_confirm"),
    path("authorize/return/<int:pk>/code/", returned.code, name="authorize_code"),
    path("authorize/return/<int:pk>/another/", returned.another, name="authorize_another"),
    path("authorize/return/<int:pk>/discard/", returned.discard, name="authorize_discard"),
]
