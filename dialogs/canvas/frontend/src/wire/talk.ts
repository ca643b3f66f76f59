/** What the talk endpoint sends: replies, and the trace of how they came about. */
import type { Json, JsonObject } from "./canvas";

export interface QuickReply {
  title: string;
  value: string;
}

export interface Reply {
  text: string;
  quick_replies?: QuickReply[] | null;
  data?: JsonObject | null;
}

export interface Step {
  node: string;
  kind?: string;
  title?: string;
  started_ms?: number;
  duration_ms?: number;
  status?: string;
  changes?: JsonObject | null;
  request?: Json;
  response?: Json;
  /** Whose authorization the call used, and where: no secret. */
  connection?: Json;
  logs?: Json[] | null;
  /** How values were found, in sentences. */
  decisions?: string[] | null;
  error?: Json;
  /** Of a step in a sub-dialog: which, and how many dialogs above it wait. */
  task?: string;
  depth?: number;
}

export interface IntentScore {
  task: string;
  utterance?: string;
  score: number;
}

/** A file that came with a message, as the server tells about it. */
export interface Attached {
  id: string;
  name: string;
  content_type?: string;
  size: number;
}

export interface Trace {
  steps?: Step[];
  files?: Attached[];
  intents?: IntentScore[];
  /** What became of dialogs as a whole: held, resumed, discarded, queued, timed out. */
  tasks?: { what: string; task: string }[];
  duration_ms?: number;
}

/** "waiting" is for an authorization, "awaiting" for a callback, a form or an agent. */
export type TalkState = "open" | "waiting" | "awaiting" | "ended";

export interface SentMessage {
  conversation: string | null;
  task: string | number | null;
  text: string;
  client_message_id: string;
  attachments?: { id: string }[];
}

export interface Answer {
  conversation: string;
  replies: Reply[];
  trace: Trace;
  state: TalkState;
}

export interface PastTurn {
  number?: number;
  text: string;
  replies: Reply[];
  trace: Trace | null;
  created_at: string;
  client_message_id?: string;
}

/** A test that was made of a conversation, and where it is shown. */
export interface RecordedTest {
  id: number;
  name: string;
  url: string;
}

/** A conversation that begins where an earlier turn began, and what was said then. */
export interface Restarted {
  conversation: string;
  text: string;
  attachments?: Attached[];
}

export interface Transcript {
  turns: PastTurn[];
  state?: TalkState;
}
