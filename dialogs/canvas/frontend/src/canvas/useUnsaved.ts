import { useEffect } from "react";
import type { Session } from "../edit/session";

/** Leaving the page asks first while something is unsaved, and a new connection tries again. */
export function useUnsaved(session: Session) {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (!session.unsaved) return;
      void session.flush();
      event.preventDefault();
    };
    const online = () => session.unsaved && session.retry();
    const hide = () => document.visibilityState === "hidden" && void session.flush();
    window.addEventListener("beforeunload", ask);
    window.addEventListener("online", online);
    document.addEventListener("visibilitychange", hide);
    return () => {
      window.removeEventListener("beforeunload", ask);
      window.removeEventListener("online", online);
      document.removeEventListener("visibilitychange", hide);
    };
  }, [session]);
}
