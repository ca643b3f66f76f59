"""The templates, run by the engine with the real calls against the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.bridges import Caller, scripts
from dialogs.engine import Bot, Ports, State, SystemClock, compile_graph, take_turn
from integrations import api
from integrations.flows import configure
from tests.factories import EndUserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(grants: Grants) -> Callable[..., str]:
    """Says things one after the other; gives what the bot answered to the last."""
    row = grants.connect()
    configure.enable(row.action)
    person = EndUserFactory(app=row.action.app)
    bot = Bot({template.id: compile_graph(template.document) for template in api.templates("jira")})
    caller = Caller(
        app_id=row.action.app_id,
        end_user_id=person.pk,
        reference="test",
        before_send=lambda record, _timeout: record.save(),
    )
    ports = Ports(operations=caller, scripts=scripts(), clock=SystemClock())
    state = State()

    def speak(*messages: str) -> str:
        nonlocal state
        replies: list[str] = []
        for message in messages:
            turn = take_turn(bot, state, message, ports)
            state, replies = turn.state, [reply.text for reply in turn.replies]
        return "\n".join(replies)

    return speak


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look for a lost call does not wait between its tries."""
    monkeypatch.setattr("integrations.flows.transport.pause", lambda _seconds: None)


def test_an_issue_is_created_by_chatting(say: Callable[..., str], atlassian: Sandbox) -> None:
    words = say("create an issue", "not a key!", "demo", "Printer on fire", "Bug")
    assert "DEMO-4 “Printer on fire” is created (Bug, To Do)" in words
    assert atlassian.issue("DEMO-4") is not None


def test_an_issue_is_read_by_chatting(say: Callable[..., str]) -> None:
    assert "DEMO-1: Welcome new colleagues" in say("get an issue by key", "demo-1")


def test_a_type_that_the_project_does_not_have_is_asked_again_with_those_it_has(
    say: Callable[..., str], atlassian: Sandbox
) -> None:
    told = say("create an issue", "demo", "Printer on fire", "Catastrophe")
    assert "no issue type like that" in told
    assert "3) Bug" in told
    assert "Done: DEMO-4" in say("3")
    assert atlassian.counts()["violations"] == []


def test_a_project_in_which_the_person_cannot_create_is_asked_again(say: Callable[..., str]) -> None:
    assert "no project of that key or name in which you may create" in say("create an issue", "NOPE")
    assert "issue" in say("operations")


def test_one_sentence_can_say_all_that_is_needed(say: Callable[..., str]) -> None:
    assert "Done: DEMO-4 “printer on fire” is created (Bug, To Do)." in say("create a bug in DEMO: printer on fire")


def test_an_incident_asks_for_text_choices_numbers_and_people(say: Callable[..., str], atlassian: Sandbox) -> None:
    assert "“Description”" in say("create an issue", "ops", "Mail is down", "incident")
    assert "“People affected”" in say("Nothing goes out.", "mail", "major")
    assert "“On call”. Who?" in say("twelve")
    assert "nothing for “zed”" in say("zed")
    assert "Done: OPS-2" in say("ben")
    made = atlassian.issue("OPS-2")
    assert made is not None
    assert made["fields"]["customfield_10034"] == "712020:0000-ben"
    assert made["fields"]["customfield_10032"] == 12


@pytest.mark.parametrize(("words", "key"), [("show me DEMO-7", "DEMO-7"), ("get OPS-1", "OPS-1")])
def test_an_issue_whose_key_was_said_is_not_asked_for_it(say: Callable[..., str], words: str, key: str) -> None:
    assert key in say(words)


def test_a_list_goes_on_page_by_page_and_ends_with_a_word(say: Callable[..., str]) -> None:
    for number in range(6):
        say("create an issue", "DEMO", f"Number {number}", "Bug")
    assert "Number 5" in say("get all issues")
    assert "DEMO-1:" in say("yes")
    assert say("get all issues", "no") == "That is the end of the list."


def test_an_issue_is_changed_by_chatting(say: Callable[..., str]) -> None:
    assert "now reads “New words”" in say("update an issue", "DEMO-1", "summary", "New words")
    assert "urgent" in say("update an issue", "DEMO-1", "label", "two words", "urgent")


