"""Single nodes and transitions of a draft, through the same edit as everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from dialogs.documents.editing import read_ops
from dialogs.flows import drafts
from dialogs.flows.edit import Sent, edit
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import Whole, whole
from xoplatform.rest.reading import checked, sent

from .base import TaskView
from .graph_shapes import NodeSerializer, TransitionSerializer, WaysSerializer

if TYPE_CHECKING:
    from rest_framework.request import Request

    from dialogs.documents.editing import Draft

MESSAGE = OpenApiExample(
    "A message",
    {"name": "thanks", "kind": "message", "title": "Thanks", "properties": {"texts": ["Thank you!"]}},
    request_only=True,
)
WAYS = OpenApiExample(
    "On to the end", {"items": [{"target": "@end", "condition": None, "label": ""}]}, request_only=True
)


class DraftView(TaskView):
    """What nodes and transitions have in common."""

    def draft(self) -> Draft:
        """The draft as it is at one revision. Three queries."""
        return drafts.read_steady(self.task).draft

    def edit(self, ops: list[dict[str, Any]]) -> Draft:
        """Makes operations on the locked task. Raises BadEdit."""
        sent = Sent(ops=read_ops(ops), base=self.task.revision)
        return edit(self.task, sent, self.caller.user).draft

    def checked(self, request: Request, **more: Any) -> dict[str, Any]:
        """The body as a node. Raises ValidationError."""
        body = {**request.data, **more} if isinstance(request.data, dict) else request.data
        return dict(checked(NodeSerializer(data=body)))


def node_in(draft: Draft, name: str) -> dict[str, Any]:
    """Raises NotHere."""
    if name not in draft.nodes:
        raise NotHere(what="node")
    return draft.nodes[name]


def ways_in(draft: Draft, name: str) -> dict[str, Any]:
    """Raises NotHere."""
    node_in(draft, name)
    return {"items": draft.ways.get(name, [])}


class Nodes(DraftView):
    serializer_class = NodeSerializer
    pagination_class = Whole

    @extend_schema(operation_id="list_nodes", responses=NodeSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the nodes of the draft in their order."""
        return whole(list(self.draft().nodes.values()))

    @extend_schema(operation_id="create_node", responses={201: NodeSerializer}, examples=[MESSAGE])
    def post(self, request: Request, **_: Any) -> Response:
        """Adds a node to the draft. Nothing leads to it yet."""
        node = self.checked(request)
        with transaction.atomic():
            self.task = self.lock()
            draft = self.edit([{"op": "add_node", "node": node}])
        return self._created(draft, node["name"])

    def _created(self, draft: Draft, name: str) -> Response:
        address = reverse("api-node", args=[self.app.slug, self.task.pk, name], request=self.request)
        return Response(draft.nodes[name], status=201, headers={"Location": address})


class OneNode(DraftView):
    serializer_class = NodeSerializer
    editable = True

    @extend_schema(operation_id="read_node")
    def get(self, request: Request, name: str, **_: Any) -> Response:
        """Reads one node of the draft."""
        return Response(node_in(self.draft(), name))

    @extend_schema(operation_id="put_node", examples=[MESSAGE])
    def put(self, request: Request, name: str, **_: Any) -> Response:
        """Puts a node in place of this one. With another name it is renamed, and what mentions it follows."""
        wanted = self.checked(request)
        with transaction.atomic():
            self.task = self.lock()
            self.check_match(request, node_in(self.draft(), name))
            ops: list[dict[str, Any]] = [{"op": "set_node", **wanted}]
            if wanted["name"] != name:
                ops.insert(0, {"op": "rename_node", "from": name, "to": wanted["name"]})
            draft = self.edit(ops)
        return Response(draft.nodes[wanted["name"]])

    @extend_schema(operation_id="delete_node", responses={204: None})
    def delete(self, request: Request, name: str, **_: Any) -> Response:
        """Deletes a node, what is inside it, and its transitions; those that led to it stay, not connected."""
        with transaction.atomic():
            self.task = self.lock()
            self.check_match(request, node_in(self.draft(), name))
            self.edit([{"op": "remove_node", "name": name}])
        return Response(status=204)


class NodeWays(DraftView):
    serializer_class = WaysSerializer
    editable = True

    @extend_schema(operation_id="read_node_transitions")
    def get(self, request: Request, name: str, **_: Any) -> Response:
        """Reads where one node leads, in the order in which its transitions are tried."""
        return Response(ways_in(self.draft(), name))

    @extend_schema(operation_id="put_node_transitions", examples=[WAYS])
    def put(self, request: Request, name: str, **_: Any) -> Response:
        """Puts a list of transitions in place of those that a node has."""
        body = sent(request, WaysSerializer)
        ways = [dict(one) for one in body["items"]]
        with transaction.atomic():
            self.task = self.lock()
            self.check_match(request, ways_in(self.draft(), name))
            draft = self.edit([{"op": "set_transitions", "source": name, "transitions": ways}])
        return Response(ways_in(draft, name))


class Transitions(DraftView):
    serializer_class = TransitionSerializer
    pagination_class = Whole

    @extend_schema(operation_id="list_transitions", responses=TransitionSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists all transitions of the draft, those of one node in the order in which they are tried."""
        ways = self.draft().ways
        return whole([{"source": source, **way} for source, found in ways.items() for way in found])
