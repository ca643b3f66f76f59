import type { KeyboardEvent } from "react";
import type { GraphModel } from "../graph/model";
import { type Direction, neighbour } from "../graph/neighbours";
import type { LaidOut } from "./useLayout";

const ARROWS: Record<string, Direction> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};
interface Props {
  model: GraphModel;
  laidOut: LaidOut | null;
  selected: string | null;
  onSelect: (id: string) => void;
  toggle: (id: string) => void;
  show: (id: string) => void;
}

/** Arrows go from node to node; Enter on the chosen bot action opens or closes it. */
export function useArrowKeys({ model, laidOut, selected, onSelect, toggle, show }: Props) {
  return (event: KeyboardEvent<HTMLElement>) => {
    const from = focusedNode(event.target) ?? selected;
    const direction = ARROWS[event.key];
    if (direction && laidOut) {
      event.preventDefault();
      const id = from ? nextNode(laidOut, model, from, direction) : model.start;
      if (!id) return;
      onSelect(id);
      show(id);
      focusNode(id);
    } else if (event.key === "Enter" && from && from === selected) {
      if (model.nodes.get(from)?.children.length) toggle(from);
    }
  };
}

function focusedNode(target: EventTarget): string | null {
  const element = target instanceof Element ? target.closest(".react-flow__node") : null;
  return element?.getAttribute("data-id") ?? null;
}

/** Markers are passed by: there is nothing to read in them. */
function nextNode({ layout }: LaidOut, model: GraphModel, from: string, direction: Direction) {
  const boxes = new Map([...layout.boxes].filter(([id]) => model.nodes.has(id)));
  return neighbour(boxes, from, direction);
}

function focusNode(id: string) {
  const node = `.react-flow__node[data-id="${CSS.escape(id)}"]`;
  document.querySelector<HTMLElement>(node)?.focus({ preventScroll: true });
}
