from __future__ import annotations

from copy import deepcopy
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from dialogs.documents import load_export
from dialogs.errors import BadSettings, StaleImport, UnknownImport
from dialogs.flows import importing
from dialogs.flows.author import draft_document, replace_draft, whole_document
from dialogs.flows.conversation_settings import keep_settings, settings_of
from dialogs.flows.exporting import export_app, export_task
from dialogs.flows.import_plan import Mode, Plan, plan_import
from dialogs.flows.importing import apply_import
from dialogs.flows.publish import publish
from dialogs.models import DialogTask, DialogTest, PendingImport
from tests.dialogs.documents.test_exported import JSON, a_task
from tests.dialogs.factories import task
from tests.dialogs.samples import creating, greeting
from tests.factories import AppFactory, ConnectionFactory, ProfileFactory

if TYPE_CHECKING:
    from pathlib import Path

    from xoplatform.models import App


@pytest.fixture
def full(app: App) -> App:
    """An App with two tasks and a test."""
    row = task(app, greeting())
    row.nodes.filter(name="person").update(position={"x": 10, "y": 20.5})
    task(app, creating())
    DialogTest.objects.create(app=app, task=row, name="greets", turns=[{"say": "say hello"}])
    return app


def brought(source: App, target: App, mode: Mode = "incremental") -> Plan:
    """Everything of one App imported into another."""
    content = load_export(export_app(source))
    return apply_import(target, content, mode, plan_import(target, content, mode).mark)


def everything(app: App) -> list[Any]:
    rows = DialogTask.objects.filter(app=app).order_by("name")
    return [[row.title, row.description, whole_document(row)] for row in rows]


def effects(plan: Plan) -> dict[str, str]:
    return {one.name: one.effect for one in plan.tasks}


def test_an_app_that_is_exported_and_imported_is_the_same(full: App) -> None:
    other = AppFactory.create()
    brought(full, other)
    assert everything(other) == everything(full)
    test = DialogTest.objects.get(app=other)
    assert (test.name, test.turns, test.task and test.task.name) == ("greets", [{"say": "say hello"}], "greet")


def test_importing_it_once_more_changes_nothing(full: App) -> None:
    plan = brought(full, full, "full")
    assert plan.nothing
    assert effects(plan) == {"greet": "same", "create": "same"}


def test_an_incremental_import_replaces_adds_and_keeps(full: App) -> None:
    other = AppFactory.create()
    task(other, greeting(words="Bye"))
    task(other, greeting("wave"))
    assert effects(brought(full, other)) == {"create": "new", "greet": "replaced", "wave": "kept"}
    assert DialogTask.objects.filter(app=other).count() == 3
    assert "Nice to meet you" in str(everything(other))


def test_a_full_import_deletes_what_the_file_does_not_name(full: App) -> None:
    other = AppFactory.create()
    publish(task(other, greeting("wave")))
    assert effects(brought(full, other, "full")) == {"create": "new", "greet": "new", "wave": "deleted"}
    assert everything(other) == everything(full)


def test_what_is_published_goes_on_running(full: App) -> None:
    other = AppFactory.create()
    row = task(other, greeting(words="Bye"))
    version = publish(row)
    brought(full, other)
    row.refresh_from_db()
    assert row.published == version
    assert row.state == "changed"


def test_the_report_says_what_changes_in_words(full: App) -> None:
    other = AppFactory.create()
    task(other, greeting(words="Bye"))
    plan = plan_import(other, load_export(export_app(full)), "incremental")
    change = next(one for one in plan.tasks if one.name == "greet").comparison.nodes[0]
    assert "Bye" in change.lines[0].words + str(change.lines[0].diff)
    assert not DialogTask.objects.filter(app=other, name="create").exists()


def test_the_report_names_problems_profiles_and_actions_that_are_missing(full: App) -> None:
    ProfileFactory.create(app=full, name="Our Jira")
    broken = creating("broken")
    broken["nodes"][1]["properties"]["type"] = "nonsense"
    task(full, broken)
    plan = plan_import(AppFactory.create(), load_export(export_app(full)), "incremental")
    assert any("nonsense" in problem for one in plan.tasks for problem in one.problems)
    assert any("“Our Jira” does not exist here" in note for note in plan.notes)
    assert any("call jira, which is not configured" in note for note in plan.notes)


def test_a_report_is_stale_once_a_task_was_edited(full: App) -> None:
    content = load_export(export_app(full))
    plan = plan_import(full, content, "full")
    replace_draft(DialogTask.objects.get(name="greet"), greeting(words="Edited"))
    with pytest.raises(StaleImport):
        apply_import(full, content, "full", plan.mark)
    assert "Edited" in str(everything(full))


def test_a_report_of_another_mode_or_file_is_not_applied(full: App) -> None:
    content = load_export(export_app(full))
    mark = plan_import(full, content, "incremental").mark
    changed = deepcopy(content)
    changed["tasks"][0]["title"] = "Other"
    for other, mode in ((content, "full"), (changed, "incremental")):
        with pytest.raises(StaleImport):
            apply_import(full, other, mode, mark)  # type: ignore[arg-type]


def test_an_export_holds_no_secret_and_no_connection(full: App) -> None:
    ConnectionFactory.create(action__app=full)
    profile = ProfileFactory.create(
        app=full,
        name="Our Jira",
        client_id="the-client",
        client_secret="s3cret-value",
        token_url="https://u:pass@id.example/token?key=hidden",
    )
    text = export_app(full)
    for hidden in ("s3cret-value", "the-client", "pass@", "hidden", "access_token", "refresh_token"):
        assert hidden not in text
    outline = load_export(text)["authorization_profiles"][0]
    assert outline["name"] == profile.name
    assert outline["token_url"] == "https://id.example/token"