def test_an_issue_is_deleted_only_after_a_yes(say: Callable[..., str], atlassian: Sandbox) -> None:
    assert "stays as it is" in say("delete an issue", "DEMO-1", "no")
    assert atlassian.issue("DEMO-1") is not None
    assert "DEMO-1 is deleted" in say("delete an issue", "DEMO-1", "yes")
    assert atlassian.issue("DEMO-1") is None


@pytest.mark.parametrize("fault", ["cut_after", "half", "not_json"])
def test_a_lost_answer_of_a_create_is_looked_for_and_what_was_found_is_told(
    say: Callable[..., str], atlassian: Sandbox, fault: str
) -> None:
    atlassian.fault(fault, on="createIssue")
    told = say("create an issue", "DEMO", "Once only", "Bug")
    assert "so I looked: DEMO-4 is created" in told
    assert "/browse/DEMO-4" in told
    assert atlassian.counts()["requests"]["createIssue"] == 1


def test_a_create_that_was_not_carried_out_is_not_said_to_be(
    say: Callable[..., str], atlassian: Sandbox, no_pauses: None
) -> None:
    atlassian.fault("error", on="createIssue", status=502)
    assert "I looked for it and do not see it" in say("create an issue", "DEMO", "Once only", "Bug")
    assert atlassian.issue("DEMO-4") is None
    assert atlassian.counts()["requests"]["createIssue"] == 1


def test_where_nobody_can_look_a_lost_create_stays_unknown(say: Callable[..., str], atlassian: Sandbox) -> None:
    atlassian.fault("cut_after", on="createIssue")
    atlassian.fault("error", on="searchAndReconsileIssuesUsingJqlPost", times=None)
    assert "unknown whether it was created" in say("create an issue", "DEMO", "Once only", "Bug")
    assert atlassian.counts()["requests"]["createIssue"] == 1


def test_an_issue_of_the_same_words_made_before_is_not_taken_for_it(
    say: Callable[..., str], atlassian: Sandbox, no_pauses: None
) -> None:
    say("create an issue", "DEMO", "Once only", "Bug")
    atlassian.fault("error", on="createIssue", status=502)
    assert "do not see it" in say("create an issue", "DEMO", "Once only", "Bug")
    atlassian.fault("cut_after", on="createIssue")
    assert "I looked: DEMO-5 is created" in say("create an issue", "DEMO", "Once only", "Bug")


@pytest.mark.parametrize(
    ("operation", "messages", "told"),
    [
        ("deleteIssue", ("delete an issue", "DEMO-1", "yes"), "so I looked: DEMO-1 is deleted."),
        ("editIssue", ("update an issue", "DEMO-1", "summary", "New"), "so I looked: DEMO-1 is changed as you asked."),
    ],
)
def test_a_lost_answer_of_a_change_is_looked_for_too(
    say: Callable[..., str], atlassian: Sandbox, operation: str, messages: tuple[str, ...], told: str
) -> None:
    atlassian.fault("cut_after", on=operation)
    assert told in say(*messages)
    assert atlassian.counts()["requests"][operation] == 1


def test_what_the_project_requires_is_asked_with_its_choices(say: Callable[..., str], atlassian: Sandbox) -> None:
    assert "Mail, Login or Search and archive?" in say("create an issue", "ops", "Renew the licence", "task")
    assert "“Phone” is none of the values" in say("Mail and Phone")
    assert "OPS-2" in say("mail and search and archive")
    made = atlassian.issue("OPS-2")
    assert made is not None
    assert [each["value"] for each in made["fields"]["customfield_10031"]] == ["Mail", "Search and archive"]


def test_a_field_that_jira_begins_to_require_meanwhile_is_asked_then(
    say: Callable[..., str], atlassian: Sandbox
) -> None:
    say("create an issue", "OPS", "Renew the licence", "Task")
    atlassian.set_project("OPS", required={"*": ["customfield_10031", "customfield_10030"]})
    told = say("Mail")
    assert "nothing is created yet" in told
    assert "Severity is required." in told
    assert "Critical, Major or Minor?" in told
    assert "Done: OPS-2" in say("minor")


def test_a_field_that_cannot_be_asked_in_a_chat_is_named(say: Callable[..., str], atlassian: Sandbox) -> None:
    atlassian.set_project("DEMO", required={"10001": ["customfield_10040"]})
    told = say("create an issue", "DEMO", "Renew the licence", "Task")
    assert "“Affected asset”" in told
    assert "Nothing was created." in told
    assert "/site/acme" in told


