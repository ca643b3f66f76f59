import { Check, CloudOff, LoaderCircle, Pencil, TriangleAlert } from "lucide-react";
import { useEditor } from "./editor";

/** Whether the draft on the server is what one sees. */
export function SaveState() {
  const { state, session } = useEditor();
  switch (state.saving.is) {
    case "saved":
      return <Words icon={<Check size={14} aria-hidden="true" />} words="Saved" look="good" />;
    case "waiting":
      return <Words icon={<Pencil size={13} aria-hidden="true" />} words="Editing …" look="" />;
    case "saving":
      return (
        <Words
          icon={<LoaderCircle size={14} className="dc-turns" aria-hidden="true" />}
          words="Saving …"
          look=""
        />
      );
    case "failed": {
      const offline = !navigator.onLine;
      return (
        <button
          type="button"
          className="dc-save dc-save-bad"
          title="It is tried again by itself. Keep this page open."
          onClick={() => session.retry()}
        >
          <CloudOff size={14} aria-hidden="true" />
          {offline ? "Offline, not saved" : "Not saved, try again"}
        </button>
      );
    }
    default:
      return (
        <Words icon={<TriangleAlert size={14} aria-hidden="true" />} words="Not saved" look="bad" />
      );
  }
}

function Words({ icon, words, look }: { icon: React.ReactNode; words: string; look: string }) {
  return (
    <span className={`dc-save dc-save-${look}`} role="status">
      {icon}
      <span>{words}</span>
    </span>
  );
}
