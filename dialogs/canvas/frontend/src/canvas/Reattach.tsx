import { EdgeLabelRenderer, useReactFlow } from "@xyflow/react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { reattach, reattachTrouble, type WayEnd } from "../edit/connect";
import type { Point } from "../graph/layout";
import { END, END_OF_ACTION } from "../wire/canvas";
import { useEditor } from "./editor";

interface Props {
  way: string;
  end: WayEnd;
  /** Where the other end stays. */
  from: Point;
  onDone: () => void;
}

const AIMED = "dc-aimed";

/** One end of a line on its way to another node; Escape, or letting go beside all nodes, changes nothing. */
export function Reattach({ way, end, from, onDone }: Props) {
  const { doc, edit, selection } = useEditor();
  const { screenToFlowPosition } = useReactFlow();
  const [at, setAt] = useState<Point>(from);
  const [trouble, setTrouble] = useState<string | null>(null);
  const aimed = useRef<Element | null>(null);
  const aim = (element: Element | null) => {
    aimed.current?.classList.remove(AIMED);
    aimed.current = element;
    element?.classList.add(AIMED);
  };
  const moved = useEffectEvent((event: PointerEvent) => {
    setAt(screenToFlowPosition({ x: event.clientX, y: event.clientY }));
    const node = nodeAt(event);
    const to = node && nodeId(node, end);
    const words = to ? reattachTrouble(doc, way, end, to) : null;
    setTrouble(words);
    aim(to && !words ? node : null);
  });
  const released = useEffectEvent((event: PointerEvent) => {
    const node = nodeAt(event);
    const to = node && nodeId(node, end);
    onDone();
    const ops = to ? reattach(doc, way, end, to) : [];
    if (ops.length === 0) return;
    edit("Re-attach connection", ops);
    selection.select(null);
  });
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onDone();
  });
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener("pointermove", moved, { signal });
    window.addEventListener("pointerup", released, { signal });
    window.addEventListener("keydown", pressed, { signal, capture: true });
    return () => {
      listening.abort();
      aimed.current?.classList.remove(AIMED);
    };
  }, []);
  return (
    <>
      <path d={`M${from.x},${from.y}L${at.x},${at.y}`} className="dc-way dc-reattaching" />
      {trouble && (
        <EdgeLabelRenderer>
          <div
            className="dc-reattach-words"
            role="status"
            style={{ transform: `translate(${at.x + 14}px, ${at.y + 14}px)` }}
          >
            {trouble}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

function nodeAt(event: PointerEvent): Element | null {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  return under?.closest(".react-flow__node") ?? null;
}

/** The node's name, or which end it marks; null for what no line leads to. */
function nodeId(node: Element, end: WayEnd): string | null {
  const id = node.getAttribute("data-id") ?? "";
  if (!id.includes(":")) return id || null;
  if (end === "source") return null;
  if (id.startsWith("end:")) return END;
  return id.startsWith("exit:") ? END_OF_ACTION : null;
}
