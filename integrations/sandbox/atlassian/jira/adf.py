"""Atlassian Document Format: what Jira takes for rich text, and its plain words."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]


def is_document(value: Any) -> bool:
    """Whether Jira would take this: a `doc` of version 1 whose nodes have types and whose texts are not empty."""
    return (
        isinstance(value, dict)
        and value.get("type") == "doc"
        and value.get("version") == 1
        and isinstance(value.get("content"), list)
        and all(_is_node(each) for each in value["content"])
    )


def plain_text(value: Any) -> str:
    """The words of a document, one line per block."""
    if not isinstance(value, dict):
        return ""
    if value.get("type") == "text":
        return str(value.get("text", ""))
    if value.get("type") == "hardBreak":
        return "\n"
    parts = [plain_text(each) for each in value.get("content", [])]
    inline = value.get("type") in ("paragraph", "heading", "codeBlock")
    return "".join(parts) if inline else "\n".join(part for part in parts if part)


def _is_node(node: Any) -> bool:
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        return False
    if node["type"] == "text":
        return isinstance(node.get("text"), str) and node["text"] != "" and _marks_agree(node)
    return all(_is_node(each) for each in node.get("content", []))


def _marks_agree(node: Node) -> bool:
    """Code may be a link but nothing else besides."""
    kinds = {each.get("type") for each in node.get("marks", [])}
    return "code" not in kinds or kinds <= {"code", "link"}
