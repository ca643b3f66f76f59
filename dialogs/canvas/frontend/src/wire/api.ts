/** Every request this front end makes. */
import type { CanvasData, Json, JsonObject, Problem } from "./canvas";
import { ask, Failure, post, postFile } from "./http";
import type { Answer, Attached, RecordedTest, Restarted, SentMessage, Transcript } from "./talk";

export function loadCanvas(url: string): Promise<CanvasData> {
  return ask<CanvasData>(url, "The dialog was not loaded.");
}

export interface Published {
  version: number;
}

/** What stands in the way of publishing, each with its node. */
export class NotPublished extends Failure {
  constructor(readonly problems: Problem[]) {
    super("Nothing was published: the dialog has problems.", 409);
  }
}

/** A test that the draft fails, with the first thing that is not as expected. */
export interface FailedTest {
  id: number;
  name: string;
  first: string;
  url: string;
}

/** The draft could be published, but conversations go otherwise than they did. */
export class TestsFailed extends Failure {
  constructor(readonly tests: FailedTest[]) {
    super("Nothing was published: tests failed.", 409);
  }
}

/** `anyway` publishes although tests fail. */
export async function publish(url: string, note: string, anyway = false): Promise<Published> {
  try {
    return await post<Published>(url, "Nothing was published.", { note, despite_tests: anyway });
  } catch (failure) {
    const body = failure instanceof Failure ? (failure.body as Refused | null) : null;
    if (Array.isArray(body?.problems)) throw new NotPublished(body.problems);
    if (Array.isArray(body?.tests)) throw new TestsFailed(body.tests);
    throw failure;
  }
}

interface Refused {
  problems?: Problem[];
  tests?: FailedTest[];
}

export function sendMessage(url: string, message: SentMessage): Promise<Answer> {
  return post<Answer>(url, "Your message may not have arrived.", message);
}

/** The endpoints of a chat lie beside each other. */
function beside(messages: string, name: string): string {
  return messages.replace(/[^/]+\/$/, `${name}/`);
}

export function uploadFile(messages: string, file: File): Promise<Attached> {
  const query = new URLSearchParams({ name: file.name, type: file.type });
  return postFile<Attached>(
    `${beside(messages, "files")}?${query}`,
    `“${file.name}” was not attached.`,
    file,
  );
}

export function fileAddress(messages: string, id: string): string {
  return `${beside(messages, "files")}${id}/`;
}

export function recordTest(messages: string, conversation: string): Promise<RecordedTest> {
  return post<RecordedTest>(beside(messages, "record"), "No test was made.", { conversation });
}

export function goBack(
  messages: string,
  conversation: string,
  turn: { number?: number; message?: string },
): Promise<Restarted> {
  return post<Restarted>(beside(messages, "again"), "The conversation is as it was.", {
    conversation,
    ...turn,
  });
}

export function loadTranscript(url: string, conversation: string): Promise<Transcript> {
  const query = new URLSearchParams({ conversation });
  return ask<Transcript>(`${url}?${query}`, "The earlier messages were not loaded.");
}

export interface Trial {
  node: { name: string; kind: string; properties: JsonObject };
  context: JsonObject;
  connection: string;
  confirmed: boolean;
}

/** What came of a service node's request, without secrets. */
export interface Tried {
  outcome: string;
  message: string;
  status: number | null;
  headers: JsonObject;
  body: Json;
  duration_ms: number;
  request: Json;
  logs: string[];
  sample: JsonObject | null;
}

export function testRequest(url: string, trial: Trial): Promise<Tried> {
  return post<Tried>(url, "Nothing was sent.", trial);
}
