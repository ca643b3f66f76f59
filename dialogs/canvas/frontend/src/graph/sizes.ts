/** How large things are drawn, in canvas units; the layout and the style sheet agree on these. */
import { factOf } from "./kinds";
import type { GraphModel } from "./model";
import type { SceneNode } from "./scene";

export interface Size {
  width: number;
  height: number;
}

export const NODE_HEIGHT = 64;
export const CONTAINER_HEADER = 56;
const NODE_WIDTH = { least: 220, most: 340, besideText: 88 };
const TOGGLE = 38;
const LABEL = { height: 22, besideText: 20, most: 260 };
const MARKERS: Partial<Record<SceneNode["kind"], Size>> = {
  end: { width: 128, height: 32 },
  nowhere: { width: 128, height: 32 },
  action_start: { width: 14, height: 14 },
  action_end: { width: 18, height: 18 },
};

export function sizeOf(node: SceneNode, model: GraphModel): Size {
  const marker = MARKERS[node.kind];
  if (marker) return marker;
  const real = model.nodes.get(node.id);
  if (!real) return { width: NODE_WIDTH.least, height: NODE_HEIGHT };
  const title = textWidth(real.title, 14, 600);
  const fact = textWidth(factOf(real, model), 12, 400);
  const toggle = real.children.length > 0 ? TOGGLE : 0;
  return { width: nodeWidth(Math.max(title, fact) + toggle), height: NODE_HEIGHT };
}

export function labelSize(label: string): Size {
  const width = Math.ceil(textWidth(label, 12, 500)) + LABEL.besideText;
  return { width: Math.min(width, LABEL.most), height: LABEL.height };
}

/** In steps, so that a column of nodes looks like a column. */
function nodeWidth(text: number): number {
  const wanted = Math.ceil((text + NODE_WIDTH.besideText) / 20) * 20;
  return Math.min(NODE_WIDTH.most, Math.max(NODE_WIDTH.least, wanted));
}

const cache = new Map<string, number>();
let ruler: CanvasRenderingContext2D | null | undefined;

/** Measured where there is a browser, estimated where there is none. */
export function textWidth(text: string, size: number, weight: number): number {
  const key = `${size}/${weight}/${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const width = measure(text, size, weight);
  cache.set(key, width);
  return width;
}

function measure(text: string, size: number, weight: number): number {
  if (ruler === undefined) {
    ruler =
      typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
  }
  if (!ruler) return text.length * size * 0.55;
  ruler.font = `${weight} ${size}px Inter, system-ui, sans-serif`;
  return ruler.measureText(text).width;
}
