/** Notes, and frames round the nodes they hold, as React Flow draws them. */
import { type DocNote, isFrame, type Place } from "../edit/document";
import type { Box } from "../graph/layout";
import { commonOf, DEPTH, type FlowNode } from "./flow";
import { noteNodeId } from "./useSelection";

const PADDING = { side: 24, top: 44, bottom: 24 };

interface NoteLook {
  chosen: ReadonlySet<string>;
  editable: boolean;
  moved: ReadonlyMap<string, Place> | null;
  /** The node, or the closed container that stands for it. */
  drawn: (id: string) => string;
}

export function noteNodes(
  notes: readonly DocNote[],
  boxes: ReadonlyMap<string, Box>,
  look: NoteLook,
): FlowNode[] {
  return notes.flatMap((note): FlowNode[] => {
    const id = noteNodeId(note.id);
    const frame = isFrame(note);
    const box = frame ? frameBox(note, boxes, look.drawn) : noteBox(note, look.moved?.get(id));
    if (!box) return [];
    return [
      {
        ...commonOf(id, box),
        type: frame ? ("frame" as const) : ("note" as const),
        data: { note, editable: look.editable },
        selected: look.chosen.has(id),
        draggable: look.editable,
        connectable: false,
        zIndex: frame ? DEPTH.frame : DEPTH.note,
        ariaLabel: `${frame ? "Group" : "Note"}: ${note.text}`,
      },
    ];
  });
}

function noteBox({ position, size }: DocNote, moved: Place | undefined): Box {
  return { ...(moved ?? position), ...size };
}

export function frameBox(
  note: DocNote,
  boxes: ReadonlyMap<string, Box>,
  drawn: (id: string) => string,
): Box | null {
  const members = note.members.flatMap((name) => boxes.get(drawn(name)) ?? []);
  if (members.length === 0) return null;
  const left = Math.min(...members.map((box) => box.x)) - PADDING.side;
  const top = Math.min(...members.map((box) => box.y)) - PADDING.top;
  const right = Math.max(...members.map((box) => box.x + box.width)) + PADDING.side;
  const bottom = Math.max(...members.map((box) => box.y + box.height)) + PADDING.bottom;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
