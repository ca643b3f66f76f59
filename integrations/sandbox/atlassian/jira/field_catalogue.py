"""The fields an issue can have, as Jira's metadata describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .catalogue import PRIORITIES, RESOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes"


@dataclass(frozen=True)
class Field:
    """A field. `allowed` are its values as the service sends them; those of a cascading choice have `children`."""

    id: str
    name: str
    type: str
    items: str = ""
    custom: str = ""
    allowed: tuple[Json, ...] = ()
    has_default: bool = False

    @property
    def is_custom(self) -> bool:
        return self.id.startswith("customfield_")

    def schema(self) -> Json:
        """The `schema` of the metadata, such as `{"type": "array", "items": "option", "custom": …, "customId": …}`."""
        about: Json = {"type": self.type} | ({"items": self.items} if self.items else {})
        if not self.is_custom:
            return about | {"system": self.id}
        prefix = "" if "." in self.custom else f"{CUSTOM}:"
        return about | {"custom": f"{prefix}{self.custom}", "customId": int(self.id.rpartition("_")[2])}

    def metadata(self, *, required: bool) -> Json:
        """The field as create metadata and transitions describe it."""
        about = {
            "required": required,
            "schema": self.schema(),
            "name": self.name,
            "key": self.id,
            "hasDefaultValue": self.has_default,
            "operations": ["add", "set", "remove"] if self.type == "array" else ["set"],
        }
        return about | ({"allowedValues": list(self.allowed)} if self.allowed else {})


def options(*values: str, first: int) -> tuple[Json, ...]:
    """The values of a custom field, numbered from `first`."""
    return tuple({"value": value, "id": str(number)} for number, value in enumerate(values, start=first))


def _cascade() -> tuple[Json, ...]:
    hardware, software = options("Hardware", "Software", first=10150)
    return (
        hardware | {"children": list(options("Disk", "Network card", first=10160))},
        software | {"children": list(options("Database", "Web server", first=10170))},
    )


FIELDS: Mapping[str, Field] = {
    each.id: each
    for each in (
        Field("summary", "Summary", "string"),
        Field("issuetype", "Issue Type", "issuetype"),
        Field("project", "Project", "project"),
        Field("parent", "Parent", "issuelink"),
        Field("description", "Description", "string"),
        Field("environment", "Environment", "string"),
        Field("labels", "Labels", "array", "string"),
        Field("priority", "Priority", "priority", allowed=tuple(
            {"id": number, "name": name} for number, name in PRIORITIES.items()
        ), has_default=True),
        Field("assignee", "Assignee", "user"),
        Field("reporter", "Reporter", "user", has_default=True),
        Field("duedate", "Due date", "date"),
        Field("attachment", "Attachment", "array", "attachment"),
        Field("resolution", "Resolution", "resolution", allowed=tuple(
            {"id": number, "name": name} for number, name in RESOLUTIONS.items()
        )),
        Field("customfield_10010", "Steps to reproduce", "string", custom="textarea"),
        Field("customfield_10020", "Customer", "string", custom="textfield"),
        Field("customfield_10030", "Severity", "option", custom="select",
              allowed=options("Critical", "Major", "Minor", first=10130)),
        Field("customfield_10031", "Affected services", "array", "option", custom="multicheckboxes",
              allowed=options("Mail", "Login", "Search and archive", first=10140)),
        Field("customfield_10032", "People affected", "number", custom="float"),
        Field("customfield_10033", "Began at", "datetime", custom="datetime"),
        Field("customfield_10034", "On call", "user", custom="userpicker"),
        Field("customfield_10035", "Cause", "option-with-child", custom="cascadingselect", allowed=_cascade()),
        Field("customfield_10036", "Runbook", "string", custom="url"),
        Field("customfield_10040", "Affected asset", "any", custom="com.example.assets:asset-picker"),
    )
}  # fmt: skip
#: On every screen of every project; custom fields only where a project names them.
USUAL = ("summary", "issuetype", "project", "description", "labels", "priority", "assignee", "reporter", "duedate")
EVERYWHERE = frozenset({"customfield_10010", "customfield_10020"})
