"""What goes in and out where conversations are held. The answers' classes are their documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from dialogs.engine.turns import MOST_CHARACTERS
from dialogs.flows import replies
from dialogs.flows.attachments import LONGEST, MOST_FILES
from dialogs.models import Conversation
from xoplatform.models import EndUser
from xoplatform.rest.strict import StrictSerializer

if TYPE_CHECKING:
    from datetime import datetime

    from dialogs.flows.accept import Taken
    from dialogs.flows.perform import Answer
    from dialogs.models import Turn

#: A sender's own id of a message: it stands in addresses, so it is what can stand there and be told from a path.
MESSAGE_ID: Final = r"^(?!\.{1,2}$)[\x21-\x7e]{1,100}$"
IS_MESSAGE_ID: Final = re.compile(MESSAGE_ID[1:-1]).fullmatch
#: The fields of most messages.
PLAIN: Final = frozenset({"text", "client_message_id"})
#: The channel of a conversation that says nothing else.
CHANNEL: Final = "api"
MESSAGE_STATES: Final = ("working", "answered", "refused")
BIGGEST_ID: Final = 10**18
WORKING: Final = "Taken, and not answered yet: ask at `Location`. It is answered whether or not you do."
PREFER: Final = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description="`wait=20`: how many seconds to wait for the answer, 10 unless said, 60 at most. `respond-async`: not "
    "at all (RFC 7240).",
)


class ReplyTapSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(help_text="What the person sees.")
    value = serializers.CharField(help_text="What to send as `text` when it is chosen.")


class ReplyButtonSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    value = serializers.CharField(required=False, help_text="What to send as `text` when it is pressed.")
    url = serializers.CharField(required=False, help_text="Or what to open.")


class AuthorizationRequiredSerializer(serializers.Serializer[Any]):
    provider = serializers.CharField(help_text="Which action waits, such as `jira`.")
    url = serializers.CharField(
        allow_null=True,
        help_text="The page where the person authorizes: for them alone, and once. Null when it cannot be used any "
        "more, or you do not talk for the person.",
    )
    expires_at = serializers.DateTimeField()
    code_needed = serializers.BooleanField(
        help_text="Whether the page shows a code that the person must send as their next message."
    )


class FormLinkSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_null=True, help_text="The form's page; null as above.")
    expires_at = serializers.DateTimeField()


class AgentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)


class ReplySerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        choices=[(kind, kind) for kind in replies.KINDS], help_text="Which of the parts is filled."
    )
    text = serializers.CharField(allow_blank=True, help_text="Fit for channels that show nothing else.")
    quick_replies = ReplyTapSerializer(many=True)
    buttons = ReplyButtonSerializer(many=True)
    data = serializers.DictField(  # type: ignore[assignment]  # a field of this name, as DRF allows
        allow_null=True, help_text="What the dialog's author gave, such as a card."
    )
    authorization_required = AuthorizationRequiredSerializer(allow_null=True)
    form = FormLinkSerializer(allow_null=True)
    agent = AgentSerializer(allow_null=True, help_text="The person at the agent desk who wrote this.")


class RefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class MessageSerializer(serializers.Serializer[Any]):
    """A message of a person, and what became of it."""

    state = serializers.ChoiceField(
        choices=MESSAGE_STATES,
        help_text="`working`: taken, and not answered yet. `refused`: it will not be answered; `error` says why.",
    )
    conversation = serializers.UUIDField()
    conversation_status = serializers.ChoiceField(choices=Conversation.Status.choices)
    client_message_id = serializers.CharField(help_text="The sender's id of it; ours where the sender gave none.")
    number = serializers.IntegerField(allow_null=True, help_text="The turn that answered it; null until then.")
    replies = ReplySerializer(many=True)
    error = RefusalSerializer(allow_null=True)


class TurnSerializer(serializers.Serializer[Any]):
    """What was said, and what was answered."""

    number = serializers.IntegerField(help_text="Goes up within a conversation; not every number need be there.")
    client_message_id = serializers.CharField(allow_null=True)
    text = serializers.CharField(
        allow_blank=True,
        help_text="As it may be kept: sensitive values are hidden. Empty where the conversation went on by itself.",
    )
    replies = ReplySerializer(many=True)
    created_at = serializers.DateTimeField()


class TurnPageSerializer(serializers.Serializer[Any]):
    items = TurnSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="What came after this page.")
    previous = serializers.URLField(allow_null=True, help_text="What came before it.")


class ConversationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    end_user_id = serializers.IntegerField()
    external_id = serializers.CharField(help_text="The channel's id of the person.")
    channel = serializers.CharField()
    draft = serializers.BooleanField(help_text="Whether drafts run instead of what is published.")
    task = serializers.IntegerField(allow_null=True, help_text="The one dialog task that is open in it; null: all.")
    status = serializers.ChoiceField(
        choices=Conversation.Status.choices,
        help_text="`waiting`: for an authorization. `awaiting`: for a form, a webhook or an agent.",
    )
    last_number = serializers.IntegerField(help_text="The number of its last turn; 0 before the first.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class OpenedConversationSerializer(ConversationSerializer):
    message = MessageSerializer(allow_null=True, help_text="The first message, where one was sent.")


class PersonSerializer(StrictSerializer, serializers.ModelSerializer[EndUser]):
    """A person, found by `external_id` or added; what is not sent stays as it is."""

    external_id = serializers.CharField(max_length=200, trim_whitespace=False)

    class Meta:
        model = EndUser
        fields = ["external_id", "email", "name", "locale", "time_zone"]


class SentAttachmentSerializer(StrictSerializer):
    """A file: the `id` of one that was uploaded here, or where the channel has it."""

    id = serializers.CharField(required=False, max_length=LONGEST["id"])
    name = serializers.CharField(required=False, max_length=LONGEST["name"])
    content_type = serializers.CharField(required=False, max_length=LONGEST["content_type"])
    size = serializers.IntegerField(required=False, min_value=0, help_text="Bytes.")
    url = serializers.CharField(required=False, max_length=LONGEST["url"])


class NewMessageSerializer(StrictSerializer):
    text = serializers.CharField(
        max_length=MOST_CHARACTERS,
        allow_blank=True,
        trim_whitespace=False,
        default="",
        help_text="May be empty where there are attachments.",
    )
    client_message_id = serializers.RegexField(
        MESSAGE_ID,
        required=False,
        allow_null=True,
        trim_whitespace=False,
        help_text="Your id of this message, printable ASCII. Delivered again under it, it is answered once.",
    )
    attachments = SentAttachmentSerializer(many=True, required=False)
    person_signed_in = serializers.BooleanField(
        default=False,
        help_text="Your channel has signed this person in, so that a link asks for no code. Only with a key.",
    )

    def validate_attachments(self, value: list[Any]) -> list[Any]:
        if len(value) > MOST_FILES:
            raise serializers.ValidationError(f"Send at most {MOST_FILES} files.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not self.partial and not attrs["text"].strip() and not attrs.get("attachments"):
            raise serializers.ValidationError({"text": "Say something, or attach a file."})
        return attrs


def plain_message(data: Any) -> dict[str, Any] | None:
    """What `NewMessageSerializer` makes of the message that most are: a text, with an id or without.

    None for all others, and for what it would refuse. Read by hand, since DRF takes as long for it as a turn does.
    """
    if not isinstance(data, dict) or not data.keys() <= PLAIN:
        return None
    text, message_id = data.get("text"), data.get("client_message_id")
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_CHARACTERS or "\0" in text:
        return None
    if message_id is not None and not (isinstance(message_id, str) and IS_MESSAGE_ID(message_id)):
        return None
    return {"text": text, "client_message_id": message_id, "person_signed_in": False}


class NewConversationSerializer(NewMessageSerializer):
    end_user = PersonSerializer(required=False)
    end_user_id = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST_ID)
    channel = serializers.RegexField(
        r"^[A-Za-z0-9._-]{1,40}$", default=CHANNEL, help_text="Where it is held, such as `web`; to find it by."
    )
    draft = serializers.BooleanField(default=False, help_text="Run drafts. Needs the scope `configuration`, too.")
    task = serializers.IntegerField(
        required=False, min_value=1, max_value=BIGGEST_ID, help_text="Only this dialog task; with `draft` alone."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "task" in attrs and not attrs["draft"]:
            raise serializers.ValidationError({"task": "One task alone can be tried as a draft: send draft as true."})
        if "end_user" in attrs and "end_user_id" in attrs:
            raise serializers.ValidationError({"end_user": "Give end_user or end_user_id, not both."})
        return attrs


def conversation_json(row: Conversation) -> dict[str, Any]:
    """As `ConversationSerializer` describes it."""
    return {
        "id": str(row.public_id),
        "end_user_id": row.end_user_id,
        "external_id": row.end_user.external_id,
        "channel": row.channel,
        "draft": row.draft,
        "task": row.focus_id,
        "status": row.status,
        "last_number": row.revision,
        "created_at": row.created_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
    }


def turn_json(turn: Turn, now: datetime, *, addresses: bool) -> dict[str, Any]:
    """As `TurnSerializer` describes it."""
    return {
        "number": turn.number,
        "client_message_id": turn.client_message_id,
        "text": turn.text,
        "replies": replies.shown(turn.replies, now, addresses=addresses),
        "created_at": turn.created_at.isoformat(),
    }


def working_json(taken: Taken) -> dict[str, Any]:
    """As `MessageSerializer` describes a message that is not answered yet."""
    return {
        "state": "working",
        "conversation": str(taken.conversation),
        "conversation_status": taken.status,
        "client_message_id": taken.client_message_id,
        "number": None,
        "replies": [],
        "error": None,
    }


def refused_json(taken: Taken, error: dict[str, str]) -> dict[str, Any]:
    """As `MessageSerializer` describes a message that will not be answered."""
    return working_json(taken) | {"state": "refused", "error": error}


def answered_json(answer: Answer, *, addresses: bool) -> dict[str, Any]:
    """As `MessageSerializer` describes a message that is answered."""
    return {
        "state": "answered",
        "conversation": str(answer.conversation),
        "conversation_status": answer.status,
        "client_message_id": answer.client_message_id,
        "number": answer.number,
        "replies": replies.shown(answer.replies, timezone.now(), addresses=addresses),
        "error": None,
    }
