from __future__ import annotations

import io
import stat
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from xoplatform import local_env
from xoplatform.first_sign_in import ensure_first_account, sign_in_to_show
from xoplatform.models import App, Member, Role

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def installation(db: None, settings: Any, tmp_path: Path) -> Path:
    """A fresh installation whose folder is thrown away."""
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


def shown() -> str:
    output = io.StringIO()
    call_command("setup", "--show", stdout=output)
    return output.getvalue()


def test_the_first_account_owns_a_demo_app(installation: Path) -> None:
    assert ensure_first_account()
    member = Member.objects.get()
    assert (member.user.get_username(), member.role, member.app.slug) == ("admin", Role.OWNER, "demo")


def test_setting_up_twice_changes_nothing(installation: Path) -> None:
    ensure_first_account()
    before = (sign_in_to_show(), list(App.objects.values()), list(get_user_model().objects.values()))
    assert not ensure_first_account()
    assert (sign_in_to_show(), list(App.objects.values()), list(get_user_model().objects.values())) == before


def test_a_demo_app_that_was_deleted_stays_deleted(installation: Path) -> None:
    ensure_first_account()
    App.objects.all().delete()
    assert not ensure_first_account()
    assert not App.objects.exists()


def test_the_generated_password_is_shown_until_it_is_changed(installation: Path) -> None:
    ensure_first_account()
    _username, password = sign_in_to_show() or ("", "")
    assert password
    assert password in shown()
    assert password in shown()
    user = get_user_model().objects.get()
    user.set_password("my own")
    user.save()
    assert "admin" not in shown()
    assert not (installation / "first-sign-in").exists()


def test_the_generated_password_is_for_its_owner_alone(installation: Path) -> None:
    ensure_first_account()
    assert stat.S_IMODE((installation / "first-sign-in").stat().st_mode) == 0o600


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    path = local_env.ensure(tmp_path / "var")
    first = local_env.read(path)
    assert local_env.read(local_env.ensure(tmp_path / "var")) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first["XO_ENCRYPTION_KEYS"]) == 44


def test_without_credentials_the_sandbox_stands_in(tmp_path: Path) -> None:
    found = local_env.environment({"XO_VAR_DIR": str(tmp_path), "XO_SANDBOX_PORT": "9011", "XO_PORT": "9000"})
    assert found["XO_ATLASSIAN_AUTH_URL"] == found["XO_SANDBOX_URL"] == "http://localhost:9011"
    assert found["XO_JIRA_CLIENT_ID"] == found["XO_SANDBOX_CLIENT_ID"]
    assert found["XO_SANDBOX_CALLBACK_URL"] == "http://localhost:9000/oauth/callback/"


def test_with_credentials_there_is_no_sandbox(tmp_path: Path) -> None:
    given = {"XO_VAR_DIR": str(tmp_path), "XO_JIRA_CLIENT_ID": "mine", "XO_JIRA_CLIENT_SECRET": "mine too"}
    found = local_env.environment(given)
    assert not {"XO_SANDBOX_URL", "XO_ATLASSIAN_AUTH_URL"} & set(found)
    assert not local_env.uses_sandbox(found)


def test_a_command_run_inside_the_stack_sees_the_same_sandbox(tmp_path: Path) -> None:
    outside = local_env.environment({"XO_VAR_DIR": str(tmp_path)})
    assert local_env.environment(outside) == outside


def test_what_the_operator_sets_wins(tmp_path: Path) -> None:
    local_env.ensure(tmp_path)
    found = local_env.environment({"XO_VAR_DIR": str(tmp_path), "XO_SECRET_KEY": "mine"})
    assert found["XO_SECRET_KEY"] == "mine"
