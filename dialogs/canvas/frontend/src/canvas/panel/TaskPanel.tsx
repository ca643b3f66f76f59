import { Settings2 } from "lucide-react";
import { useState } from "react";
import type { SetTask } from "../../edit/ops";
import { Notice, wordsOf } from "../../shared/Notice";
import { newId } from "../../talk/newId";
import { discard } from "../../wire/edits";
import { useEditor } from "../editor";
import { SettingsForm } from "../forms/SettingsForm";
import { CloseButton, Side } from "../Side";

/** What belongs to the task and to none of its nodes. */
export function TaskPanel({ onClose }: { onClose: () => void }) {
  const { data, doc, edit, editable } = useEditor();
  const { task } = doc;
  const set = (part: Omit<SetTask, "op">, gesture = Object.keys(part)[0]) =>
    edit("Change the task", [{ op: "set_task", ...part }], `task:${gesture}`);
  const roots = [...doc.nodes.values()].filter((node) => node.kind === "intent" && !node.parent);
  return (
    <Side name="properties" label="The task" className="dc-side-node" usual={360}>
      <header>
        <span className="dc-kind">
          <Settings2 size={17} aria-hidden="true" />
        </span>
        <div>
          <h2>The task</h2>
          <p>
            <code>{data.task.name}</code>
          </p>
        </div>
        <CloseButton onClick={onClose} />
      </header>
      <fieldset className="dc-side-body" disabled={!editable}>
        <UsedIn />
        <label className="dc-field">
          <span className="dc-label">Title</span>
          <input
            className="dc-input"
            value={task.title}
            maxLength={200}
            onChange={(event) => set({ title: event.target.value })}
          />
        </label>
        <label className="dc-field">
          <span className="dc-label">Description</span>
          <textarea
            className="dc-input"
            rows={3}
            value={task.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        </label>
        <label className="dc-field">
          <span className="dc-label">Begins at</span>
          <select
            className="dc-input"
            value={task.start}
            onChange={(event) => set({ start: event.target.value })}
          >
            {!doc.nodes.has(task.start) && <option value={task.start}>–</option>}
            {roots.map((node) => (
              <option key={node.name} value={node.name}>
                {node.title || node.name}
              </option>
            ))}
          </select>
        </label>
        <SettingsForm
          settings={task.settings}
          onSet={(settings, name) => set({ settings }, `settings.${name}`)}
        />
        <Discard />
      </fieldset>
    </Side>
  );
}

function UsedIn() {
  const { data } = useEditor();
  const used = data.used_in ?? [];
  if (used.length === 0) return null;
  return (
    <p className="dc-used">
      Used in {used.length} other {used.length === 1 ? "task" : "tasks"}:{" "}
      {used.map(({ title, name }) => title || name).join(", ")}. What you change here and publish
      changes there too.
    </p>
  );
}

/** Back to the published version: asked first, and undone like any edit. */
function Discard() {
  const { data, state, session } = useEditor();
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const url = data.urls.discard;
  if (!url || data.task.version === null || state.state === "published") return null;
  const go = async () => {
    setAsking(false);
    try {
      if (!(await session.flush())) return;
      const told = await discard(url, {
        base: session.at,
        client: session.client,
        edit_id: newId(),
      });
      session.absorb("Discard changes", told.ops ?? [], told);
    } catch (trouble) {
      setFailure(trouble);
    }
  };
  return (
    <div className="dc-field">
      {failure !== null && <Notice>{wordsOf(failure)}</Notice>}
      {asking ? (
        <>
          <p>
            The draft becomes what version {data.task.version} is. What was changed since is gone
            from the draft for everybody; you can undo it while this page is open.
          </p>
          <span className="dc-add-language">
            <button type="button" className="dc-button" onClick={() => setAsking(false)}>
              Cancel
            </button>
            <button type="button" className="dc-button dc-warn" onClick={go}>
              Discard changes
            </button>
          </span>
        </>
      ) : (
        <button type="button" className="dc-button" onClick={() => setAsking(true)}>
          Discard changes since version {data.task.version} …
        </button>
      )}
    </div>
  );
}
