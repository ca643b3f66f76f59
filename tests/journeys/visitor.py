"""A person without a browser: opens pages, fills forms, presses buttons, keeps cookies."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests


@dataclass
class Form:
    """A form as it stands on a page: where it goes and what it would send."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    id: str = ""
    #: Accessible name of each submit button with the name and value that it adds.
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: Where those buttons go that do not go where the form does.
    elsewhere: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._button: dict[str, str] | None = None
        self._button_text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        if tag == "form":
            self._open = Form(values.get("action", ""), values.get("method", "get").lower(), id=values.get("id", ""))
            self.forms.append(self._open)
        elif tag == "button":
            self._button, self._button_text = values, ""
        elif self._open is None:
            return
        elif tag == "input" and values.get("type") not in ("radio", "checkbox", "submit"):
            self._open.values.setdefault(values.get("name", ""), []).append(values.get("value", ""))
        elif tag == "input" and "checked" in values:
            self._open.values.setdefault(values.get("name", ""), []).append(values.get("value", "on"))

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self._button_text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button is not None:
            self._add_button(self._button, " ".join(self._button_text.split()))
            self._button = None
        elif tag == "form":
            self._open = None

    def _add_button(self, button: dict[str, str], text: str) -> None:
        """To the form around it, or to the one that it names."""
        form = next((form for form in self.forms if form.id and form.id == button.get("form")), self._open)
        if form is None:
            return
        name = button.get("aria-label") or text
        form.buttons[name] = (button.get("name", ""), button.get("value", ""))
        if "formaction" in button:
            form.elsewhere[name] = button["formaction"]


class Visitor:
    """One browser session."""

    def __init__(self, start: str = "") -> None:
        self.session = requests.Session()
        self.page = requests.Response()
        self.page.url = start

    def open(self, url: str) -> requests.Response:
        """Follows a link, redirects included."""
        return self._arrive(self.session.get(urljoin(self.page.url, url), timeout=60))

    def forms(self) -> list[Form]:
        parser = _Forms()
        parser.feed(self.page.text)
        return parser.forms

    def form_with(self, *, button: str = "", name: str = "") -> Form:
        """The form on this page that has such a button or such a field."""
        for form in self.forms():
            if (button and button in form.buttons) or (name and name in form.values):
                return form
        raise LookupError(f"No form with button {button!r} or field {name!r} at {self.page.url}:\n{self.page.text}")

    def press(self, button: str, **values: Any) -> requests.Response:
        """Fills the form that has this button with ``values`` and submits it."""
        form = self.form_with(button=button)
        data: dict[str, Any] = {**form.values, **values}
        name, value = form.buttons[button]
        if name:
            data[name] = value
        data.pop("", None)
        target = urljoin(self.page.url, form.elsewhere.get(button) or form.action or self.page.url)
        headers = {"Referer": self.page.url}
        if form.method == "get":
            return self._arrive(self.session.get(target, params=data, headers=headers, timeout=60))
        return self._arrive(self.session.post(target, data=data, headers=headers, timeout=60))

    def post_json(self, url: str, body: Any) -> requests.Response:
        """Posts as a page's script would, with the session's CSRF cookie."""
        headers = {"X-CSRFToken": self.session.cookies.get("csrftoken", ""), "Referer": self.page.url}
        return self.session.post(urljoin(self.page.url, url), json=body, headers=headers, timeout=120)

    def _arrive(self, page: requests.Response) -> requests.Response:
        self.page = page
        return page
