from __future__ import annotations

from typing import Any

import pytest

from dialogs.engine.scripts import SandboxedScripts
from dialogs.engine.validate import problems_of
from integrations import api
from integrations.catalog import registry

ORDER = {
    "create-issue": "createIssue projectKey summary issueTypeName findFieldsAction getResourceIdService "
    "getIssueTypesService pickIssueTypeScript getCreateFieldsService neededFieldsScript requiredFields "
    "createIssueAction prepareIssueScript createIssueService getFieldsAgainService missedFieldsScript "
    "createdIssueInfoService missedFieldsMessage createIssueMessage",
    "get-issue-by-key": "getIssuebyKey issueKey getIssuebyKeyAction getResourceIdService getIssuebyKeyService "
    "getIssuebyKeyMessage",
    "get-all-issues": "getAllIssues getAllIssuesAction getResourceIdService getAllIssuesService getAllIssuesMessage "
    "moreIssues",
    "update-issue": "updateIssue issueKey chooseField updatedSummary newLabel updateIssueAction "
    "prepareUpdateIssuePayloadScript getResourceIdService updateIssueService getIssuebyKeyService updateIssueMessage",
    "delete-issue": "deleteIssue issueKey confirmDelete deleteIssueAction getResourceIdService deleteIssueService "
    "deleteIssueMessage",
    "my-open-issues": "myOpenIssues myOpenIssuesAction getResourceIdService myOpenIssuesService myOpenIssuesMessage "
    "moreIssues",
    "search-issues": "searchIssues searchFor searchIssuesAction prepareSearchScript getResourceIdService "
    "searchIssuesService searchIssuesMessage moreIssues",
    "add-comment": "addComment issueKey findIssueAction getResourceIdService getIssueService commentText "
    "addCommentAction prepareCommentScript addCommentService addCommentMessage",
    "move-issue": "moveIssue issueKey findIssueAction getResourceIdService getIssueService getTransitionsService "
    "listMovesScript newStatus moveFieldsAction moveFieldsScript moveFields moveIssueAction prepareMoveScript "
    "moveIssueService movedIssueService moveIssueMessage",
    "assign-issue": "assignIssue issueKey findIssueAction getResourceIdService getIssueService assigneeName "
    "findPersonAction readNameScript getCurrentUserService findPeopleService pickPersonScript nobodyFoundMessage "
    "askAgainAction forgetNameScript choosePerson assignIssueAction prepareAssignScript assignIssueService "
    "assignIssueMessage",
}
#: The nodes that people of the original know by name, in the order in which they meet them there.
KNOWN = {
    "create-issue": "createIssue projectKey summary issueTypeName getResourceIdService createIssueService "
    "createdIssueInfoService createIssueMessage",
    "get-issue-by-key": "getIssuebyKey issueKey getResourceIdService getIssuebyKeyService getIssuebyKeyMessage",
    "get-all-issues": "getAllIssues getResourceIdService getAllIssuesService getAllIssuesMessage",
    "update-issue": "updateIssue issueKey chooseField updatedSummary newLabel prepareUpdateIssuePayloadScript "
    "getResourceIdService updateIssueService getIssuebyKeyService updateIssueMessage",
    "delete-issue": "deleteIssue issueKey getResourceIdService deleteIssueService deleteIssueMessage",
}
SITE = {"statusCode": 200, "outcome": "answered", "message": "", "body": {"url": "https://acme.example.net"}}
ENTITIES = {
    "projectKey": "DEMO",
    "summary": "Printer on fire",
    "issueTypeName": "Bug",
    "issueKey": "DEMO-1",
    "chooseField": "summary",
    "updatedSummary": "Printer cooled",
    "newLabel": "fire",
    "searchFor": "printer",
    "commentText": "It burns.",
    "assigneeName": "me",
}
FIELDS = {
    "summary": "Printer on fire",
    "issuetype": {"name": "Bug"},
    "status": {"name": "To Do"},
    "labels": ["fire"],
    "assignee": None,
}
ISSUE = {"id": "10001", "key": "DEMO-1", "fields": FIELDS}
REFUSED = {"errorMessages": ["Jira's sentence."], "errors": {"issuetype": "Specify a valid issue type"}}
#: What does the work in each template, and the answer that means done.
WORK: dict[str, tuple[str, int, Any]] = {
    "create-issue": ("createIssueService", 201, ISSUE),
    "get-issue-by-key": ("getIssuebyKeyService", 200, ISSUE),
    "get-all-issues": ("getAllIssuesService", 200, {"issues": [ISSUE]}),
    "update-issue": ("updateIssueService", 204, None),
    "delete-issue": ("deleteIssueService", 204, None),
    "my-open-issues": ("myOpenIssuesService", 200, {"issues": [ISSUE]}),
    "search-issues": ("searchIssuesService", 200, {"issues": [ISSUE]}),
    "add-comment": ("addCommentService", 201, {"id": "10200"}),
    "move-issue": ("moveIssueService", 204, None),
    "assign-issue": ("assignIssueService", 204, None),
}
#: Those whose call must not be repeated blindly.
CHANGING = {"create-issue", "update-issue", "delete-issue", "add-comment", "move-issue"}
#: Those that read the issue before they ask for more.
FINDING = ("add-comment", "move-issue", "assign-issue")


