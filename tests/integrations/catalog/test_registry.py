from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from integrations.catalog import registry
from integrations.errors import CatalogInvalid, UnknownOperation, UnknownProvider

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A provider of a test's own, data only."""
    copy = tmp_path / "tracker"
    shutil.copytree(registry.ROOT / "jira", copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def change(path: Path, **values: object) -> None:
    content = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump({**content, **values}))


def test_a_folder_with_data_only_is_a_provider(folder: Path) -> None:
    found = registry.load(folder)
    assert len(found.templates) == 10
    assert "createIssue" in found.operations


def test_every_provider_is_found_by_its_folder() -> None:
    assert "jira" in registry.providers()
    for name, provider in registry.providers().items():
        assert provider.manifest.name == name
        assert all(operation.name == key for key, operation in provider.operations.items())


def test_what_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownProvider, match="nonesuch"):
        registry.provider("nonesuch")
    with pytest.raises(UnknownOperation, match="JIRA has no operation nonesuch"):
        registry.operation("jira", "nonesuch")


def test_every_fault_of_a_file_is_named_with_the_file(folder: Path) -> None:
    change(folder / "manifest.yaml", symbol=5, surprise=True)
    with pytest.raises(CatalogInvalid, match=r"tracker/manifest.yaml.*surprise.*symbol: 5 is not of type 'string'"):
        registry.load(folder)


def test_a_file_that_is_no_yaml_is_named(folder: Path) -> None:
    (folder / "operations" / "get_issue.yaml").write_text("name: [")
    with pytest.raises(CatalogInvalid, match=r"get_issue\.yaml"):
        registry.load(folder)


def test_a_folder_without_manifest_says_so(folder: Path) -> None:
    (folder / "manifest.yaml").unlink()
    with pytest.raises(CatalogInvalid, match="No such file"):
        registry.load(folder)


def test_a_template_without_version_is_refused(folder: Path) -> None:
    change(folder / "templates" / "create_issue.yaml", template={"id": "create-issue", "order": 1})
    with pytest.raises(CatalogInvalid, match="version"):
        registry.load(folder)


def test_addresses_follow_the_settings_at_every_use(settings: LazySettings) -> None:
    manifest = registry.provider("jira").manifest
    settings.XO_ATLASSIAN_AUTH_URL = "https://auth.example/"
    settings.XO_ATLASSIAN_API_URL = "https://api.example"
    assert manifest.authorization.oauth.token_url.url() == "https://auth.example/oauth/token"
    assert manifest.api.site.url(site_id="a/b") == "https://api.example/ex/jira/a%2Fb"
