import { useEffect, useReducer } from "react";
import { recall, remember } from "../shared/stored";
import { goBack } from "../wire/api";
import type { Attached, Restarted } from "../wire/talk";
import { addressee, type Conversation, EMPTY, next, type Pending, type Turn } from "./conversation";
import { newId } from "./newId";
import { useDelivery } from "./useDelivery";
import { useTranscript } from "./useTranscript";
import { useWaiting } from "./useWaiting";

export interface Talk {
  conversation: Conversation;
  trouble: unknown;
  busy: boolean;
  /** Whether the message was taken; while another waits for its answer, none is. */
  send(text: string, files?: Attached[]): boolean;
  retry(): void;
  discard(): void;
  restart(): void;
  reload(): void;
  /** Goes on in a new conversation that begins where the turn began; what was said then comes back. */
  again(turn: Turn): Promise<Restarted | null>;
}

/** What outlives a reload of the page in this tab. */
type Remembered = Pick<Conversation, "id" | "pending">;

const INTERRUPTED = "This page was left before the answer came. Try again to get it.";

export function useConversation(
  url: string,
  task: string | number | null,
  beforeSend?: () => Promise<unknown>,
): Talk {
  const key = `dc-talk:${url}:${task ?? ""}`;
  const [conversation, dispatch] = useReducer(next, key, begin);
  const { id, pending } = conversation;
  const transcript = useTranscript(url, id, dispatch);
  const delivery = useDelivery(url, task, dispatch, beforeSend);
  const busy = transcript.loading || delivery.sending;
  useWaiting(url, conversation, !busy && !pending, dispatch);
  useEffect(() => remember(key, { id, pending } satisfies Remembered), [key, id, pending]);

  const deliverAgain = async (message: Pending) => {
    const answer = await delivery.deliver(message);
    // After a retry the server's transcript decides what was said, and how often.
    if (answer) await transcript.load(answer.conversation);
  };
  return {
    conversation,
    trouble: transcript.trouble,
    busy,
    send(text, files = []) {
      if (busy || pending || !(text.trim() || files.length)) return false;
      void delivery.deliver(messageOf(text.trim(), files, conversation));
      return true;
    },
    retry() {
      if (!busy && pending) void deliverAgain(pending);
    },
    discard: () => dispatch({ type: "discarded" }),
    restart() {
      transcript.abandon();
      delivery.abandon();
      dispatch({ type: "restarted" });
    },
    reload() {
      if (id) void transcript.load(id);
    },
    async again(turn) {
      if (busy || pending || !id) return null;
      await beforeSend?.();
      const which = turn.number === undefined ? { message: turn.key } : { number: turn.number };
      const restarted = await goBack(url, id, which);
      await transcript.load(restarted.conversation);
      return restarted;
    },
  };
}

function messageOf(text: string, files: Attached[], conversation: Conversation): Pending {
  const to = addressee(conversation);
  return { id: newId(), text, files, conversation: to, failure: null, signedOut: false };
}

function begin(key: string): Conversation {
  const kept = recall<Remembered>(key);
  const pending = kept?.pending
    ? { ...kept.pending, files: kept.pending.files ?? [], failure: INTERRUPTED }
    : null;
  return { ...EMPTY, id: kept?.id ?? null, pending };
}
