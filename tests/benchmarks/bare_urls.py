from __future__ import annotations

import json
import os
from functools import cache

from django.http import HttpRequest, JsonResponse
from django.urls import path

from .bare import BareDjango


@cache
def subject() -> BareDjango:
    return BareDjango(os.environ["XO_BENCH_PROVIDER"])


def turn(request: HttpRequest) -> JsonResponse:
    body = json.loads(request.body)
    return JsonResponse({"reply": subject().turn(body["conversation"], body["text"])})


urlpatterns = [path("turn/", turn)]
