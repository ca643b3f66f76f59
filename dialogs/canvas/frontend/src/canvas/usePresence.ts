import { useEffect, useRef } from "react";
import { tellGone, tellPresence } from "../wire/edits";
import { csrfToken } from "../wire/http";
import type { Editor } from "./editor";

/** How often we look for others' edits and say that we are here, in milliseconds. */
const LOOK = 3_000;
const HEARTBEAT = 10_000;

/** Others' edits come in, and they see where we are. A hidden tab rests. */
export function usePresence({ session, data, selection }: Editor) {
  const { changes, presence } = data.urls;
  const { client } = session;
  const node = selection.selected;
  const at = useRef(node);
  at.current = node;

  useEffect(() => {
    if (!changes) return;
    const look = () => {
      if (document.visibilityState === "visible") session.catchUp().catch(quiet);
    };
    const timer = setInterval(look, LOOK);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [changes, session]);

  useEffect(() => {
    if (!presence) return;
    const beat = () => {
      if (document.visibilityState !== "visible") return;
      tellPresence(presence, client, at.current).then(
        ({ others }) => session.setPeople(others),
        quiet,
      );
    };
    beat();
    const timer = setInterval(beat, HEARTBEAT);
    const leave = () => tellGone(presence, client, csrfToken());
    window.addEventListener("pagehide", leave);
    return () => {
      clearInterval(timer);
      window.removeEventListener("pagehide", leave);
    };
  }, [presence, client, session]);

  useEffect(() => {
    if (!presence) return;
    const told = setTimeout(() => tellPresence(presence, client, node).catch(quiet), 400);
    return () => clearTimeout(told);
  }, [presence, client, node]);
}

/** Saving says when the server cannot be reached; a missed look is made up for by the next one. */
function quiet() {}
