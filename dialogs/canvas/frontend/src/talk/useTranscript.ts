import { type ActionDispatch, useCallback, useEffect, useRef, useState } from "react";
import { loadTranscript } from "../wire/api";
import { Failure } from "../wire/http";
import type { Event } from "./conversation";

export interface Loading {
  load(id: string): Promise<void>;
  loading: boolean;
  /** Why earlier messages are not shown, if they are not. */
  trouble: unknown;
  /** Whatever is still under way from now on belongs to nobody. */
  abandon(): void;
}

/** What was said before, as the server remembers it. */
export function useTranscript(
  url: string,
  first: string | null,
  dispatch: ActionDispatch<[Event]>,
): Loading {
  const [loading, setLoading] = useState(first !== null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const era = useRef(0);

  const load = useCallback(
    async (id: string) => {
      const mine = era.current;
      setLoading(true);
      setTrouble(null);
      const event = await loadTranscript(url, id).then(
        (transcript): Event => ({ type: "loaded", id, transcript }),
        (failure): Event | null => {
          if (failure instanceof Failure && failure.status === 404) return { type: "forgotten" };
          if (mine === era.current) setTrouble(failure);
          return null;
        },
      );
      if (mine !== era.current) return;
      if (event) dispatch(event);
      setLoading(false);
    },
    [url, dispatch],
  );

  const unread = useRef(first);
  useEffect(() => {
    if (unread.current) void load(unread.current);
    unread.current = null;
  }, [load]);

  const abandon = () => {
    era.current += 1;
    setLoading(false);
    setTrouble(null);
  };
  return { load, loading, trouble, abandon };
}
