import { useEffect } from "react";
import { Notice, SignInAgain, wordsOf } from "../shared/Notice";
import { useEditor } from "./editor";

/** What one has to know about saving, and what an undo or a drop did. */
export function Notices({ reload }: { reload: () => Promise<void> }) {
  const { state, session } = useEditor();
  const { saving, notice } = state;
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => session.dismissNotice(), 6_000);
    return () => clearTimeout(timer);
  }, [notice, session]);
  return (
    <>
      {saving.is === "refused" && (
        <Notice
          action={
            <>
              <SignInAgain failure={saving.failure} />
              <button type="button" className="dc-button" onClick={() => session.retry()}>
                Try again
              </button>
              <button type="button" className="dc-button" onClick={() => reload()}>
                Load the saved draft, keep mine on top
              </button>
            </>
          }
        >
          {wordsOf(saving.failure)} What you changed is still on this page and not saved.
        </Notice>
      )}
      {notice && (
        <p className="dc-toast" role="status">
          {notice}
        </p>
      )}
    </>
  );
}
