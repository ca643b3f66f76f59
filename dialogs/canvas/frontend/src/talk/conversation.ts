/** A conversation as this page knows it: what was answered, and the one message that is not yet. */
import type { Answer, Attached, PastTurn, Reply, TalkState, Trace, Transcript } from "../wire/talk";

export interface Turn {
  key: string;
  /** Known of turns that were loaded; of the others the key is the id of their message. */
  number?: number;
  text: string;
  replies: Reply[];
  trace: Trace | null;
  at: string;
  state: TalkState;
}

export interface Pending {
  id: string;
  text: string;
  files: Attached[];
  /** Kept with the message: a retry must go to the conversation the first try went to. */
  conversation: string | null;
  failure: string | null;
  signedOut: boolean;
}

export interface Conversation {
  id: string | null;
  turns: Turn[];
  pending: Pending | null;
  state: TalkState;
}

export const EMPTY: Conversation = { id: null, turns: [], pending: null, state: "open" };

export type Event =
  | { type: "sending"; pending: Pending }
  | { type: "failed"; failure: string; signedOut: boolean }
  | { type: "discarded" }
  | { type: "answered"; answer: Answer; at: string }
  | { type: "loaded"; id: string; transcript: Transcript }
  | { type: "forgotten" }
  | { type: "restarted" };

export function next(conversation: Conversation, event: Event): Conversation {
  switch (event.type) {
    case "sending":
      return { ...conversation, pending: event.pending };
    case "failed":
      return { ...conversation, pending: withFailure(conversation.pending, event) };
    case "discarded":
      return { ...conversation, pending: null };
    case "answered":
      return answered(conversation, event.answer, event.at);
    case "loaded":
      return loaded(conversation, event.id, event.transcript);
    case "forgotten":
      return {
        ...EMPTY,
        pending: conversation.pending && { ...conversation.pending, conversation: null },
      };
    case "restarted":
      return EMPTY;
  }
}

/** A conversation that has ended takes nothing more: the next message starts another. */
export function addressee(conversation: Conversation): string | null {
  return conversation.state === "ended" ? null : conversation.id;
}

function withFailure(pending: Pending | null, event: { failure: string; signedOut: boolean }) {
  return pending && { ...pending, failure: event.failure, signedOut: event.signedOut };
}

function answered(conversation: Conversation, answer: Answer, at: string): Conversation {
  const { pending } = conversation;
  if (!pending) return conversation;
  const turn: Turn = {
    key: pending.id,
    text: pending.text,
    replies: answer.replies,
    trace: answer.trace,
    at,
    state: answer.state,
  };
  return {
    id: answer.conversation,
    turns: [...conversation.turns, turn],
    pending: null,
    state: answer.state,
  };
}

function loaded(conversation: Conversation, id: string, transcript: Transcript): Conversation {
  const state = transcript.state ?? "open";
  const last = transcript.turns.length - 1;
  const turns = transcript.turns.map((turn, index) =>
    pastTurn(turn, index, index === last ? state : "open"),
  );
  const { pending } = conversation;
  const arrived = transcript.turns.some((turn) => turn.client_message_id === pending?.id);
  return { id, turns, pending: arrived ? null : pending, state };
}

function pastTurn(turn: PastTurn, index: number, state: TalkState): Turn {
  const { number, text, replies, trace, created_at: at } = turn;
  const key = turn.client_message_id ?? `past-${index}`;
  return { key, ...(number === undefined ? {} : { number }), text, replies, trace, at, state };
}
