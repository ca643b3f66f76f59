import { useCallback, useEffect, useRef, useState } from "react";
import { Notice, SignInAgain, wordsOf } from "../shared/Notice";
import { useFill } from "../shared/useFill";
import { loadCanvas } from "../wire/api";
import type { CanvasData } from "../wire/canvas";
import { Workspace } from "./Workspace";

/** Loads the draft and keeps what is on the screen if loading it again fails. */
export function CanvasPage({ source }: { source: string }) {
  const frame = useRef<HTMLDivElement>(null);
  useFill(frame);
  const [data, setData] = useState<CanvasData | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const load = useCallback(async () => {
    setTrouble(null);
    try {
      setData(await loadCanvas(source));
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
      {data ? <Workspace data={data} reload={load} /> : !trouble && <Loading />}
    </div>
  );
}

function Loading() {
  return (
    <p className="dc-loading" role="status">
      Loading the dialog …
    </p>
  );
}
