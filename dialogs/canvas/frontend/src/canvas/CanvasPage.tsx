import { useCallback, useEffect, useRef, useState } from "react";
import { Session } from "../edit/session";
import { Notice, SignInAgain, wordsOf } from "../shared/Notice";
import { useFill } from "../shared/useFill";
import { newId } from "../talk/newId";
import { loadCanvas } from "../wire/api";
import type { CanvasData } from "../wire/canvas";
import { loadChanges, saveEdit } from "../wire/edits";
import { Workspace } from "./Workspace";

interface Opened {
  data: CanvasData;
  session: Session;
}

/** Loads the draft and keeps what is on the screen if loading it again fails. */
export function CanvasPage({ source }: { source: string }) {
  const frame = useRef<HTMLDivElement>(null);
  useFill(frame);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const session = useRef<Session | null>(null);
  const load = useCallback(async () => {
    setTrouble(null);
    try {
      const data = await loadCanvas(source);
      if (session.current) session.current.load(data, true);
      else session.current = open(data, source);
      setOpened({ data, session: session.current });
    } catch (failure) {
      setTrouble(failure);
    }
  }, [source]);
  useEffect(() => void load(), [load]);

  return (
    <div className="dc dc-canvas-page" ref={frame}>
      {trouble !== null && (
        <Notice
          action={
            <>
              <button type="button" className="dc-button" onClick={load}>
                Try again
              </button>
              <SignInAgain failure={trouble} />
            </>
          }
        >
          {wordsOf(trouble)}
        </Notice>
      )}
      {opened ? (
        <Workspace data={opened.data} session={opened.session} reload={load} />
      ) : (
        !trouble && <Loading />
      )}
    </div>
  );
}

function open(data: CanvasData, source: string): Session {
  const client = newId();
  const { edits = "", changes = "" } = data.urls;
  const transport = {
    save: (edit: Parameters<typeof saveEdit>[1]) => saveEdit(edits, edit),
    changes: (since: number) => loadChanges(changes, since, client),
    reload: () => loadCanvas(source),
  };
  return new Session(data, transport, { client, newId });
}

function Loading() {
  return (
    <p className="dc-loading" role="status">
      Loading the dialog …
    </p>
  );
}