def test_the_live_version_can_be_exported_instead_of_the_draft(full: App) -> None:
    row = DialogTask.objects.get(name="greet")
    publish(row)
    replace_draft(row, greeting(words="Not yet"))
    text = export_app(full, "published")
    assert [one["name"] for one in load_export(text)["tasks"]] == ["greet"]
    assert "Not yet" not in text
    assert "Not yet" in export_task(row)


def test_a_template_remembers_where_it_came_from(app: App) -> None:
    from dialogs.flows.author import create_task

    create_task(app, greeting(), provider="jira", template_id="greet", template_version="2")
    other = AppFactory.create()
    brought(app, other)
    row = DialogTask.objects.get(app=other)
    assert (row.provider, row.template_id, row.template_version) == ("jira", "greet", "2")


def test_a_report_makes_the_same_number_of_queries_for_few_tasks_and_for_many(
    app: App, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    task(app, greeting())
    content = load_export(export_app(app))
    with django_assert_max_num_queries(15) as few:
        plan_import(app, content, "full")
    for number in range(4):
        task(app, greeting(f"greet{number}"))
    content = load_export(export_app(app))
    with django_assert_num_queries(len(few.captured_queries)):
        plan_import(app, content, "full")


def test_an_uploaded_file_waits_a_day_for_its_person(full: App, developer: Any) -> None:
    row = importing.receive(full, export_app(full).encode(), file_name="x.yaml", mode="incremental", user=developer)
    assert importing.waiting(full, row.pk, developer) == row
    with pytest.raises(UnknownImport):
        importing.waiting(AppFactory.create(), row.pk, developer)
    PendingImport.objects.update(created_at=timezone.now() - importing.KEPT)
    with pytest.raises(UnknownImport):
        importing.waiting(full, row.pk, developer)
    assert importing.prune_imports() == 1


def test_the_commands_carry_an_app_in_a_file(full: App, tmp_path: Path) -> None:
    other, file = AppFactory.create(), tmp_path / "app.yaml"
    call_command("export_app", full.slug, output=file)
    told = StringIO()
    call_command("import_app", other.slug, file, dry_run=True, stdout=told)
    assert "new       greet: Greet" in told.getvalue()
    assert not DialogTask.objects.filter(app=other).exists()
    call_command("import_app", other.slug, file, stdout=told)
    assert everything(other) == everything(full)


def test_the_commands_say_what_is_wrong(full: App, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("export: 9")
    for arguments in (("nobody", bad), (full.slug, bad), (full.slug, tmp_path / "none.yaml")):
        with pytest.raises(CommandError, match=r"[Nn]othing was imported"):
            call_command("import_app", *arguments)
    with pytest.raises(CommandError, match="no dialog task"):
        call_command("export_app", full.slug, task="nobody")


def test_one_task_is_printed_with_its_tests(full: App) -> None:
    told = StringIO()
    call_command("export_app", full.slug, task="greet", stdout=told)
    content = load_export(told.getvalue())
    assert [one["name"] for one in content["tasks"]] == ["greet"]
    assert [one["name"] for one in content["tests"]] == ["greets"]


def test_a_draft_is_the_document_that_was_imported(app: App) -> None:
    content = {"export": 1, "tasks": [creating()]}
    apply_import(app, content, "incremental", plan_import(app, content, "incremental").mark)
    assert draft_document(DialogTask.objects.get()) == creating()


def test_notes_settings_of_a_dialog_and_of_the_app_travel_too(full: App) -> None:
    note = {"id": "n1", "text": "Ask Ada first", "position": {"x": 1, "y": 2}}
    DialogTask.objects.filter(name="greet").update(notes=[note], settings={"idle_minutes": 30})
    keep_settings(full.pk, {"timeout_minutes": 90})
    other = AppFactory.create()
    task(other, greeting())
    plan = brought(full, other)
    assert [line.words for line in plan.settings] == ["Time-out of a conversation, in minutes: now 90, was 1440."]
    assert everything(other) == everything(full)
    assert settings_of(other.pk) == {"timeout_minutes": 90}
    assert brought(full, other).nothing


def test_a_file_without_places_and_notes_leaves_those_of_the_draft(full: App) -> None:
    DialogTask.objects.filter(name="greet").update(notes=[{"id": "n1", "text": "Mine"}])
    content = {"export": 1, "tasks": [greeting(words="Bye")]}
    apply_import(full, content, "incremental", plan_import(full, content, "incremental").mark)
    row = DialogTask.objects.get(name="greet")
    assert row.notes == [{"id": "n1", "text": "Mine"}]
    assert row.nodes.get(name="person").position == {"x": 10, "y": 20.5}
    assert plan_import(full, content, "incremental").nothing


def test_settings_that_cannot_be_kept_are_refused_in_words(app: App) -> None:
    with pytest.raises(BadSettings):
        plan_import(app, {"export": 1, "tasks": [], "settings": {"nonsense": 1}}, "incremental")


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(JSON)
def test_whatever_stands_in_a_node_comes_back_exactly(app: App, properties: Any) -> None:
    document = {**a_task({}), "name": f"t{DialogTask.objects.count()}"}
    document["nodes"] = [{"name": "s", "kind": "script", "properties": {"x": properties}}]
    row = task(app, document)
    other = AppFactory.create()
    content = load_export(export_task(row))
    apply_import(other, content, "full", plan_import(other, content, "full").mark)
    assert whole_document(DialogTask.objects.get(app=other)) == whole_document(row)
    assert plan_import(other, load_export(export_task(row)), "full").nothing
