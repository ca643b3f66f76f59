import { type ActionDispatch, useRef, useState } from "react";
import { wordsOf } from "../shared/Notice";
import { sendMessage } from "../wire/api";
import { Failure } from "../wire/http";
import type { Answer } from "../wire/talk";
import type { Event, Pending } from "./conversation";

export interface Delivery {
  sending: boolean;
  /** The answer, or nothing where there is none that anybody still waits for. */
  deliver(pending: Pending): Promise<Answer | null>;
  abandon(): void;
}

/** Brings one message at a time to the server, under an id that makes a second try harmless. */
export function useDelivery(
  url: string,
  task: string | number | null,
  dispatch: ActionDispatch<[Event]>,
  beforeSend: () => Promise<unknown> = async () => undefined,
): Delivery {
  const [sending, setSending] = useState(false);
  // Two presses of Enter within one frame see the same state, but only one of them takes this.
  const underWay = useRef<Pending | null>(null);

  const deliver = async (pending: Pending) => {
    if (underWay.current) return null;
    underWay.current = pending;
    setSending(true);
    dispatch({ type: "sending", pending: { ...pending, failure: null, signedOut: false } });
    const { conversation, text, id, files } = pending;
    const attachments = files.map((file) => ({ id: file.id }));
    const message = { conversation, task, text, client_message_id: id, attachments };
    const [answer, event] = await beforeSend()
      .then(() => sendMessage(url, message))
      .then(answered, failed);
    if (underWay.current !== pending) return null;
    settle();
    dispatch(event);
    return answer;
  };
  const settle = () => {
    underWay.current = null;
    setSending(false);
  };
  return { sending, deliver, abandon: settle };
}

function answered(answer: Answer): [Answer, Event] {
  return [answer, { type: "answered", answer, at: new Date().toISOString() }];
}

function failed(failure: unknown): [null, Event] {
  const signedOut = failure instanceof Failure && failure.status === 403;
  return [null, { type: "failed", failure: wordsOf(failure), signedOut }];
}
