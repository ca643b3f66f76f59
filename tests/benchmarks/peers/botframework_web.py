"""Bot Framework for Python behind HTTP, as its documentation shows it: aiohttp, its adapter, activities as JSON.

Without an app id it asks nobody who calls, and with the delivery mode ``expectReplies`` it answers in the response.
"""

from __future__ import annotations

import os

from aiohttp import web
from botbuilder.core import BotFrameworkAdapter, BotFrameworkAdapterSettings
from botbuilder.schema import Activity

from .botframework_bot import BotFramework

adapter = BotFrameworkAdapter(BotFrameworkAdapterSettings("", ""))
bot = BotFramework(os.environ["XO_DATABASE_URL"], os.environ["XO_BENCH_PROVIDER"])


async def messages(request: web.Request) -> web.Response:
    activity = Activity().deserialize(await request.json())
    answer = await adapter.process_activity(activity, request.headers.get("Authorization", ""), bot.on_turn)
    return web.json_response(answer.body, status=answer.status) if answer else web.Response(status=201)


application = web.Application()
application.router.add_post("/api/messages", messages)
