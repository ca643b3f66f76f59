import type { KeyboardEvent } from "react";
import { moveBy } from "../edit/arrange";
import { type Direction, neighbour } from "../graph/neighbours";
import { isContainer } from "../graph/scene";
import { chosenNodes, type Editor } from "./editor";
import type { LaidOut } from "./useLayout";

const ARROWS: Record<string, Direction> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};
const STEP = 20;
const BY: Record<Direction, { x: number; y: number }> = {
  up: { x: 0, y: -STEP },
  down: { x: 0, y: STEP },
  left: { x: -STEP, y: 0 },
  right: { x: STEP, y: 0 },
};

interface Props {
  editor: Editor;
  laidOut: LaidOut | null;
  toggle: (id: string) => void;
  show: (id: string) => void;
}

/** Arrows go from node to node, with Shift they move what is chosen; Enter goes to the properties. */
export function useArrowKeys({ editor, laidOut, toggle, show }: Props) {
  const { model, selection } = editor;
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest("input, textarea, button")) return;
    const from = focusedNode(event.target) ?? selection.selected;
    const direction = ARROWS[event.key];
    if (direction && laidOut) {
      event.preventDefault();
      if (event.shiftKey && editor.editable) return moveChosen(editor, direction);
      const id = from ? nextNode(laidOut, editor, from, direction) : model.start;
      if (!id) return;
      selection.select(id);
      show(id);
      focusNode(id);
    } else if (event.key === "Enter" && from) {
      event.preventDefault();
      selection.select(from);
      requestAnimationFrame(focusPanel);
    } else if (event.key === " " && from) {
      event.preventDefault();
      const node = model.nodes.get(from);
      if (selection.selected !== from) selection.select(from);
      else if (node && isContainer(node)) toggle(from);
    }
  };
}

function moveChosen(editor: Editor, direction: Direction) {
  const names = chosenNodes(editor);
  editor.edit("Move", moveBy(editor.doc, names, BY[direction], editor.areas()), "move by keys");
}

function focusedNode(target: EventTarget): string | null {
  const element = target instanceof Element ? target.closest(".react-flow__node") : null;
  return element?.getAttribute("data-id") ?? null;
}

/** Markers are passed by: there is nothing to read in them. */
function nextNode({ layout }: LaidOut, { model }: Editor, from: string, direction: Direction) {
  const boxes = new Map([...layout.boxes].filter(([id]) => model.nodes.has(id)));
  return neighbour(boxes, from, direction);
}

export function focusNode(id: string) {
  const node = `.react-flow__node[data-id="${CSS.escape(id)}"]`;
  document.querySelector<HTMLElement>(node)?.focus({ preventScroll: true });
}

function focusPanel() {
  const panel = document.querySelector(".dc-side-node .dc-side-body");
  panel?.querySelector<HTMLElement>("input, textarea, select, button, [tabindex]")?.focus();
}