def test_the_open_issues_of_the_account_are_listed_with_its_name(say: Callable[..., str]) -> None:
    told = say("my open issues")
    assert "Open issues of Ada Ames" in told
    assert "DEMO-1: Welcome new colleagues (To Do, Medium)" in told
    assert "DEMO-2" not in told  # somebody else's
    assert "DEMO-3" not in told  # done


def test_having_nothing_to_do_is_told(say: Callable[..., str], atlassian: Sandbox) -> None:
    for key in ("DEMO-1", "OPS-1", "SECRET-1"):
        say("assign an issue", key, "nobody")
    assert say("my open issues") == "No open issue is assigned to the account that I use in Jira."
    assert atlassian.counts()["violations"] == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("login", ["DEMO-2"]),
        ("slow page", ["DEMO-2"]),
        ('a "coffee" (machine)!', ["DEMO-3"]),
        ("demo-1", ["DEMO-1"]),
        ("project = OPS", ["OPS-1"]),
        ('status = "In Progress" ORDER BY key', ["DEMO-2"]),
        ("labels in (security)", ["OPS-1"]),
    ],
)
def test_issues_are_found_by_words_keys_and_jql(say: Callable[..., str], asked: str, found: list[str]) -> None:
    told = say("search issues", asked)
    assert [key for key in ("DEMO-1", "DEMO-2", "DEMO-3", "OPS-1") if f"{key}:" in told] == found


@pytest.mark.parametrize("asked", ['" OR project = OPS', "x\\", "a AND b", "is it in here"])
def test_words_stay_words_whatever_signs_they_hold(say: Callable[..., str], asked: str) -> None:
    assert "Nothing was found" in say("search issues", asked)


def test_a_wrong_query_is_told_in_jiras_words(say: Callable[..., str]) -> None:
    told = say("search issues", "nonesuch = 5")
    assert "Field 'nonesuch' does not exist" in told
    assert "took it for a JQL query" in told


def test_a_search_for_no_word_asks_jira_nothing(say: Callable[..., str], atlassian: Sandbox) -> None:
    assert "holds no word" in say("search issues", "?!")
    assert "searchAndReconsileIssuesUsingJqlPost" not in atlassian.counts()["requests"]


def test_a_comment_is_written_with_its_paragraphs(say: Callable[..., str], atlassian: Sandbox) -> None:
    assert "DEMO-1 “Welcome new colleagues”" in say("add a comment", "demo-1")
    told = say("First line\nsecond line\n\n\nNext paragraph")
    assert "Done: your comment is on DEMO-1." in told
    assert "focusedCommentId=" in told
    issue = atlassian.issue("DEMO-1")
    assert issue is not None
    first, second = issue["comments"][0]["body"]["content"]
    assert [each["type"] for each in first["content"]] == ["text", "hardBreak", "text"]
    assert second["content"] == [{"type": "text", "text": "Next paragraph"}]


@pytest.mark.parametrize("asked", ["add a comment", "move an issue", "assign an issue"])
def test_an_issue_that_is_not_there_is_told_before_anything_else_is_asked(say: Callable[..., str], asked: str) -> None:
    told = say(asked, "DEMO-99")
    assert "Jira has no issue DEMO-99" in told
    assert "Nothing was" in told


def test_an_issue_is_moved_where_its_workflow_lets_it(say: Callable[..., str], atlassian: Sandbox) -> None:
    question = say("move an issue", "demo-1")
    assert "is now To Do. Where shall it go?" in question
    assert "2) Done" in question
    assert "Done: DEMO-1 is now Done." in say("done")
    issue = atlassian.issue("DEMO-1")
    assert issue is not None
    assert issue["status"] == "10002"


def test_where_it_shall_go_can_be_said_at_once(say: Callable[..., str]) -> None:
    assert "Done: DEMO-1 is now In Progress." in say("move DEMO-1 to in progress")


def test_a_move_asks_what_its_transition_requires(say: Callable[..., str], atlassian: Sandbox) -> None:
    assert "“Resolution”. Done, Won't Do or Duplicate?" in say("move an issue", "OPS-1", "Done")
    assert "Done: OPS-1 is now Done." in say("duplicate")
    issue = atlassian.issue("OPS-1")
    assert issue is not None
    assert issue["fields"]["resolution"]["name"] == "Duplicate"


