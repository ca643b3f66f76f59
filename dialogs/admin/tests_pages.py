"""*Tests*: the list, one test with what it expects and what it got, and running them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dialogs.engine.context import clean_text
from dialogs.errors import TakenTestName
from dialogs.flows.testing import change_test, run, run_all
from dialogs.models import DialogTest, Node
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import Role

from .test_form import TurnForm, filled, shown, turns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from xoplatform.models import App

TONES = {DialogTest.Status.NEVER: "off", DialogTest.Status.PASSED: "ok", DialogTest.Status.FAILED: "error"}


def _needs_developer(request: HttpRequest, app: App) -> None:
    role = app.role_of(request.user)
    if role is None or not role.covers(Role.DEVELOPER):
        raise PermissionDenied("Running and changing tests needs the role Developer. Ask an owner of the App.")


def _tests(app: App) -> QuerySet[DialogTest]:
    rows = DialogTest.objects.filter(app=app).select_related("task").order_by("name")
    return rows.defer("task__template_document")


@app_page("dialogs/tests/", name="app_tests")
@require_http_methods(["GET", "POST"])
def tests(request: HttpRequest, app: App) -> HttpResponse:
    """The list; a POST runs all of them."""
    if request.method == "POST":
        _needs_developer(request, app)
        outcomes = run_all(app)
        failed = sum(not outcome.passed for outcome in outcomes)
        if failed:
            messages.warning(request, f"{failed} of {len(outcomes)} tests failed.")
        else:
            messages.success(request, f"All {len(outcomes)} tests passed.")
        return redirect("admin:app_tests", app.slug)
    rows = [{"test": row, "tone": TONES[DialogTest.Status(row.status)]} for row in _tests(app).defer("turns", "result")]
    return render(request, "dialogs/tests/tests.html", page_context(request, app, "Tests", rows=rows))


@app_page("dialogs/tests/<int:pk>/", name="app_test")
@require_http_methods(["GET", "POST"])
def test(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """One test. A POST saves it, and runs it or adds a turn if that was pressed."""
    row = _test(app, pk)
    forms = shown(row.turns)
    if request.method == "POST":
        _needs_developer(request, app)
        forms = filled(request.POST)
        if _saved(request, row, forms):
            if request.POST.get("press") == "run":
                _told(request, row)
            return redirect("admin:app_test", app.slug, row.pk)
    return render(request, "dialogs/tests/test.html", page_context(request, app, row.name, **_context(row, forms)))


def _test(app: App, pk: int) -> DialogTest:
    row = _tests(app).select_related("app", "created_by").filter(pk=pk).first()
    if row is None:
        raise Http404("No such test.")
    return row


def _context(row: DialogTest, forms: Sequence[TurnForm]) -> dict[str, Any]:
    nodes = Node.objects.filter(task__app_id=row.app_id)
    names = nodes.filter(task_id=row.task_id) if row.task_id else nodes
    found = (row.result or {}).get("turns", [])
    by_turn = [{"form": form, "found": found[form.number] if form.number < len(found) else None} for form in forms]
    return {
        "test": row,
        "tone": TONES[DialogTest.Status(row.status)],
        "turns": by_turn,
        "count": max((form.number for form in forms), default=-1) + 1,
        "nodes": list(names.values_list("name", flat=True).distinct().order_by("name")),
        "error": (row.result or {}).get("error"),
        "matches": [("equals", "is"), ("contains", "contains"), ("any", "is anything")],
    }


def _saved(request: HttpRequest, row: DialogTest, forms: list[TurnForm]) -> bool:
    """Whether the form could be stored; the reasons are in the forms or in a message where it could not."""
    if request.POST.get("press") == "add":
        forms.append(TurnForm(number=max((form.number for form in forms), default=-1) + 1, any_replies=True))
    turns = turns_of(forms, row.turns)
    if turns is None:
        messages.error(request, "Nothing was saved: see what is wrong below.")
        return False
    name = clean_text(request.POST.get("name", "")).strip()[:200] or row.name
    try:
        change_test(row, name=name, turns=turns)
    except TakenTestName as error:
        messages.error(request, error.message)
        return False
    return True


def _told(request: HttpRequest, row: DialogTest) -> None:
    outcome = run(row)
    if outcome.passed:
        messages.success(request, f"“{row.name}” passed in {outcome.duration_ms} ms.")
    else:
        messages.warning(request, f"“{row.name}” failed. {outcome.first}")


@app_page("dialogs/tests/<int:pk>/delete/", name="app_test_delete", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """Asks, then deletes one test."""
    row = _test(app, pk)
    if request.method == "POST":
        row.delete()
        messages.success(request, f"The test “{row.name}” is deleted.")
        return redirect("admin:app_tests", app.slug)
    return render(request, "dialogs/tests/delete.html", page_context(request, app, "Delete a test", test=row))
