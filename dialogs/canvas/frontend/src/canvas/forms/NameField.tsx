import { Pencil } from "lucide-react";
import { useState } from "react";
import type { DocNode } from "../../edit/document";
import { nameFrom, nameTrouble } from "../../edit/names";
import { plural } from "../../graph/kinds";
import { useEditor } from "../editor";

/** The name that conditions and templates use: changing it changes them too, and says how many. */
export function NameField({ node }: { node: DocNode }) {
  const { doc, state, edit, selection } = useEditor();
  const [typed, setTyped] = useState<string | null>(null);
  const uses = state.uses[node.name] ?? 0;
  if (typed === null) {
    return (
      <button
        type="button"
        className="dc-name"
        title="Change the name"
        aria-label={`Name ${node.name}, change it`}
        onClick={() => setTyped(node.name)}
      >
        <code>{node.name}</code>
        <Pencil size={12} aria-hidden="true" />
      </button>
    );
  }
  const trouble = nameTrouble(doc, typed, node.name);
  const rename = () => {
    if (trouble) return;
    if (typed !== node.name) {
      edit(`Rename ${node.name}`, [{ op: "rename_node", from: node.name, to: typed }]);
      selection.select(typed);
    }
    setTyped(null);
  };
  const suggestion = nameFrom(node.title);
  return (
    <span className="dc-rename">
      <input
        // biome-ignore lint/a11y/noAutofocus: it appears because one pressed to write in it
        autoFocus
        className="dc-input dc-mono"
        aria-label="Name"
        aria-invalid={trouble !== null}
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") rename();
          if (event.key === "Escape") setTyped(null);
          if (event.key === "Enter" || event.key === "Escape") event.stopPropagation();
        }}
      />
      <button type="button" className="dc-button" disabled={trouble !== null} onClick={rename}>
        Rename
      </button>
      {suggestion && suggestion !== typed && !nameTrouble(doc, suggestion, node.name) && (
        <button type="button" className="dc-add" onClick={() => setTyped(suggestion)}>
          {suggestion}
        </button>
      )}
      <span className={trouble ? "dc-field-problem" : "dc-help"}>
        {trouble ??
          (uses
            ? `${plural(uses, "place")} in this task ${uses === 1 ? "mentions" : "mention"} it and will follow.`
            : "No other node mentions it.")}
      </span>
    </span>
  );
}
