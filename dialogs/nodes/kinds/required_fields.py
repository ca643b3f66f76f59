# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from dialogs.graph.model import END
from dialogs.nodes import phrases
from dialogs.nodes.asking import AskingNode
from dialogs.nodes.described import Described
from dialogs.nodes.fields import Json, NodeName, declare, read_properties, specs_of
from dialogs.nodes.steps import Call, Fail, GoTo, Proceed

from .entity import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import OperationResult, ScriptResult
    from dialogs.nodes.steps import Step
    from xoplatform.core.templating import Path, Template

#: What the node decides for all of its fields; all else that an entity may have, a description may have.
OWN: Final = frozenset({*specs_of(AskingNode), "requirement", "default", "extraction"})
#: Titles come from elsewhere and may hold anything, so they are put in as data.
QUESTION: Final = ["{{context.field.question}}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredFields(AskingNode):
    """Asks for fields that are only known while the dialog runs, and puts what was said where a request can take it.

    A description is a mapping with ``name`` and ``title``, what an entity may have (``type``, ``choices``, ``pattern``,
    …), ``required``, ``has_default``, ``many`` for a list of values, and ``shape``: JSON in which ``{{value}}`` stands
    for a value. The values are at ``context.<node>.values`` by name. One without a type that can be asked is named.
    """

    kind: ClassVar[str] = "required_fields"

    fields: Template = declare(
        Json(title="Fields", help="A list of descriptions, usually one {{context…}} that holds them.", required=True)
    )
    on_unaskable: str = declare(
        NodeName(
            title="If one cannot be asked",
            help="Where to go on then, the titles at context.<node>.unaskable; “@end” ends the task with words.",
            default=END,
        )
    )

    @property
    def must_ask(self) -> bool:
        return False

    def enter(self, view: View) -> Step:
        given, values = self._given(view), self._values(view)
        if given is None:
            error = f"“fields” of {self.name} is no list of descriptions."
            return Fail(message=phrases.fields_unreadable(self.called_by_people), error=error)
        if not values and (titles := [each.title for about in given if (each := self._described(about)).hinders]):
            return self._hindered(titles)
        field = self._asked(view)
        if field is None:
            return Proceed(changes={self._place: {name: value for name, value in values.items() if value is not None}})
        if (self.prompt_script or self.error_script) and view.value("field") != (about := self._about(field)):
            # A script runs over the context itself.
            return GoTo(target=self.name, changes={("field",): about}, reason="the field for its script")
        return self._own(field, field.entity.enter(self._inside(field, view)), view)

    def answer(self, text: str, view: View) -> Step:
        field = self._asked(view)
        return self._own(field, field.answer(text, self._inside(field, view)), view) if field else self.enter(view)

    def called(self, result: OperationResult, view: View) -> Step:
        field = self._asked(view)
        step = field.entity.called(result, self._inside(field, view)) if field else self.enter(view)
        return self._own(field, step, view) if field else step

    def ran(self, result: ScriptResult, view: View) -> Step:
        field = self._asked(view)
        step = field.entity.ran(result, self._inside(field, view)) if field else self.enter(view)
        return self._own(field, step, view) if field else step

    def assigns(self) -> Iterator[Path]:
        yield self._place
        yield (self.name, "unaskable")
        yield ("field",)

    @property
    def _place(self) -> Path:
        return (self.name, "values")

    def _given(self, view: View) -> list[Mapping[str, Any]] | None:
        """The descriptions; None where that is no list of any."""
        given = self.fields.render(view.variables)
        if given is None:
            return []
        sound = isinstance(given, list) and all(isinstance(each, dict) and each.get("name") for each in given)
        return given if sound else None

    def _described(self, about: Mapping[str, Any]) -> Described:
        return Described.of(about, self._entity)

    def _entity(self, about: Mapping[str, Any]) -> Entity | None:
        """What asks for a field, or None where there is no entity of this description."""
        given = {key: about[key] for key in specs_of(Entity) if key not in OWN and about.get(key) is not None}
        requirement = "mandatory" if about.get("required", True) else "optional"
        # What was said before was not said about a field that nobody knew of.
        always = {"requirement": requirement, "prompts": QUESTION, "extraction": "none"}
        values, wrong = read_properties(Entity, {**given, **always})
        if wrong:
            return None
        asking = {key: value for key in specs_of(AskingNode) if (value := getattr(self, key)) not in (None, ())}
        made = Entity(**{**values, **asking, "name": str(about["name"]), "title": str(about.get("title") or "")})
        return None if any(made.complaints()) else made

    def _values(self, view: View) -> Mapping[str, Any]:
        values = view.value(*map(str, self._place))
        return values if isinstance(values, dict) else {}

    def _asked(self, view: View) -> Described | None:
        """The field whose turn it is: the first without a value. No other is made, for each may have many choices."""
        values = self._values(view)
        fields = (self._described(about) for about in self._given(view) or () if str(about["name"]) not in values)
        return next((field for field in fields if field.to_ask), None)

    def _inside(self, field: Described, view: View) -> View:
        """What the field's own entity sees: the same, but no other entities, and the field to speak about."""
        return replace(view, context={**view.context, "entities": {}, "field": self._about(field)})

    def _about(self, field: Described) -> dict[str, Any]:
        return {"name": field.name, "title": field.title, "choices": field.choices, "question": field.question}

    def _own(self, field: Described, step: Step, view: View) -> Step:
        """A step of the field's entity as this node's own: its value goes beside the others, then the next one."""
        changes = {path: value for path, value in step.changes.items() if path[0] != "entities"}
        if isinstance(step, Proceed):
            value = field.shaped(step.changes.get(("entities", field.name)))
            changes[self._place] = {**self._values(view), field.name: value}
            following = GoTo(target=self.name, changes=changes, reason="the next field")
            return replace(following, replies=step.replies, unfit=step.unfit, decisions=step.decisions)
        if isinstance(step, Call):
            step = replace(step, request=replace(step.request, node=self.name))
        return replace(step, changes=changes)

    def _hindered(self, titles: list[str]) -> Step:
        changes: dict[Path, Any] = {(self.name, "unaskable"): titles}
        if self.on_unaskable != END:
            return GoTo(target=self.on_unaskable, changes=changes, reason="a field cannot be asked")
        error = f"{self.name} cannot ask for {', '.join(titles)}."
        return Fail(message=phrases.cannot_be_asked(titles), changes=changes, error=error)