@pytest.fixture(scope="module")
def scripts() -> SandboxedScripts:
    return SandboxedScripts()


def document(template_id: str) -> dict[str, Any]:
    return next(t.document for t in api.templates("jira") if t.id == template_id)


def said(scripts: SandboxedScripts, template_id: str, **context: Any) -> str:
    """What the template's message says when its services answered like this."""
    told = [n for n in document(template_id)["nodes"] if n["kind"] == "message" and n["title"].startswith("Tell what")]
    node = told[-1]
    full = {"entities": ENTITIES, "confirmations": {"confirmDelete": "yes"}, **context}
    result = scripts.run(node["properties"]["script"], full, 1)
    assert result.error is None, result.error
    return "\n".join(result.printed)


def answered(status: int, body: Any = None, **more: Any) -> dict[str, Any]:
    return {"response": {"statusCode": status, "body": body, "outcome": "answered", "message": "", **more}}


def failed(outcome: str, message: str = "Words of the platform.") -> dict[str, Any]:
    return {"response": {"statusCode": None, "body": None, "outcome": outcome, "message": message}}


def test_the_ten_come_in_their_order() -> None:
    assert [t.id for t in api.templates("jira")] == list(ORDER)
    assert len(ORDER) == 10


@pytest.mark.parametrize("template_id", KNOWN)
def test_people_who_know_the_original_find_its_nodes_in_their_order(template_id: str) -> None:
    known = KNOWN[template_id].split()
    assert [node["name"] for node in document(template_id)["nodes"] if node["name"] in known] == known


@pytest.mark.parametrize("template_id", ORDER)
def test_nodes_have_the_documented_names_and_order(template_id: str) -> None:
    assert " ".join(node["name"] for node in document(template_id)["nodes"]) == ORDER[template_id]


@pytest.mark.parametrize("template_id", ORDER)
def test_it_could_be_published_as_it_is(template_id: str, scripts: SandboxedScripts) -> None:
    known = {name: list(api.operations(name)) for name in api.providers()}
    assert problems_of(document(template_id), known, scripts) == []


@pytest.mark.parametrize("template_id", ORDER)
def test_service_bodies_fit_the_operations(template_id: str) -> None:
    for node in document(template_id)["nodes"]:
        if node["kind"] == "service":
            properties = node["properties"]
            operation = registry.operation("jira", properties["operation"])
            assert set(properties["parameters"]) <= {p.name for p in operation.parameters}
            assert (properties["body"] is None) <= (not operation.body_required)


@pytest.mark.parametrize("template_id", ORDER)
def test_done_is_said(template_id: str, scripts: SandboxedScripts) -> None:
    name, status, body = WORK[template_id]
    more = {"createdIssueInfoService": answered(200, ISSUE), "getIssuebyKeyService": answered(200, ISSUE)}
    words = said(
        scripts, template_id, **{**more, "getResourceIdService": {"response": SITE}, name: answered(status, body)}
    )
    assert "DEMO-1" in words
    assert "unknown" not in words


@pytest.mark.parametrize("template_id", ORDER)
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, "Specify a valid issue type"),
        (401, "permission"),
        (403, "permission"),
        (404, ""),
        (429, "in 7 seconds"),
        (503, ""),
    ],
)
def test_every_refusal_has_its_words(template_id: str, status: int, expected: str, scripts: SandboxedScripts) -> None:
    name = WORK[template_id][0]
    answer = answered(status, REFUSED, retryAfter="7")
    words = said(scripts, template_id, **{"getResourceIdService": {"response": SITE}, name: answer})
    assert expected in words
    assert "Done" not in words
    assert "undefined" not in words


@pytest.mark.parametrize("template_id", ORDER)
@pytest.mark.parametrize("outcome", ["unreachable", "timed_out", "refused", "unknown"])
def test_every_silence_has_its_words(template_id: str, outcome: str, scripts: SandboxedScripts) -> None:
    name = WORK[template_id][0]
    words = said(scripts, template_id, **{"getResourceIdService": {"response": SITE}, name: failed(outcome)})
    changes = template_id in CHANGING or (template_id == "assign-issue" and outcome == "unknown")
    assert ("unknown whether" in words) if outcome == "unknown" and changes else ("Words of the platform." in words)


@pytest.mark.parametrize("template_id", ORDER)
def test_a_site_that_is_gone_is_explained(template_id: str, scripts: SandboxedScripts) -> None:
    assert said(scripts, template_id, getResourceIdService=failed("refused")) == "Words of the platform."
    assert "in 7 seconds" in said(scripts, template_id, getResourceIdService=answered(429, retryAfter="7"))


