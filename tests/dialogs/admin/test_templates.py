from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs import jobs
from dialogs.flows import author, progress
from dialogs.flows.install import install
from dialogs.models import DialogTask, Installation
from dialogs.receivers import installed_templates, tasks_that_stop
from integrations import api
from tests.factories import ActionFactory, AppFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App

FIRST = api.templates("jira")[0]


@pytest.fixture
def configured(app: App) -> App:
    ActionFactory.create(app=app, enabled=True)
    return app


@pytest.fixture
def url(app: App) -> str:
    return reverse("admin:app_templates", args=[app.slug, "jira"])


def body(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.mark.usefixtures("configured")
def test_each_card_says_what_it_asks_and_calls(url: str, signed_in: Client) -> None:
    page = body(signed_in, url)
    for template in api.templates("jira"):
        assert template.title in page
    assert "projectKey, summary, issueTypeName" in page
    assert "POST issue" in page
    assert "Install all" in page


def test_before_the_action_is_configured_it_leads_to_the_actions(url: str, app: App, signed_in: Client) -> None:
    page = body(signed_in, url)
    assert "Explore integrations" in page
    assert "Install all" not in page
    signed_in.post(url, {"template": FIRST.id})
    assert not DialogTask.objects.exists()


@pytest.mark.usefixtures("configured")
def test_installing_one_and_going_to_its_dialog_and_on_to_the_canvas(url: str, app: App, signed_in: Client) -> None:
    page = signed_in.post(url, {"template": FIRST.id}, follow=True).content.decode()
    row = DialogTask.objects.get()
    summary = reverse("admin:app_dialog", args=[app.slug, row.pk])
    assert "Go to Dialog" in page
    assert f'href="{summary}"' in page
    page = body(signed_in, summary)
    assert "Proceed" in page
    assert reverse("admin:app_canvas", args=[app.slug, row.pk]) in page
    assert "POST issue" in page


@pytest.mark.usefixtures("configured")
def test_installing_again_offers_to_keep_copy_or_replace(url: str, app: App, signed_in: Client) -> None:
    row = install(app, "jira", FIRST.id)
    author.touch(row)
    page = body(signed_in, url)
    assert "Changed since" in page
    for words in ("Keep mine", "Install a copy", "Replace my draft"):
        assert words in page
    page = signed_in.post(url, {"template": FIRST.id}, follow=True).content.decode()
    assert "is installed already" in page
    signed_in.post(url, {"template": FIRST.id, "mode": "duplicate"})
    assert DialogTask.objects.count() == 2


@pytest.mark.usefixtures("configured")
def test_all_are_installed_in_the_background_with_progress(
    url: str, app: App, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(progress, "enqueue", lambda _job, **arguments: queued.append(arguments))
    install(app, "jira", FIRST.id)
    page = signed_in.post(url, {"template": "*"}, follow=True).content.decode()
    assert "data-busy" in page
    assert f"1 of {len(api.templates('jira'))} are there" in page
    assert FIRST.id not in queued[0]["template_ids"]
    jobs.install_templates(**queued[0])
    page = body(signed_in, url)
    assert "data-busy" not in page
    assert page.count("Go to Dialog") == len(api.templates("jira"))


@pytest.mark.usefixtures("configured")
def test_a_failed_installation_says_why_and_offers_to_try_again(url: str, app: App, signed_in: Client) -> None:
    Installation.objects.create(
        app=app, provider="jira", template_id=FIRST.id, status="failed", message="The job queue does not answer."
    )
    page = body(signed_in, url)
    assert "The job queue does not answer." in page
    assert "Try again" in page


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("sent", [{"template": "fly"}, {"template": FIRST.id, "mode": "blindly"}, {}])
def test_what_does_not_exist_is_refused_in_words(url: str, signed_in: Client, sent: dict[str, str]) -> None:
    assert "has no template" in signed_in.post(url, sent, follow=True).content.decode()
    assert not DialogTask.objects.exists()


@pytest.mark.usefixtures("configured")
def test_a_viewer_looks_but_does_not_install(url: str, app: App, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    page = body(client, url)
    assert "needs the role Developer" in page
    assert "Install all" not in page
    assert client.post(url, {"template": FIRST.id}).status_code == 403


def test_an_unknown_provider_and_another_app_are_not_found(app: App, signed_in: Client) -> None:
    other = AppFactory.create()
    assert signed_in.get(reverse("admin:app_templates", args=[app.slug, "nonsense"])).status_code == 404
    assert signed_in.get(reverse("admin:app_templates", args=[other.slug, "jira"])).status_code == 404


def test_the_page_makes_the_same_number_of_queries_however_many_are_installed(
    url: str, configured: App, signed_in: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    signed_in.get(url)
    with django_assert_max_num_queries(60) as none:
        signed_in.get(url)
    for template in api.templates("jira"):
        install(configured, "jira", template.id)
    with django_assert_num_queries(len(none.captured_queries)):
        signed_in.get(url)


def test_the_actions_page_learns_how_many_are_installed_and_which_dialogs_would_stop(configured: App) -> None:
    row = install(configured, "jira", FIRST.id)
    total = len(api.templates("jira"))
    assert installed_templates(app=configured, provider="jira") == [f"1 of {total} templates installed"]
    assert tasks_that_stop(app=configured, provider="jira") == [row.title]
    assert tasks_that_stop(app=AppFactory.create(), provider="jira") == []
