"""Files that people send: uploaded, then named by a message, given back to those who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from dialogs.flows import uploads
from xoplatform.models import EndUser
from xoplatform.rest.errors import BodyTooLarge, Invalid, NotAllowed, NotHere
from xoplatform.rest.reading import sent

from .chat import A_KEY, ChatView
from .conversation_shapes import BIGGEST_ID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

    from rest_framework.request import Request

    from dialogs.models import Attachment

#: What a form may hold beside the file: names, boundaries, the other fields.
AROUND = 64 * 1024


class FormParser(MultiPartParser):
    """A form of at most one file and what goes with it; a larger one is refused before it is read."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        limit = uploads.MOST_BYTES + AROUND
        if not length.isdecimal() or int(length) > limit:
            raise BodyTooLarge(limit=f"{limit:,}")
        return super().parse(stream, media_type, parser_context)


class AttachmentSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text='Name it in a message\'s `attachments`: `[{"id": …}]`.')
    name = serializers.CharField()
    content_type = serializers.CharField(help_text="As the sender says; nothing here relies on it.")
    size = serializers.IntegerField(help_text="Bytes.")


class NewAttachmentSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(
        allow_empty_file=True,
        help_text="At most 10 MB. It is forgotten after a day unless it is sent.",
    )
    end_user_id = serializers.IntegerField(
        required=False, min_value=1, max_value=BIGGEST_ID, help_text="With a key: whose file it is."
    )


class Attachments(ChatView):
    parser_classes = (FormParser,)
    serializer_class = AttachmentSerializer

    @extend_schema(
        operation_id="upload_attachment",
        request={"multipart/form-data": NewAttachmentSerializer},
        responses={201: AttachmentSerializer},
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Uploads a file that a person sends. Only messages of this person may name it."""
        body = sent(request, NewAttachmentSerializer)
        row = uploads.keep(self.app, self._owner(body), body["file"])
        place = reverse("api-attachment", args=[self.app.slug, row.public_id])
        return Response(row.reference, status=201, headers={"Location": place})

    def _owner(self, wanted: dict[str, Any]) -> EndUser:
        own = self.speaker()
        if own is not None:
            if wanted.get("end_user_id") not in {None, own.pk}:
                raise NotAllowed(who=self.caller.who, needed=f"{A_KEY} to send somebody else's file")
            return own
        if "end_user_id" not in wanted:
            raise Invalid([(("end_user_id",), "Say whose file it is.")])
        person = EndUser.objects.filter(app=self.app, pk=wanted["end_user_id"]).first()
        if person is None:
            raise NotHere(what="end user")
        return person


class OneAttachment(ChatView):
    serializer_class = AttachmentSerializer

    def file(self) -> Attachment:
        """The file that the address names. Raises UnknownFile."""
        return uploads.find(self.app, self.kwargs["attachment"], end_user=self.caller.end_user)

    @extend_schema(operation_id="read_attachment")
    def get(self, request: Request, **_: Any) -> Response:
        """Tells about a file."""
        return Response(self.file().reference)


class AttachmentContent(ChatView):
    serializer_class: Any = None

    @extend_schema(
        operation_id="download_attachment",
        responses={(200, uploads.UNKNOWN_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "What the file holds.")},
    )
    def get(self, request: Request, **_: Any) -> FileResponse:
        """Hands out a file, to be saved and never shown: who knows what it holds."""
        row, content = uploads.open_file(self.app, self.kwargs["attachment"], end_user=self.caller.end_user)
        response = FileResponse(content, as_attachment=True, filename=row.name, content_type=uploads.UNKNOWN_TYPE)
        response["X-Content-Type-Options"] = "nosniff"
        return response
