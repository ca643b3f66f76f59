import type { DragEvent } from "react";
import { lookOf, rankOf } from "../graph/kinds";
import type { KindGroup } from "../wire/canvas";
import { addByPress } from "./adding";
import { useEditor } from "./editor";
import { KIND_TYPE } from "./useDropping";

const GROUPS: [KindGroup, string][] = [
  ["inform", "Inform"],
  ["ask", "Ask"],
  ["action", "Action"],
];

/** Every kind of node there is: a press adds one behind what is chosen, or drag it where it belongs. */
export function Palette() {
  const editor = useEditor();
  const kinds = Object.entries(editor.data.kinds ?? {}).sort(([a], [b]) => rankOf(a) - rankOf(b));
  const drag = (event: DragEvent, kind: string) => {
    event.dataTransfer.setData(KIND_TYPE, kind);
    event.dataTransfer.effectAllowed = "copy";
  };
  return (
    <nav className="dc-palette" aria-label="Palette">
      {GROUPS.map(([group, title]) => (
        <section key={group} aria-label={title}>
          <h3>{title}</h3>
          {kinds
            .filter(([, info]) => info.group === group)
            .map(([kind, info]) => {
              const Icon = lookOf(kind).icon;
              return (
                <button
                  key={kind}
                  type="button"
                  draggable
                  className={`dc-k-${kind}`}
                  title={info.help}
                  aria-label={`Add ${info.title}`}
                  onDragStart={(event) => drag(event, kind)}
                  onClick={() => addByPress(editor, kind)}
                >
                  <span className="dc-kind">
                    <Icon size={16} aria-hidden="true" />
                  </span>
                  <span>{info.title}</span>
                </button>
              );
            })}
        </section>
      ))}
    </nav>
  );
}
