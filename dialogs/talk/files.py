"""The files of *Talk to Bot*: taken in, and handed out to the App's members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dialogs.errors import UnknownFile
from dialogs.flows import uploads
from dialogs.web import json_errors
from xoplatform.admin_site import app_page
from xoplatform.models import EndUser, Role

if TYPE_CHECKING:
    import uuid

    from xoplatform.models import App


@app_page("talk/files/", name="app_talk_files", role=Role.DEVELOPER)
@require_POST
@json_errors
def upload(request: HttpRequest, app: App) -> JsonResponse:
    """Keeps the body as a file: ?name=…&type=… in, {"id", "name", "content_type", "size", "url"} out.

    A body of its own rather than a form's part: no more than the limit is read, and nothing of it before the member
    is known.
    """
    content = request.read(uploads.MOST_BYTES + 1)
    name, kind = request.GET.get("name", ""), request.GET.get("type", "")
    row = uploads.keep(app, EndUser.objects.for_staff(app, request.user), SimpleUploadedFile(name, content, kind))
    url = reverse("admin:app_talk_file", args=[app.slug, row.public_id])
    return JsonResponse({**row.reference, "url": url}, status=201)


@app_page("talk/files/<uuid:public_id>/", name="app_talk_file")
@require_GET
def download(request: HttpRequest, app: App, public_id: uuid.UUID) -> HttpResponseBase:
    """A file that somebody sent in a conversation of this App, to be saved, never shown: who knows what it holds."""
    try:
        row, content = uploads.open_file(app, public_id)
    except UnknownFile as error:
        return HttpResponse(error.message, status=error.status, content_type="text/plain; charset=utf-8")
    response = FileResponse(content, as_attachment=True, filename=row.name, content_type=uploads.UNKNOWN_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