@pytest.mark.parametrize("template_id", FINDING)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (answered(404), "no issue DEMO-1"),
        (answered(403, REFUSED), "Jira's sentence."),
        (answered(429, retryAfter="7"), "in 7 seconds"),
        (answered(503), "status 503"),
        (failed("unreachable"), "Words of the platform."),
    ],
)
def test_an_issue_that_cannot_be_read_ends_it_and_nothing_is_changed(
    template_id: str, answer: dict[str, Any], expected: str, scripts: SandboxedScripts
) -> None:
    words = said(scripts, template_id, getResourceIdService={"response": SITE}, getIssueService=answer)
    assert expected in words
    assert "Nothing was" in words
    assert "undefined" not in words


def test_what_is_not_known_of_fields_or_types_ends_the_creation_with_words(scripts: SandboxedScripts) -> None:
    site = {"getResourceIdService": {"response": SITE}}
    assert said(scripts, "create-issue", **site, getIssueTypesService=failed("timed_out")) == "Words of the platform."
    found = {"getIssueTypesService": answered(200), "issueTypeNames": ["Task", "Story"]}
    assert "It has Task, Story." in said(scripts, "create-issue", **site, **found)
    assert said(scripts, "create-issue", **site, **found, getCreateFieldsService=failed("timed_out")).startswith(
        "Words"
    )
    hindered = said(scripts, "create-issue", **site, **found, requiredFields={"unaskable": ["Asset", "Sprint"]})
    assert "“Asset”, “Sprint”" in hindered
    assert "Nothing was created." in hindered


def test_a_comment_that_finds_no_room_is_explained(scripts: SandboxedScripts) -> None:
    answers = {"getResourceIdService": {"response": SITE}, "addCommentService": answered(413)}
    assert "as many comments as Jira allows" in said(scripts, "add-comment", **answers)


def test_a_no_keeps_the_issue(scripts: SandboxedScripts) -> None:
    assert "stays as it is" in said(scripts, "delete-issue", confirmations={"confirmDelete": "no"})


def test_enough_ends_the_list_with_a_word(scripts: SandboxedScripts) -> None:
    more = {"getAllIssuesService": answered(200, {"issues": [ISSUE], "nextPageToken": "x"})}
    words = said(scripts, "get-all-issues", confirmations={"moreIssues": "no"}, **more)
    assert words == "That is the end of the list."


def test_an_issue_whose_labels_are_hidden_is_told_as_changed(scripts: SandboxedScripts) -> None:
    hidden = {**ISSUE, "fields": {"summary": "Printer on fire"}}
    answers = {"updateIssueService": answered(204), "getIssuebyKeyService": answered(200, hidden)}
    label = {**ENTITIES, "chooseField": "label"}
    words = said(scripts, "update-issue", getResourceIdService={"response": SITE}, **answers, entities=label)
    assert "Done: DEMO-1 was changed. Jira does not show its labels." in words


#: Where a template keeps what it asks for, what was said, and what it sends.
SENDING = {
    "create-issue": ("prepareIssueScript", "neededFields", "requiredFields", "issue"),
    "move-issue": ("prepareMoveScript", "moveFieldsNeeded", "moveFields", "moveWith"),
}


@pytest.mark.parametrize("template_id", SENDING)
@pytest.mark.parametrize(
    ("moment", "form"),
    [
        ("2026-11-25T09:30+01:00", "2026-11-25T09:30:00.000+0100"),
        ("2026-11-25T09:30:15Z", "2026-11-25T09:30:00.000+0000"),
    ],
)
def test_a_moment_is_sent_in_the_one_form_that_jira_takes(
    template_id: str, moment: str, form: str, scripts: SandboxedScripts
) -> None:
    name, needed, given, sent = SENDING[template_id]
    node = next(n for n in document(template_id)["nodes"] if n["name"] == name)
    context = {
        "entities": ENTITIES,
        needed: [{"name": "began", "type": "date_time"}, {"name": "count", "type": "number"}],
        given: {"values": {"began": moment, "count": 3}},
    }
    left = scripts.run(node["properties"]["code"], context, 1).context[sent]
    assert (left["began"], left["count"]) == (form, 3)


def test_an_update_sends_lists_of_operations(scripts: SandboxedScripts) -> None:
    node = next(n for n in document("update-issue")["nodes"] if n["kind"] == "script")
    code = node["properties"]["code"]
    summary = scripts.run(code, {"entities": ENTITIES}, 1).context["payload"]
    assert summary == {"update": {"summary": [{"set": "Printer cooled"}]}}
    label = scripts.run(code, {"entities": {**ENTITIES, "chooseField": "label"}}, 1).context["payload"]
    assert label == {"update": {"labels": [{"add": "fire"}]}}
