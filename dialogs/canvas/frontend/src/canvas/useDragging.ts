import type { NodeChange } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import { type Area, moveTo } from "../edit/arrange";
import { childrenOf, type Place, waysOf } from "../edit/document";
import { putOnWay } from "../edit/insert";
import { changeNote } from "../edit/notes";
import type { Op } from "../edit/ops";
import { type Editor, isSilent } from "./editor";
import type { FlowNode } from "./flow";
import type { Under } from "./useDropping";
import { noteIdOf } from "./useSelection";

export type Moved = ReadonlyMap<string, Place>;

export interface Dragging {
  moved: Moved | null;
  onChanges(changes: NodeChange<FlowNode>[], editor: Editor): void;
  onStop(editor: Editor, under: Under): void;
}

/** A drag under way: nothing is edited before it ends. */
export function useDragging(): Dragging {
  const [moved, setMoved] = useState<Moved | null>(null);
  const latest = useRef<Map<string, Place> | null>(null);
  const before = useRef<ReadonlyMap<string, Area>>(new Map());

  const onChanges = useCallback((changes: NodeChange<FlowNode>[], editor: Editor) => {
    const drags = changes.flatMap((change) =>
      change.type === "position" && change.dragging && change.position
        ? [{ id: change.id, position: change.position }]
        : [],
    );
    if (drags.length === 0) return;
    if (!latest.current) {
      before.current = editor.areas();
      // Everything else stays where it is seen, also in a draft that the layout placed so far.
      latest.current = seenPlaces(editor, before.current);
    }
    const next = new Map(latest.current);
    for (const { id, position } of drags) {
      next.set(id, position);
      takeAlong(id, position, editor, before.current, next, new Set(drags.map((one) => one.id)));
    }
    latest.current = next;
    setMoved(next);
  }, []);

  const onStop = useCallback((editor: Editor, under: Under) => {
    const places = latest.current;
    latest.current = null;
    setMoved(null);
    if (!places) return;
    editor.edit("Move", [...moveOps(editor, places, before.current), ...settle(editor, under)]);
  }, []);
  return { moved, onChanges, onStop };
}

function seenPlaces({ doc }: Editor, areas: ReadonlyMap<string, Area>): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { name, position } of doc.nodes.values()) {
    const place = position ?? areas.get(name);
    if (place) places.set(name, { x: place.x, y: place.y });
  }
  return places;
}

/** What is inside a bot action, and the nodes a frame holds. */
function takeAlong(
  id: string,
  position: Place,
  { doc }: Editor,
  before: ReadonlyMap<string, Area>,
  next: Map<string, Place>,
  dragged: ReadonlySet<string>,
) {
  const from = before.get(id);
  if (!from) return;
  const frame = doc.notes.find((note) => note.id === noteIdOf(id));
  const named = frame ? frame.members : childrenOf(doc, id).map(({ name }) => name);
  const inner = frame
    ? named.flatMap((name) => [name, ...childrenOf(doc, name).map((child) => child.name)])
    : named;
  for (const name of inner) {
    const at = doc.nodes.get(name)?.position ?? before.get(name);
    if (!at || dragged.has(name)) continue;
    next.set(name, { x: at.x + position.x - from.x, y: at.y + position.y - from.y });
  }
}

function moveOps(editor: Editor, places: Moved, seen: ReadonlyMap<string, Area>): Op[] {
  const notes = [...places].flatMap(([id, position]) => {
    const note = editor.doc.notes.find((one) => one.id === noteIdOf(id));
    const rounded = { x: Math.round(position.x), y: Math.round(position.y) };
    return note && note.members.length === 0
      ? changeNote(editor.doc, note.id, { position: rounded })
      : [];
  });
  const nodes = new Map([...places].filter(([id]) => editor.doc.nodes.has(id)));
  const onlyNotes = [...nodes].every(([name, place]) => {
    const at = editor.doc.nodes.get(name)?.position ?? seen.get(name);
    return at && Math.abs(at.x - place.x) < 1 && Math.abs(at.y - place.y) < 1;
  });
  return onlyNotes ? notes : [...notes, ...moveTo(editor.doc, nodes, seen)];
}

/** A loose node that is dropped on a line goes in between, on a bot action into it. */
function settle(editor: Editor, { drop, dragged }: Under): Op[] {
  const { doc } = editor;
  const node = dragged ? doc.nodes.get(dragged) : undefined;
  if (!node || !drop || !isLoose(editor, node.name)) return [];
  if (drop.way) return putOnWay(doc, node.name, drop.way);
  const into = drop.parent && drop.parent !== node.parent && isSilent(editor.data, node.kind);
  return into ? [{ op: "set_node", name: node.name, parent: drop.parent }] : [];
}

export function isLoose({ doc }: Pick<Editor, "doc">, name: string): boolean {
  if (waysOf(doc, name).length > 0 || doc.task.start === name) return false;
  for (const ways of doc.ways.values()) {
    if (ways.some((way) => way.target === name)) return false;
  }
  return childrenOf(doc, name).length === 0;
}
