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
  error?: Json;
}

export interface IntentScore {
  task: string;
  utterance?: string;
  score: number;
}

export interface Trace {
  steps?: Step[];
  intents?: IntentScore[];
  duration_ms?: number;
}

export type TalkState = "open" | "waiting" | "ended";

export interface SentMessage {
  conversation: string | null;
  task: string | number | null;
  text: string;
  client_message_id: string;
}

export interface Answer {
  conversation: string;
  replies: Reply[];
  trace: Trace;
  state: TalkState;
}

export interface PastTurn {
  text: string;
  replies: Reply[];
  trace: Trace | null;
  created_at: string;
  client_message_id?: string;
}

export interface Transcript {
  turns: PastTurn[];
  state?: TalkState;
}
