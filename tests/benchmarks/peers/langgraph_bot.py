"""LangGraph with its own SQLite or PostgreSQL saver, its questions asked by `interrupt` as its documentation shows."""

from __future__ import annotations

import os
import sqlite3
from typing import Any, TypedDict
from urllib.parse import urlsplit

from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from tests.benchmarks.dialog import PROJECT_KEY, Provider, create


class Talk(TypedDict, total=False):
    said: str
    project_key: str
    summary: str
    issue_type: str
    reply: str


def ask_project(state: Talk) -> Talk:
    question = "Which project?"
    while not PROJECT_KEY.match(text := interrupt(question)):
        question = "That is not a project key. Which project?"
    return {"project_key": text}


def ask_summary(state: Talk) -> Talk:
    return {"summary": interrupt("What is it about?")}


def ask_type(state: Talk) -> Talk:
    return {"issue_type": interrupt("Which type?")}


class LangGraph:
    """One thread per conversation. Which threads exist is known here, so no query is spent on finding out."""

    def __init__(self, database_url: str, provider_url: str) -> None:
        provider = Provider(provider_url)

        def create_issue(state: Talk) -> Talk:
            return {"reply": create(provider, state["project_key"], state["summary"], state["issue_type"])}

        builder = StateGraph(Talk)
        steps = {"project": ask_project, "about": ask_summary, "type": ask_type, "create": create_issue}
        for name, step in steps.items():
            builder.add_node(name, step)
        for source, target in zip([START, *steps], [*steps, END], strict=True):
            builder.add_edge(source, target)
        self._saver = _saver(database_url)
        self._graph = builder.compile(checkpointer=self._saver)
        self._begun: set[int] = set()

    def prepare(self) -> None:
        self._saver.setup()

    def open(self, conversation: int) -> None:
        """A thread begins with its first message."""

    def turn(self, conversation: int, text: str) -> str:
        config: Any = {"configurable": {"thread_id": str(conversation)}}
        told: Any = Command(resume=text) if conversation in self._begun else {"said": text}
        self._begun.add(conversation)
        result = self._graph.invoke(told, config)
        asked = result.get("__interrupt__")
        return str(asked[0].value if asked else result["reply"])


def _saver(database_url: str) -> Any:
    if database_url.startswith("sqlite"):
        return SqliteSaver(sqlite3.connect(urlsplit(database_url).path, check_same_thread=False))
    options = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    if (at_once := int(os.environ["XO_BENCH_AT_ONCE"])) > 1:  # a pool, as its documentation shows for this
        return PostgresSaver(ConnectionPool(database_url, kwargs=options, min_size=at_once, max_size=at_once))
    return PostgresSaver(Connection.connect(database_url, **options))
