"""Bot Framework for Python: a waterfall with text prompts, its conversation state in one table.

It ships no storage for SQLite or PostgreSQL, so this is the one its documentation tells to write: read, write, delete.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import Any
from urllib.parse import urlsplit

import jsonpickle
import psycopg
from botbuilder.core import BotAdapter, ConversationState, Storage, TurnContext
from botbuilder.dialogs import DialogSet, DialogTurnStatus, WaterfallDialog, WaterfallStepContext
from botbuilder.dialogs.prompts import PromptOptions, PromptValidatorContext, TextPrompt
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount, ResourceResponse

from tests.benchmarks.dialog import PROJECT_KEY, Provider, create

TABLE = "CREATE TABLE IF NOT EXISTS bot_state (name text PRIMARY KEY, document text NOT NULL)"


class TableStorage(Storage):
    def __init__(self, database_url: str) -> None:
        if database_url.startswith("sqlite"):
            path = urlsplit(database_url).path
            self._connection: Any = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._mark = "?"
        else:
            self._connection, self._mark = psycopg.connect(database_url, autocommit=True), "%s"

    def prepare(self) -> None:
        self._connection.execute(TABLE)

    async def read(self, keys: list[str]) -> dict[str, Any]:
        found = {}
        for key in keys:
            query = f"SELECT document FROM bot_state WHERE name = {self._mark}"
            if row := self._connection.execute(query, (key,)).fetchone():
                found[key] = jsonpickle.Unpickler().restore(json.loads(row[0]))
        return found

    async def write(self, changes: dict[str, Any]) -> None:
        mark = self._mark
        upsert = f"INSERT INTO bot_state VALUES ({mark}, {mark})"
        upsert += " ON CONFLICT (name) DO UPDATE SET document = excluded.document"
        for key, item in changes.items():
            self._connection.execute(upsert, (key, json.dumps(jsonpickle.Pickler().flatten(item))))

    async def delete(self, keys: list[str]) -> None:
        for key in keys:
            self._connection.execute(f"DELETE FROM bot_state WHERE name = {self._mark}", (key,))


class Here(BotAdapter):
    """Hands activities over in-process and keeps what the bot sends."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        self.sent += [activity.text for activity in activities if activity.text]
        return [ResourceResponse() for _ in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None: ...

    async def delete_activity(self, context: TurnContext, reference: Any) -> None: ...


class BotFramework:
    def __init__(self, database_url: str, provider_url: str) -> None:
        self._provider = Provider(provider_url)
        self._storage = TableStorage(database_url)
        self._state = ConversationState(self._storage)
        self._dialogs = DialogSet(self._state.create_property("dialog"))
        self._dialogs.add(TextPrompt("key", _is_key))
        self._dialogs.add(TextPrompt("text"))
        self._dialogs.add(WaterfallDialog("create", [self._project, self._about, self._type, self._create]))
        self._adapter, self._loop = Here(), asyncio.new_event_loop()

    def prepare(self) -> None:
        self._storage.prepare()

    def open(self, conversation: int) -> None:
        """A conversation begins with its first message."""

    def turn(self, conversation: int, text: str) -> str:
        activity = Activity(
            type=ActivityTypes.message,
            text=text,
            channel_id="bench",
            conversation=ConversationAccount(id=str(conversation)),
            from_property=ChannelAccount(id="person"),
            recipient=ChannelAccount(id="bot"),
            service_url="",
        )
        self._adapter.sent = []
        context = TurnContext(self._adapter, activity)
        self._loop.run_until_complete(self._adapter.run_pipeline(context, self.on_turn))
        return "\n".join(self._adapter.sent)

    async def on_turn(self, context: TurnContext) -> None:
        """The bot, as an adapter calls it."""
        dialogs = await self._dialogs.create_context(context)
        result = await dialogs.continue_dialog()
        if result.status == DialogTurnStatus.Empty:
            await dialogs.begin_dialog("create")
        await self._state.save_changes(context)

    async def _project(self, step: WaterfallStepContext) -> Any:
        return await step.prompt("key", _ask("Which project?", "That is not a project key. Which project?"))

    async def _about(self, step: WaterfallStepContext) -> Any:
        step.values["project_key"] = step.result
        return await step.prompt("text", _ask("What is it about?"))

    async def _type(self, step: WaterfallStepContext) -> Any:
        step.values["summary"] = step.result
        return await step.prompt("text", _ask("Which type?"))

    async def _create(self, step: WaterfallStepContext) -> Any:
        reply = create(self._provider, step.values["project_key"], step.values["summary"], step.result)
        await step.context.send_activity(reply)
        return await step.end_dialog()


async def _is_key(prompt: PromptValidatorContext) -> bool:
    return bool(prompt.recognized.succeeded and PROJECT_KEY.match(prompt.recognized.value))


def _ask(question: str, again: str = "") -> PromptOptions:
    message = Activity(type=ActivityTypes.message, text=question)
    retry = Activity(type=ActivityTypes.message, text=again) if again else None
    return PromptOptions(prompt=message, retry_prompt=retry)
