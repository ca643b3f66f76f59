/** A conversation as the widget knows it, in plain functions: what was answered, and what is still to be delivered. */
import type { Told } from "./conversations";
import type { FileRef, Status, Turn } from "./wire";

export interface Known extends Turn {
  key: string;
  files: FileRef[];
  /** Of a conversation that ended before this one began on the same page. */
  past: boolean;
}

export interface Pending {
  id: string;
  text: string;
  files: FileRef[];
  /** Why it is not delivered; null while it is under way or waits its turn. */
  failure: string | null;
}

export interface State {
  id: string | null;
  status: Status;
  turns: Known[];
  /** The number up to which everything was read. */
  upTo: number;
  pending: Pending[];
  loading: boolean;
  /** The server works on the first pending message longer than it holds an answer back. */
  slow: boolean;
  trouble: string | null;
}

export const EMPTY: State = {
  id: null,
  status: "open",
  turns: [],
  upTo: 0,
  pending: [],
  loading: false,
  slow: false,
  trouble: null,
};

/** With what the server told: each turn once, in order; a message that one of them answers is no longer pending. */
export function merged(state: State, told: Told): State {
  const { conversation: id, turns } = told;
  const base = id === state.id ? state : { ...afresh(state), id };
  const news = new Map(turns.map((turn) => [turn.number, known(base, id, turn)]));
  const kept = base.turns.filter((turn) => turn.past || !news.has(turn.number));
  const delivered = new Set(turns.map((turn) => turn.client_message_id));
  return {
    ...base,
    status: told.status,
    turns: [...kept, ...news.values()].sort(byAge),
    upTo: Math.max(told.upTo, follows(base, turns)),
    pending: base.pending.filter((message) => !delivered.has(message.id)),
    slow: false,
    trouble: null,
  };
}

/** An answer that is the very next turn leaves nothing to read; after any other, something came between. */
function follows({ upTo }: State, turns: Turn[]): number {
  return turns.length === 1 && turns[0]?.number === upTo + 1 ? upTo + 1 : upTo;
}

function known(state: State, id: string, turn: Turn): Known {
  const sent = state.pending.find((message) => message.id === turn.client_message_id);
  const before = state.turns.find((one) => !one.past && one.number === turn.number);
  return {
    ...turn,
    key: `${id}:${turn.number}`,
    files: sent?.files ?? before?.files ?? [],
    past: false,
  };
}

function byAge(one: Known, other: Known): number {
  if (one.past || other.past) return Number(other.past) - Number(one.past);
  return one.number - other.number;
}

/** Ready for another conversation, with what was said in the one before still in view. */
export function afresh(state: State): State {
  const turns = state.turns.map((turn) => ({ ...turn, past: true }));
  return { ...EMPTY, turns, pending: state.pending };
}

export function withPending(state: State, message: Pending): State {
  return { ...state, pending: [...state.pending, message], trouble: null };
}

export function withFailure(state: State, id: string, failure: string | null): State {
  const pending = state.pending.map((one) => (one.id === id ? { ...one, failure } : one));
  return { ...state, pending, slow: false };
}

export function without(state: State, id: string): State {
  return { ...state, pending: state.pending.filter((one) => one.id !== id) };
}

/** A conversation that has ended takes nothing more: the next message opens another. */
export function addressee(state: State): string | null {
  return state.status === "ended" ? null : state.id;
}
