from __future__ import annotations

from django.urls import path

from .public import deliveries, forms
from .widget.script import script
from .widget.translations import words

urlpatterns = [
    path("widget/v1/xo-chat.js", script, name="widget_script"),
    path("widget/v1/words/<slug:language>.json", words, name="widget_words"),
    path("events/callback/<str:token>/", deliveries.callback, name="event_callback"),
    path("events/desk/<str:token>/", deliveries.agent_desk, name="event_desk"),
    path("forms/<str:token>/", forms.form, name="dialog_form"),
    path("forms/<str:token>/cancel/", forms.cancel, name="dialog_form_cancel"),
]
