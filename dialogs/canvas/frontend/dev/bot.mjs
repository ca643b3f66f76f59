// Plays "Update an Issue" by rote, with traces shaped as the server's. Say "fail", "drop" or
// "expired" to see what goes wrong look like, "slow" to watch it type.
import { randomUUID } from "node:crypto";

const conversations = new Map();
const answered = new Map();

export function transcript(id) {
  const turns = conversations.get(id);
  return turns
    ? {
        turns: turns.map(({ text, replies, trace, created_at }) => ({
          text,
          replies,
          trace,
          created_at,
        })),
      }
    : null;
}

export function answer({ conversation, text, client_message_id }) {
  const known = answered.get(client_message_id);
  if (known) return known;
  const id = conversation ?? randomUUID();
  const turns = conversations.get(id) ?? [];
  const script = SCRIPT[Math.min(turns.length, SCRIPT.length - 1)];
  const result = { conversation: id, ...script(text) };
  conversations.set(id, [...turns, { ...result, text, created_at: new Date().toISOString() }]);
  answered.set(client_message_id, result);
  return result;
}

const say = (text, ...quick) => ({
  text,
  quick_replies: quick.map((title) => ({ title, value: title.toLowerCase() })),
  data: null,
});

function trace(steps, intents = []) {
  let now = 0;
  const timed = steps.map(([node, kind, title, ms, more = {}]) => {
    const step = {
      node,
      kind,
      title,
      started_ms: now,
      duration_ms: ms,
      status: "done",
      changes: {},
      request: null,
      response: null,
      logs: [],
      error: null,
      ...more,
    };
    now += ms;
    return step;
  });
  return { steps: timed, intents, duration_ms: Math.round(now * 10) / 10 };
}

const waiting = { status: "waiting" };
const scores = [
  { task: "Update an Issue", utterance: "update an issue", score: 100 },
  { task: "Create an Issue", utterance: "create an issue", score: 71.4 },
  { task: "Get an Issue by Key", utterance: "get an issue", score: 52 },
];
const jira = (path, status, method = "GET", body = null) => ({
  request: {
    method,
    url: `https://api.example/ex/jira/11223344/rest/api/3${path}`,
    headers: { Authorization: "[hidden]", Accept: "application/json" },
    body,
  },
  response: {
    status_code: status,
    headers: { "x-arequestid": "a1b2" },
    body:
      status === 200
        ? {
            key: "DEMO-12",
            fields: { summary: "Printer on fire", labels: ["office"], status: { name: "To Do" } },
          }
        : null,
  },
});

const SCRIPT = [
  () => ({
    state: "waiting",
    replies: [say("Which issue shall I change? Its key looks like DEMO-12.")],
    trace: trace(
      [
        ["updateIssue", "intent", "Update an Issue", 1.2, { changes: { intent: "updateIssue" } }],
        ["issueKey", "entity", "Issue key", 0.4, waiting],
      ],
      scores,
    ),
  }),
  (text) => ({
    state: "waiting",
    replies: [say("What shall I change?", "Summary", "Label")],
    trace: trace([
      [
        "issueKey",
        "entity",
        "Issue key",
        0.8,
        { changes: { "entities.issueKey": text.toUpperCase() } },
      ],
      ["chooseField", "entity", "Field to change", 0.3, waiting],
    ]),
  }),
  (text) => ({
    state: "waiting",
    replies: [say("What is the new summary?")],
    trace: trace([
      [
        "chooseField",
        "entity",
        "Field to change",
        0.6,
        { changes: { "entities.chooseField": text } },
      ],
      ["updatedSummary", "entity", "New summary", 0.3, waiting],
    ]),
  }),
  (text) => ({
    state: "waiting",
    replies: [
      say(
        "Done. DEMO-12 is now called:\n“Printer on fire (3rd floor)”\n\nSee https://acme.example/browse/DEMO-12.",
      ),
      say("Shall I change something else on this issue?", "Yes", "No"),
    ],
    trace: trace([
      [
        "updatedSummary",
        "entity",
        "New summary",
        0.7,
        { changes: { "entities.updatedSummary": text } },
      ],
      [
        "prepareUpdateIssuePayloadScript",
        "script",
        "Prepare the payload",
        2.4,
        {
          changes: { payload: { update: { summary: [{ set: text }] } } },
          logs: ["payload for summary"],
        },
      ],
      [
        "getResourceIdService",
        "service",
        "Find the Jira site",
        84,
        {
          ...jira("", 200),
          changes: { "getResourceIdService.response": { statusCode: 200, outcome: "answered" } },
        },
      ],
      [
        "updateIssueService",
        "service",
        "Update the issue",
        231,
        {
          ...jira("/issue/DEMO-12", 204, "PUT", { update: { summary: [{ set: text }] } }),
          changes: { "updateIssueService.response": { statusCode: 204, outcome: "answered" } },
        },
      ],
      [
        "getIssuebyKeyService",
        "service",
        "Read the issue again",
        92,
        {
          ...jira("/issue/DEMO-12", 200),
          changes: { "getIssuebyKeyService.response": { statusCode: 200 } },
        },
      ],
      ["updateIssueMessage", "message", "Say what happened", 1.8],
      ["askAnother", "confirmation", "Change something else?", 0.2, waiting],
    ]),
  }),
  () => ({
    state: "ended",
    replies: [say("Very well.")],
    trace: trace([
      ["askAnother", "confirmation", "Change something else?", 0.5],
      [
        "rememberIssue",
        "logic",
        "Remember the issue",
        0.4,
        {
          status: "failed",
          error:
            "“lastIssue” could not be remembered: the session is full. Nothing else was changed.",
        },
      ],
    ]),
  }),
];
