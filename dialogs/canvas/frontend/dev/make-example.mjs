// Writes update-issue.json: a realistic "Update an Issue" as the canvas endpoint sends it.
import { writeFileSync } from "node:fs";

const KEY = "^[A-Z][A-Z0-9]+-[0-9]+$";
const say = (branches) =>
  branches
    .map(([test, words]) => `${test ? `if (${test}) ` : ""}print(${JSON.stringify(words)});`)
    .join("\nelse ");

const nodes = [
  [
    "updateIssue",
    "intent",
    "Update an Issue",
    null,
    {
      utterances: ["update an issue", "change an issue", "edit a ticket", "update {issueKey}"],
      description: "Changes the summary or adds a label.",
    },
  ],
  [
    "issueKey",
    "entity",
    "Issue key",
    null,
    {
      type: "string",
      pattern: KEY,
      prompts: ["Which issue shall I change? Its key looks like DEMO-12."],
      error_prompts: [
        "That does not look like an issue key. It has the project's letters, a dash and a number, like DEMO-12.",
      ],
      requirement: "mandatory",
      retries: 5,
      on_retries_exceeded: "@end",
    },
  ],
  [
    "chooseField",
    "entity",
    "Field to change",
    null,
    {
      type: "list",
      choices: [
        { value: "summary", title: "Summary", synonyms: ["title", "name"] },
        { value: "label", title: "Label", synonyms: ["tag"] },
      ],
      prompts: ["What shall I change?"],
      error_prompts: ["I can change the summary or add a label."],
      requirement: "mandatory",
      retries: 3,
      on_retries_exceeded: "@end",
    },
  ],
  [
    "updatedSummary",
    "entity",
    "New summary",
    null,
    {
      type: "string",
      prompts: ["What is the new summary?"],
      error_prompts: ["A summary is one line of at most 255 characters."],
      requirement: "mandatory",
      retries: 5,
      max_length: 255,
    },
  ],
  [
    "newLabel",
    "entity",
    "New label",
    null,
    {
      type: "string",
      pattern: "^\\S+$",
      prompts: ["Which label shall I add?"],
      error_prompts: ["Labels have no spaces."],
      requirement: "mandatory",
      retries: 5,
    },
  ],
  [
    "updateIssueAction",
    "bot_action",
    "Update the issue in Jira",
    null,
    { first: "prepareUpdateIssuePayloadScript" },
  ],
  [
    "prepareUpdateIssuePayloadScript",
    "script",
    "Prepare the payload",
    "updateIssueAction",
    {
      code: '// Jira expects a list of operations per field.\nvar entities = context.entities;\nif (entities.chooseField === "summary") {\n  context.payload = { update: { summary: [{ set: entities.updatedSummary }] } };\n} else {\n  context.payload = { update: { labels: [{ add: entities.newLabel }] } };\n}',
    },
  ],
  [
    "getResourceIdService",
    "service",
    "Find the Jira site",
    "updateIssueAction",
    {
      provider: "jira",
      operation: "getAccessibleSite",
      parameters: {},
      body: null,
      timeout: 20,
      on_failure: null,
    },
  ],
  [
    "updateIssueService",
    "service",
    "Update the issue",
    "updateIssueAction",
    {
      provider: "jira",
      operation: "editIssue",
      parameters: { issueIdOrKey: "{{context.entities.issueKey}}", notifyUsers: true },
      body: "{{context.payload}}",
      timeout: 20,
      on_failure: null,
    },
  ],
  [
    "getIssuebyKeyService",
    "service",
    "Read the issue again",
    "updateIssueAction",
    {
      provider: "jira",
      operation: "getIssue",
      parameters: {
        issueIdOrKey: "{{context.entities.issueKey}}",
        fields: ["summary", "labels", "status"],
      },
      body: null,
      timeout: 20,
      on_failure: null,
    },
  ],
  [
    "updateIssueMessage",
    "message",
    "Say what happened",
    null,
    {
      script: say([
        [
          "context.updateIssueService.response.statusCode === 204",
          "Done: https://acme.example/browse/DEMO-12",
        ],
        [
          "context.updateIssueService.response.statusCode === 404",
          "There is no such issue, or you may not see it. Nothing was changed.",
        ],
        [
          "context.updateIssueService.response.statusCode === 403",
          "Jira refused: you may not edit this issue. Nothing was changed.",
        ],
        [null, "Jira could not be reached. Nothing was changed."],
      ]),
    },
  ],
  [
    "askAnother",
    "confirmation",
    "Change something else?",
    null,
    {
      prompts: ["Shall I change something else on this issue?"],
      yes: ["yes", "sure"],
      no: ["no", "that's all"],
      retries: 3,
    },
  ],
  [
    "rememberIssue",
    "logic",
    "Remember the issue",
    null,
    {
      assignments: [
        { key: "context.BotUserSession.lastIssue", value: "{{context.entities.issueKey}}" },
      ],
    },
  ],
];
const is = (subject, key, operator, value) => ({
  match: "all",
  criteria: [{ subject, key, operator, value }],
});
const transitions = [
  ["updateIssue", "issueKey", null],
  ["issueKey", "chooseField", null],
  ["chooseField", "updatedSummary", is("entity", "chooseField", "equals", "summary"), "is summary"],
  ["chooseField", "newLabel", null],
  ["updatedSummary", "updateIssueAction", null],
  ["newLabel", "updateIssueAction", null],
  ["prepareUpdateIssuePayloadScript", "getResourceIdService", null],
  [
    "getResourceIdService",
    "updateIssueService",
    is("context", "getResourceIdService.response.outcome", "equals", "answered"),
  ],
  ["getResourceIdService", "@end_of_action", null],
  [
    "updateIssueService",
    "getIssuebyKeyService",
    is("context", "updateIssueService.response.statusCode", "equals", 204),
  ],
  ["updateIssueService", "@end_of_action", null],
  ["updateIssueAction", "updateIssueMessage", null],
  [
    "updateIssueMessage",
    "askAnother",
    is("context", "updateIssueService.response.statusCode", "equals", 204),
  ],
  ["updateIssueMessage", "@end", null],
  ["askAnother", "chooseField", is("confirmation", "askAnother", "equals", "yes")],
  ["askAnother", "rememberIssue", is("confirmation", "askAnother", "equals", "no")],
  ["askAnother", null, null],
  ["rememberIssue", "@end", null],
];
const ids = new Map(nodes.map(([name], index) => [name, 101 + index]));
const ref = (name) => ids.get(name) ?? name;
writeFileSync(
  new URL("update-issue.json", import.meta.url),
  `${JSON.stringify(
    {
      task: {
        id: 7,
        name: "updateIssue",
        title: "Update an Issue",
        description: "Changes the summary of a Jira issue or adds a label.",
        state: "changed",
        version: 3,
      },
      app: { name: "Helpdesk Bot", slug: "helpdesk" },
      nodes: nodes.map(([name, kind, title, parent, properties]) => ({
        id: ids.get(name),
        name,
        kind,
        title,
        parent: ref(parent) ?? null,
        properties,
        position: null,
      })),
      transitions: transitions.map(([source, target, condition, label], order) => ({
        id: order + 1,
        source: ref(source),
        target: target && ref(target),
        order,
        condition,
        label: label ?? "",
      })),
      problems: [
        {
          node: ids.get("askAnother"),
          message:
            "The otherwise of “Change something else?” is not connected. People who answer neither yes nor no would be stuck.",
        },
        {
          node: ids.get("newLabel"),
          message: "“New label” has no limit on its length, and Jira takes 255 characters at most.",
        },
      ],
      operations: {
        getAccessibleSite: {
          method: "GET",
          path: "/oauth/token/accessible-resources",
          title: "Get accessible resources",
        },
        editIssue: { method: "PUT", path: "/rest/api/3/issue/{issueIdOrKey}", title: "Edit issue" },
        getIssue: { method: "GET", path: "/rest/api/3/issue/{issueIdOrKey}", title: "Get issue" },
      },
      urls: {
        back: "/dialogs/",
        publish: "/canvas/publish/",
        talk: "/talk/messages/",
        data: "/canvas/data/",
      },
      may: { publish: true, talk: true },
    },
    null,
    1,
  )}\n`,
);
