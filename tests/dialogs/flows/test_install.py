from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from kombu.exceptions import OperationalError

from dialogs import jobs
from dialogs.errors import ActionNotConfigured, AlreadyInstalled, QueueUnreachable, UnknownTemplate
from dialogs.flows import author, progress, queue
from dialogs.flows.install import install
from dialogs.flows.publish import publish
from dialogs.models import DialogTask, Installation, PublishState
from integrations import api
from tests.factories import ActionFactory, AppFactory

if TYPE_CHECKING:
    from xoplatform.models import App

TEMPLATES = [template.id for template in api.templates("jira")]


@pytest.fixture
def configured(app: App) -> App:
    ActionFactory.create(app=app, enabled=True)
    return app


@pytest.mark.parametrize("template_id", TEMPLATES)
def test_an_installed_template_is_a_draft_that_could_be_published(configured: App, template_id: str) -> None:
    row = install(configured, "jira", template_id)
    assert row.state == PublishState.DRAFT
    assert publish(row).number == 1


def test_it_remembers_the_template_as_it_was_installed(configured: App) -> None:
    row = install(configured, "jira", TEMPLATES[0])
    template = api.templates("jira")[0]
    assert (row.provider, row.template_id, row.template_version) == ("jira", template.id, str(template.version))
    assert row.template_document == template.document
    assert not row.changed_since_install
    author.touch(row)
    assert row.changed_since_install


def test_installing_again_asks_what_to_do(configured: App) -> None:
    install(configured, "jira", TEMPLATES[0])
    with pytest.raises(AlreadyInstalled, match="keep it, install a copy, or replace it"):
        install(configured, "jira", TEMPLATES[0])
    assert DialogTask.objects.count() == 1


def test_keeping_leaves_what_is_there(configured: App) -> None:
    first = install(configured, "jira", TEMPLATES[0])
    author.touch(first)
    assert install(configured, "jira", TEMPLATES[0], "keep") == first
    assert DialogTask.objects.get().revision == 2


def test_a_copy_gets_a_name_and_title_of_its_own(configured: App) -> None:
    first = install(configured, "jira", TEMPLATES[0])
    copy = install(configured, "jira", TEMPLATES[0], "duplicate")
    assert (copy.name, copy.title) == (f"{first.name}2", f"{first.title} (2)")


def test_replacing_discards_the_draft_and_leaves_the_published_version_running(configured: App) -> None:
    first = install(configured, "jira", TEMPLATES[0])
    version = publish(first)
    first.nodes.filter(kind="message").delete()
    author.touch(first)
    replaced = install(configured, "jira", TEMPLATES[0], "replace")
    assert replaced == first
    assert author.draft_document(replaced)["nodes"] == version.document["nodes"]
    assert replaced.published == version
    assert replaced.state == PublishState.PUBLISHED  # the draft equals it again
    assert not replaced.changed_since_install


def test_nothing_is_installed_before_the_action_is_configured(app: App) -> None:
    ActionFactory.create(app=app)
    with pytest.raises(ActionNotConfigured, match="Integrations, Actions"):
        install(app, "jira", TEMPLATES[0])
    assert not DialogTask.objects.exists()


def test_a_template_that_does_not_exist_is_named(configured: App) -> None:
    with pytest.raises(UnknownTemplate, match="fly"):
        install(configured, "jira", "fly")


def test_apps_install_independently_of_each_other(configured: App) -> None:
    install(configured, "jira", TEMPLATES[0])
    other = AppFactory.create()
    ActionFactory.create(app=other, enabled=True)
    assert install(other, "jira", TEMPLATES[0]).app == other


class TestInTheBackground:
    @pytest.fixture
    def queued(self, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
        jobs_queued: list[dict[str, Any]] = []
        monkeypatch.setattr(progress, "enqueue", lambda _job, **arguments: jobs_queued.append(arguments))
        return jobs_queued

    def test_each_template_has_its_own_progress(
        self, configured: App, developer: Any, queued: list[dict[str, Any]]
    ) -> None:
        progress.request_installations(configured, "jira", TEMPLATES, developer)
        assert set(Installation.objects.values_list("status", flat=True)) == {"waiting"}
        jobs.install_templates(**queued[0])
        assert set(Installation.objects.values_list("status", flat=True)) == {"installed"}
        assert DialogTask.objects.count() == len(TEMPLATES)

    def test_a_job_that_runs_twice_installs_once(self, configured: App, queued: list[dict[str, Any]]) -> None:
        progress.request_installations(configured, "jira", TEMPLATES)
        for _ in range(2):
            jobs.install_templates(**queued[0])
        assert DialogTask.objects.count() == len(TEMPLATES)

    def test_one_that_fails_says_why_and_does_not_keep_the_others(
        self, configured: App, queued: list[dict[str, Any]]
    ) -> None:
        progress.request_installations(configured, "jira", ["fly", *TEMPLATES])
        jobs.install_templates(**queued[0])
        failed = Installation.objects.get(status="failed")
        assert failed.template_id == "fly"
        assert "has no template" in failed.message
        assert DialogTask.objects.count() == len(TEMPLATES)

    def test_a_queue_that_does_not_answer_is_told(self, configured: App, monkeypatch: pytest.MonkeyPatch) -> None:
        class Silent:
            def apply_async(self) -> None:
                raise OperationalError

        monkeypatch.setattr(queue, "signature", lambda *_args, **_kwargs: Silent())
        with pytest.raises(QueueUnreachable, match="job queue does not answer"):
            progress.request_installations(configured, "jira", TEMPLATES)
        assert set(Installation.objects.values_list("status", flat=True)) == {"failed"}
