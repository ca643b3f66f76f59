import { useReactFlow } from "@xyflow/react";
import { type DragEvent, useCallback, useRef, useState } from "react";
import type { Place } from "../edit/document";
import { distanceToLine } from "../graph/routing";
import { addByDrop } from "./adding";
import { type Editor, isSilent } from "./editor";
import { isAuthored } from "./flow";
import { isLoose } from "./useDragging";
import type { LaidOut } from "./useLayout";

export const KIND_TYPE = "application/x-dialog-node-kind";
/** How near to a line counts as on it, in pixels on the screen. */
const REACH = 26;

export interface Drop {
  way: string | null;
  parent: string | null;
}

/** What is under a node that is being dragged. */
export interface Under {
  drop: Drop | null;
  dragged: string | null;
}

/** Where a new or a loose node would go if it were dropped here. */
export function useDropping(laidOut: LaidOut | null, editor: Editor) {
  const flow = useReactFlow();
  const [drop, setDrop] = useState<Drop | null>(null);
  const under = useRef<Under>({ drop: null, dragged: null });
  const see = useCallback((found: Drop | null) => {
    setDrop((now) => (now?.way === found?.way && now?.parent === found?.parent ? now : found));
  }, []);
  const at = (point: Place, own: string | null = null) =>
    laidOut ? dropAt(point, laidOut, REACH / flow.getZoom(), own) : null;

  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(KIND_TYPE)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    see(at(flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })));
  };
  const dropped = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(KIND_TYPE);
    see(null);
    if (!kind) return;
    event.preventDefault();
    const position = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const found = at(position) ?? { way: null, parent: null };
    const parent = found.parent && isSilent(editor.data, kind) ? found.parent : null;
    addByDrop(editor, kind, { position, way: found.way, parent });
  };
  const dragging = (id: string, position: Place) => {
    const loose = editor.doc.nodes.has(id) && isLoose(editor, id);
    const found = loose ? at(position, id) : null;
    under.current = { drop: found, dragged: id };
    see(found);
  };
  const released = (): Under => {
    const found = under.current;
    under.current = { drop: null, dragged: null };
    see(null);
    return found;
  };
  return { drop, over, dropped, leave: () => see(null), dragging, released };
}

export function dropAt(
  point: Place,
  { scene, layout }: LaidOut,
  reach: number,
  own: string | null,
): Drop | null {
  let best: { id: string; distance: number } | null = null;
  for (const edge of scene.edges) {
    const line = layout.edges.get(edge.id)?.points;
    if (!line || !isAuthored(edge) || edge.source === own || edge.target === own) continue;
    const distance = distanceToLine(point, line);
    if (distance <= reach && (!best || distance < best.distance)) best = { id: edge.id, distance };
  }
  if (best) return { way: best.id, parent: null };
  const container = scene.nodes.find((node) => {
    const box = node.open && node.id !== own ? layout.boxes.get(node.id) : undefined;
    return box && contains(box, point);
  });
  return container ? { way: null, parent: container.id } : null;
}

function contains(box: { x: number; y: number; width: number; height: number }, point: Place) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  return point.x >= box.x && point.x <= right && point.y >= box.y && point.y <= bottom;
}
