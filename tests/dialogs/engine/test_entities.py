"""Entities in a conversation: how they are asked, found in earlier words, confirmed, looked up."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.engine import OperationRequest, OperationResult, problems_of
from dialogs.nodes.person import Person as Reader
from tests.dialogs.engine.stand_ins import Chat, Person, Provider, answered
from tests.dialogs.engine.tasks import Document, arrow, criterion, line, node, task

TYPES: list[Any] = [{"value": "Bug", "synonyms": ["defect"]}, "Task", "Story"]
KEY = {"pattern": "[A-Za-z][A-Za-z0-9_]{1,49}", "letter_case": "upper", "cues": ["in", "project"]}


def asking(*entities: Document, said: str = "Done.") -> Document:
    nodes = [*entities, node("said", "message", texts=[said])]
    utterances = ["create an issue", "report a bug", "new task in jira"]
    return task("create", "Create", utterances, nodes, line("create", *(each["name"] for each in nodes)))


def entity(name: str, **properties: Any) -> Document:
    return node(name, "entity", **{"prompts": [f"{name}?"], **properties})


def bug_report(**summary: Any) -> Document:
    return asking(
        entity("project", **KEY),
        entity("kind", type="list", choices=TYPES),
        entity("summary", max_length=255, **summary),
        said="{{context.entities.kind}} in {{context.entities.project}}: {{context.entities.summary}}",
    )


class TestEarlierWords:
    def test_one_sentence_fills_three_entities(self) -> None:
        chat = Chat(bug_report())
        assert chat.say("create a bug in DEMO: printer on fire") == ["Bug in DEMO: printer on fire"]
        assert chat.steps["project"]["decisions"] == ["“DEMO” was taken from earlier words."]

    @pytest.mark.parametrize(
        ("said", "values"),
        [
            ("report a bug in demo called printer on fire", "Bug in DEMO: printer on fire"),
            ("create a story, project OPS, summary: new door", "Story in OPS: new door"),
            ('create a task "fix the door" in OPS', "Task in OPS: fix the door"),
        ],
    )
    def test_a_value_is_where_the_words_say_so(self, said: str, values: str) -> None:
        assert Chat(bug_report()).say(said) == [values]

    @pytest.mark.parametrize(
        ("kind", "said", "value"),
        [
            (
                "period",
                "create an issue from 3 May to 10 May 2027, please",
                '{"from": "2027-05-03", "to": "2027-05-10"}',
            ),
            ("period", "create an issue for next week", '{"from": "2026-11-30", "to": "2026-12-06"}'),
            ("date", "create an issue that is due tomorrow or so", "2026-11-24"),
            ("date_time", "create an issue for tomorrow at 3 pm", "2026-11-24T15:00+00:00"),
            ("time", "create an issue at 14:30", "14:30"),
            ("email", "create an issue for ann@example.com.", "ann@example.com"),
            ("url", "create an issue about https://example.com/x.", "https://example.com/x"),
            ("phone", "create an issue and call +49 30 901820", "+4930901820"),
            ("country", "create an issue about Germany", "DE"),
            ("colour", "create an issue about a dark blue door", "#00008b"),
            ("currency", "create an issue about 25 EUR", '{"amount": 25, "currency": "EUR"}'),
            ("quantity", "create an issue about 5 kg of sand", '{"amount": 5, "unit": "kilogram", "kind": "mass"}'),
            ("percentage", "create an issue about 25 % of it", "0.25"),
        ],
    )
    def test_a_type_that_is_sure_finds_its_value_in_a_sentence(self, kind: str, said: str, value: str) -> None:
        chat = Chat(asking(entity("it", type=kind), said="{{context.entities.it}}"))
        assert chat.say(said) == [value]

    def test_plain_words_are_never_guessed_to_be_a_text(self) -> None:
        assert Chat(bug_report()).say("create a bug in DEMO printer on fire") == ["summary?"]

    def test_the_words_of_the_request_itself_are_no_values(self) -> None:
        chat = Chat(bug_report())
        assert chat.say("new task in jira") == ["project?"]

    def test_two_values_are_none(self) -> None:
        chat = Chat(bug_report())
        assert chat.say("create a bug or task in DEMO") == ["kind?"]

    def test_a_value_can_come_with_the_answer_to_another_question(self) -> None:
        chat = Chat(bug_report())
        chat.say("create an issue")
        assert chat.say("in DEMO, and it is a bug") == ["summary?"]
        assert chat.state.context["entities"] == {"project": "DEMO", "kind": "Bug"}

    def test_an_entity_can_keep_its_answer_to_itself(self) -> None:
        chat = Chat(asking(entity("project", keep_for_itself=True, **KEY), entity("kind", type="list", choices=TYPES)))
        chat.say("create an issue")
        assert chat.say("in DEMO, and it is a bug") == ["kind?"]

    def test_used_words_are_looked_at_again_only_where_the_entity_says_so(self) -> None:
        first, second = (entity(name, type="number") for name in ("width", "height"))
        assert Chat(asking(first, second)).say("create an issue with 5") == ["height?"]
        second["properties"]["extraction"] = "all"
        assert Chat(asking(first, second)).say("create an issue with 5") == ["Done."]

    def test_an_entity_can_ignore_what_was_said(self) -> None:
        chat = Chat(asking(entity("kind", type="list", choices=TYPES, extraction="none")))
        assert chat.say("report a bug") == ["kind?"]

    def test_only_the_latest_message_may_count(self) -> None:
        late = entity("kind", type="list", choices=TYPES, latest_only=True)
        chat = Chat(asking(entity("note"), late))
        chat.say("report a bug")
        assert chat.say("hello") == ["kind?"]
        assert Chat(asking(late)).say("report a bug") == ["Done."]

    def test_a_hidden_entity_takes_earlier_words_or_its_default(self) -> None:
        hidden = entity("kind", type="list", choices=TYPES, requirement="hidden", default="Task")
        document = asking(hidden, said="{{context.entities.kind}}")
        assert Chat(document).say("report a bug") == ["Bug"]
        assert Chat(document).say("create an issue") == ["Task"]

    def test_what_was_taken_can_be_confirmed(self) -> None:
        chat = Chat(asking(entity("kind", type="list", choices=TYPES, confirm_value="extracted")))
        assert chat.say("report a bug") == ["Kind: Bug. Is that right?"]
        assert chat.say("no, story") == ["Done."]


class TestConfirming:
    def chat(self) -> Chat:
        chat = Chat(asking(entity("project", **KEY, confirm_value="always"), said="{{context.entities.project}}"))
        chat.say("create an issue")
        assert chat.say("demo") == ["Project: DEMO. Is that right?"]
        return chat

    def test_yes_takes_the_value(self) -> None:
        assert self.chat().say("yes") == ["DEMO"]

    def test_no_asks_again(self) -> None:
        chat = self.chat()
        assert chat.say("no") == ["Then I did not take it. project?"]
        chat.say("ops")
        assert chat.say("yes") == ["OPS"]

    def test_another_value_is_confirmed_in_its_turn(self) -> None:
        chat = self.chat()
        assert chat.say("no, OPS") == ["Project: OPS. Is that right?"]
        assert chat.say("yep") == ["OPS"]

    def test_an_unclear_answer_is_asked_again(self) -> None:
        assert self.chat().say("hmm, what?!")[0].endswith("Project: DEMO. Is that right?")


class TestAsking:
    def test_a_script_can_word_the_question_and_the_complaint(self) -> None:
        words = {"prompt_script": "print('Size in ' + 'cm?')", "error_script": "print('A number, please.')"}
        chat = Chat(asking(node("size", "entity", type="number", **words)))
        assert chat.say("create an issue") == ["Size in cm?"]
        assert chat.say("big") == ["A number, please."]
        assert chat.state.retries == 1
        assert chat.say("5") == ["Done."]

    def test_where_the_script_fails_the_prompt_is_asked_and_the_trace_says_why(self) -> None:
        chat = Chat(asking(entity("size", type="number", prompt_script="nowhere.x")))
        assert chat.say("create an issue") == ["size?"]
        assert "did not help" in chat.steps["size"]["decisions"][0]

    def test_prompts_quick_replies_and_buttons_are_in_the_persons_language(self) -> None:
        size = entity(
            "size",
            type="number",
            prompts={"en": ["How big?"], "de": ["Wie groß?"]},
            quick_replies={"en": ["small"], "de": [{"title": "klein", "value": "1"}]},
            buttons=[{"title": "Help", "url": "https://x/{{context.intent}}"}, {"title": "5"}],
        )
        chat = Chat(asking(size))
        chat.speaks(Reader(locale="de-CH"))
        assert chat.say("create an issue") == ["Wie groß?"]
        reply = chat.turn.replies[0]
        assert reply.quick_replies == (("klein", "1"),)
        assert reply.data == {"buttons": [{"title": "Help", "url": "https://x/create"}, {"title": "5", "value": "5"}]}

    def test_a_period_is_asked_for_its_end(self) -> None:
        when = entity("when", type="period", end_prompts=["Until when?"])
        chat = Chat(asking(when, said="{{context.entities.when.from}} {{context.entities.when.to}}"))
        chat.say("create an issue")
        assert chat.say("tomorrow") == ["Until when?"]
        assert chat.say("whenever")[0].startswith("“whenever” is not the last day.")
        assert chat.say("for 3 days") == ["2026-11-24 2026-11-26"]

    def test_a_date_is_that_of_the_persons_clock(self) -> None:
        chat = Chat(asking(entity("day", type="date"), said="{{context.entities.day}}"))
        chat.speaks(Reader(time_zone="Pacific/Kiritimati"))
        chat.say("create an issue")
        chat.person.clock.time = chat.person.clock.time.replace(hour=20)
        assert chat.say("today") == ["2026-11-24"]

    def test_a_long_list_is_offered_in_pages(self) -> None:
        letters = [f"Item {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
        chat = Chat(asking(entity("item", type="list", choices=letters), said="{{context.entities.item}}"))
        first = chat.say("create an issue")[0]
        assert "1) Item A" in first
        assert "10) Item J" in first
        assert chat.turn.replies[0].quick_replies[-1] == ("More", "more")
        assert "11) Item K" in chat.say("more")[0]
        assert "26) Item Z" in chat.say("more")[0]
        assert chat.turn.replies[0].quick_replies[-1] == ("Item Z", "Item Z")
        assert "1) Item A" in chat.say("more")[0]
        assert chat.state.retries == 0
        assert chat.say("12") == ["Item L"]

    def test_where_a_precondition_does_not_hold_the_entity_is_passed_over(self) -> None:
        only = {"match": "all", "criteria": [criterion("entity", "kind", "equals", "Bug")]}
        document = asking(entity("kind", type="list", choices=TYPES), entity("version", precondition=only))
        chat = Chat(document)
        chat.say("create an issue")
        assert chat.say("story") == ["Done."]
        chat.say("create an issue")
        assert chat.say("bug") == ["version?"]

    def test_words_are_taken_off_and_digits_are_counted(self) -> None:
        pin = entity("pin", type="number", digits_only=True, keep_as_text=True, least_digits=4, most_digits=4)
        name = entity("name", strip_words=["it is", "please"])
        chat = Chat(asking(name, pin, said="{{context.entities.name}} {{context.entities.pin}}"))
        chat.say("create an issue")
        chat.say("It is the big door, please")
        assert chat.say("12-3")[0].startswith("That has 3 digits; it must have 4.")
        assert chat.say("it's 00 12!") == ["the big door 0012"]


PROJECTS: list[dict[str, Any]] = [
    {"key": "DEMO", "name": "Demonstration", "lead": {"nick": "dee"}},
    {"key": "OPS", "name": "Operations"},
    {"key": "WEB", "name": "Web site"},
]
LOOKUP = {
    "provider": "jira",
    "operation": "searchProjects",
    "items": "values",
    "value": "key",
    "title": "name",
    "synonyms": ["key", "lead.nick"],
}


def all_projects(request: OperationRequest) -> OperationResult:
    typed = str(request.parameters.get("query", "")).casefold()
    found = [one for one in PROJECTS if typed in str(one["name"]).casefold() or typed in str(one["key"]).casefold()]
    return answered(200, {"values": found})


class Looking:
    """A conversation with an entity that looks projects up; ``by_input`` searches for what was typed."""

    def __init__(self, *, by_input: bool = False, answer: Any = all_projects, **properties: Any) -> None:
        lookup: dict[str, Any] = dict(LOOKUP)
        if by_input:
            lookup["parameters"] = {"query": "{{context.inputData.input}}"}
        project = entity("project", type="list", lookup=lookup, **properties)
        self.provider = Provider({"searchProjects": answer})
        self.chat = Chat(asking(project, said="{{context.entities.project}}"), provider=self.provider)

    def say(self, text: str) -> list[str]:
        return self.chat.say(text)

    @property
    def asked(self) -> list[Any]:
        return [dict(request.parameters) for request in self.provider.requests]


class TestLookups:
    def test_the_items_are_offered_and_one_is_chosen_without_another_call(self) -> None:
        looking = Looking()
        assert looking.say("create an issue") == ["project?\n1) Demonstration\n2) Operations\n3) Web site"]
        assert looking.chat.turn.replies[0].quick_replies[0][0] == "Demonstration"
        assert looking.say("operations") == ["OPS"]
        assert looking.asked == [{}]

    @pytest.mark.parametrize("text", ["2", "ops", "the second one", "Operations please"])
    def test_an_item_is_known_by_number_title_value_and_synonyms(self, text: str) -> None:
        looking = Looking()
        looking.say("create an issue")
        assert looking.say(text) == ["OPS"]

    def test_an_item_is_found_in_earlier_words(self) -> None:
        assert Looking().say("create an issue in DEMO") == ["DEMO"]

    def test_what_is_no_item_is_asked_again_with_the_items(self) -> None:
        looking = Looking()
        looking.say("create an issue")
        assert looking.say("weather")[0].startswith("“weather” is none of the choices. project?\n1) Demonstration")

    def test_what_was_typed_is_searched_for_and_one_result_is_taken(self) -> None:
        looking = Looking(by_input=True)
        assert looking.say("create an issue") == ["project?"]
        assert looking.say("demonstr") == ["DEMO"]
        assert looking.asked == [{"query": "demonstr"}]

    def test_several_results_are_asked_about(self) -> None:
        looking = Looking(by_input=True)
        looking.say("create an issue")
        assert looking.say("e") == ["Which one do you mean?\n1) Demonstration\n2) Operations\n3) Web site"]
        assert looking.say("3") == ["WEB"]
        assert len(looking.asked) == 1

    def test_a_near_miss_is_asked_about_and_confirmed_without_another_call(self) -> None:
        looking = Looking()
        looking.say("create an issue")
        assert looking.say("operatons") == ["Did you mean “Operations”?"]
        assert looking.say("yes") == ["OPS"]
        assert len(looking.asked) == 1

    def test_another_search_may_follow_a_question(self) -> None:
        looking = Looking(by_input=True)
        looking.say("create an issue")
        looking.say("e")
        assert looking.say("operat") == ["OPS"]

    def test_no_result_is_said_and_asked_again(self) -> None:
        looking = Looking(by_input=True)
        looking.say("create an issue")
        assert looking.say("zebra") == ["I found nothing for “zebra”. project?"]
        assert looking.chat.state.retries == 1

    def test_a_name_behind_a_cue_ends_where_the_next_one_begins(self) -> None:
        looking = Looking(by_input=True, cues=["in"])
        assert looking.say("create an issue in operat called fix it") == ["OPS"]

    def test_earlier_words_behind_a_cue_are_searched_for(self) -> None:
        looking = Looking(by_input=True, cues=["in"])
        assert looking.say("create an issue in operat please") == ["OPS"]
        assert looking.asked == [{"query": "operat"}]

    def test_a_failure_is_said_and_the_words_are_taken_as_they_are(self) -> None:
        looking = Looking(answer=OperationResult("unreachable", message="Jira could not be reached."))
        first = looking.say("create an issue")
        assert first == [
            "I could not look up what there is for “project” just now. Jira could not be reached. project?"
        ]
        assert looking.say("OPS") == ["OPS"]

    def test_a_failure_of_a_search_is_said_with_what_was_taken(self) -> None:
        looking = Looking(by_input=True, answer=answered(500, {}))
        looking.say("create an issue")
        notice, value = looking.say("OPS")
        assert "I take “OPS” as you wrote it" in notice
        assert value == "OPS"

    def test_it_waits_for_an_authorization_and_goes_on_with_what_was_typed(self) -> None:
        person = Person()
        lookup = {**LOOKUP, "parameters": {"query": "{{context.inputData.input}}"}}
        document = asking(entity("project", type="list", lookup=lookup), said="{{context.entities.project}}")
        provider = Provider(
            {"searchProjects": lambda r: all_projects(r) if not person.state.message else person.call(r)}
        )
        chat = Chat(document, provider=provider, person=person)
        chat.say("create an issue")
        assert "https://x/jira/1" in chat.say("operat")[0]
        assert chat.state.waiting == "authorization"
        person.authorized()
        assert chat.resume() == ["OPS"]

    def test_many_items_are_kept_short_and_looked_up_again_when_needed(self) -> None:
        many = [{"key": f"P{number}", "name": f"Project {number} {'x' * 80}"} for number in range(300)]
        looking = Looking(answer=answered(200, {"values": many}))
        looking.say("create an issue")
        assert len(str(looking.chat.stored)) < 6000
        assert looking.say("p250") == ["P250"]
        assert len(looking.asked) == 2

    def test_items_of_one_title_are_told_apart(self) -> None:
        twins = [{"key": "A", "name": "Twin"}, {"key": "B", "name": "Twin"}]
        looking = Looking(answer=answered(200, {"values": twins}))
        assert looking.say("create an issue") == ["project?\n1) Twin (A)\n2) Twin (B)"]
        assert looking.say("twin (b)") == ["B"]

    @pytest.mark.parametrize("body", [None, [], {"values": {}}, {"values": [None, 1, {"key": None}]}, "x"])
    def test_an_answer_without_items_leads_to_words_not_to_a_fault(self, body: Any) -> None:
        looking = Looking(answer=answered(200, body))
        assert looking.say("create an issue")


def test_a_list_can_come_from_the_context() -> None:
    items = node("fill", "script", code="context.found = [{id: 7, label: 'Red door'}, {id: 8, label: 'Blue door'}]")
    door = entity("door", type="list", choices_from={"path": "context.found", "value": "id", "title": "label"})
    nodes = [items, door, node("said", "message", texts=["{{context.entities.door}}"])]
    chat = Chat(task("t", "T", ["go"], nodes, [*line("t", "fill", "door", "said"), arrow("said", "@end")]))
    assert chat.say("go") == ["door?\n1) Red door\n2) Blue door"]
    assert chat.say("blue") == ["Did you mean “Blue door”?"]
    assert chat.say("yes") == ["8"]


def test_a_lookup_is_checked_when_it_is_written() -> None:
    document = asking(entity("project", type="list", lookup={**LOOKUP, "operation": "no"}))
    assert [problem.code for problem in problems_of(document, {"jira": ["searchProjects"]})] == ["unknown_operation"]
    typed = {"query": "{{context.inputData.input}}"}
    document = asking(entity("project", type="list", lookup={**LOOKUP, "parameters": typed}))
    assert not problems_of(document, {"jira": ["searchProjects"]})