def test_without_the_permission_to_move_that_is_told(say: Callable[..., str], atlassian: Sandbox) -> None:
    atlassian.set_project("DEMO", denied={"ada": ["TRANSITION_ISSUES"]})
    told = say("move an issue", "DEMO-1")
    assert "no way for you to move DEMO-1 on from To Do" in told
    assert "Nothing was moved." in told


def test_a_move_that_came_too_late_is_told(say: Callable[..., str], atlassian: Sandbox) -> None:
    say("move an issue", "DEMO-1")
    atlassian.set_project("DEMO", denied={"ada": ["TRANSITION_ISSUES"]})
    told = say("Done")
    assert "Transition id '31' is not valid" in told
    assert "Nothing was moved." in told


def test_an_issue_is_given_to_oneself_to_somebody_and_to_nobody(say: Callable[..., str], atlassian: Sandbox) -> None:
    assert "assigned to Ben Brook" in say("assign an issue", "DEMO-1", "ben")
    assert "assigned to Ada Ames" in say("assign an issue", "DEMO-1", "me")
    assert "nobody is assigned to DEMO-1" in say("assign an issue", "DEMO-1", "nobody")
    issue = atlassian.issue("DEMO-1")
    assert issue is not None
    assert issue["assignee"] is None


def test_of_several_people_the_one_who_is_meant_is_asked_for(say: Callable[..., str], atlassian: Sandbox) -> None:
    for name in ("Jo Jones", "Jo Jackson"):
        atlassian.set_person(name.split()[1].lower(), name=name, email=f"{name.split()[1].lower()}@example.com")
    atlassian.set_site("acme", members=["ada", "ben", "dee", "eli", "fritz", "jones", "jackson"])
    assert "Jo Jones or Jo Jackson?" in say("assign an issue", "DEMO-1", "jo")
    assert "assigned to Jo Jackson" in say("Jackson")
    assert "assigned to Jo Jones" in say("assign an issue", "DEMO-1", "Jo Jones")


def test_a_name_that_nobody_has_is_asked_for_again(say: Callable[..., str]) -> None:
    told = say("assign an issue", "DEMO-1", "Zoe")
    assert "nobody called “Zoe”" in told
    assert "Who shall have DEMO-1" in told
    assert "assigned to Ben Brook" in say("ben@example.com")


@pytest.mark.parametrize(
    ("denied", "told", "messages"),
    [
        ("ADD_COMMENTS", "do not have the permission to comment", ("add a comment", "DEMO-1", "Hello")),
        ("ASSIGN_ISSUES", "no permission to assign", ("assign an issue", "DEMO-1", "nobody")),
    ],
)
def test_a_missing_permission_is_told(
    say: Callable[..., str], atlassian: Sandbox, denied: str, told: str, messages: tuple[str, ...]
) -> None:
    atlassian.set_project("DEMO", denied={"ada": [denied]})
    words = say(*messages)
    assert told in words
    assert "Nothing was" in words


@pytest.mark.parametrize(
    ("operation", "messages", "found"),
    [
        ("addComment", ("add a comment", "DEMO-1", "Once only"), "so I looked: your comment is on DEMO-1"),
        ("doTransition", ("move an issue", "DEMO-1", "Done"), "so I looked: DEMO-1 is now Done"),
    ],
)
def test_after_a_lost_answer_of_a_change_jira_is_asked_and_it_is_made_once(
    say: Callable[..., str], atlassian: Sandbox, operation: str, messages: tuple[str, ...], found: str
) -> None:
    atlassian.fault("cut_after", on=operation)
    assert found in say(*messages)
    assert atlassian.counts()["requests"][operation] == 1


def test_a_move_that_was_lost_on_its_way_is_told_with_the_status(say: Callable[..., str], atlassian: Sandbox) -> None:
    atlassian.fault("error", on="doTransition", status=500)
    told = say("move an issue", "DEMO-1", "Done")
    assert "unknown whether it was made" in told
    assert "DEMO-1 is To Do" in told


def test_jira_being_down_is_told(say: Callable[..., str], atlassian: Sandbox) -> None:
    atlassian.fault("cut_before", on="*", times=None)
    assert "could not be reached" in say("get an issue by key", "DEMO-1")
