import { type ActionDispatch, useEffect } from "react";
import { loadTranscript } from "../wire/api";
import type { Conversation, Event } from "./conversation";

/** Milliseconds between two looks at a conversation that waits for something outside of it. */
const PAUSE = 2500;

/** While a dialog waits for something from outside, looks whether it went on by itself. */
export function useWaiting(
  url: string,
  { id, state, turns }: Conversation,
  idle: boolean,
  dispatch: ActionDispatch<[Event]>,
): void {
  const known = turns.length;
  useEffect(() => {
    if ((state !== "waiting" && state !== "awaiting") || !id || !idle) return;
    let over = false;
    const look = async () => {
      // A look that fails is no news: the next one, or the person's next message, tells.
      const transcript = await loadTranscript(url, id).catch(() => null);
      const changed = transcript && (transcript.turns.length > known || transcript.state !== state);
      if (changed && !over) dispatch({ type: "loaded", id, transcript });
    };
    const timer = setInterval(() => void look(), PAUSE);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [url, id, state, known, idle, dispatch]);
}
