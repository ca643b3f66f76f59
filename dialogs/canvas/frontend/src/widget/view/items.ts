/** The lines of a chat: what there is to show of a state, each with a key under which it stays the same element. */
import type { Known, Pending, State } from "../state";
import type { Reply } from "../wire";

export type Item =
  | { kind: "you"; key: string; text: string; files: string[] }
  | { kind: "reply"; key: string; reply: Reply; retired: boolean }
  | { kind: "failure"; key: string; pending: Pending }
  | { kind: "ended"; key: string }
  | { kind: "typing"; key: string; slow: boolean };

export function itemsOf(state: State): Item[] {
  const newest = state.turns.at(-1);
  const items: Item[] = [];
  state.turns.forEach((turn, place) => {
    items.push(...said(turn));
    const retired =
      turn !== newest || turn.past || state.pending.length > 0 || state.status === "ended";
    items.push(...answers(turn, retired));
    const next = state.turns[place + 1];
    if (turn.past && !next?.past) items.push({ kind: "ended", key: `ended:${turn.key}` });
  });
  if (state.status === "ended" && newest) items.push({ kind: "ended", key: `ended:${newest.key}` });
  for (const message of state.pending) items.push(...waiting(message));
  const [first] = state.pending;
  if (first && !first.failure) items.push({ kind: "typing", key: "typing", slow: state.slow });
  return items;
}

function said(turn: Known): Item[] {
  const files = turn.files.map(({ name }) => name);
  if (!turn.text && files.length === 0) return [];
  return [
    { kind: "you", key: `you:${turn.client_message_id ?? turn.key}`, text: turn.text, files },
  ];
}

function answers(turn: Known, retired: boolean): Item[] {
  return turn.replies.map((reply, place) => ({
    kind: "reply" as const,
    key: `bot:${turn.key}:${place}`,
    reply,
    retired,
  }));
}

function waiting(message: Pending): Item[] {
  const files = message.files.map(({ name }) => name);
  const you: Item = { kind: "you", key: `you:${message.id}`, text: message.text, files };
  return message.failure
    ? [you, { kind: "failure", key: `failure:${message.id}`, pending: message }]
    : [you];
}
