/** From the layout to what React Flow draws. Positions are absolute; depth comes from z-index. */
import type { Edge, Node } from "@xyflow/react";
import type { DocNote } from "../edit/document";
import { factOf, lookOf, plural } from "../graph/kinds";
import type { Box, Point } from "../graph/layout";
import type { Lit } from "../graph/lit";
import type { GraphModel, GraphNode } from "../graph/model";
import type { SceneEdge, SceneNode } from "../graph/scene";
import type { LaidOut } from "./useLayout";

export type NodeData = {
  node: GraphNode;
  fact: string;
  open: boolean;
  width: number;
  height: number;
  start: boolean;
  problems: number;
  order: string;
  failed: boolean;
  waiting: boolean;
  found: boolean;
  dropped: boolean;
  editable: boolean;
  /** Who else has it chosen. */
  others: string;
  toggle: (id: string) => void;
};
export type MarkerData = { kind: SceneNode["kind"] };
export type NoteData = { note: DocNote; editable: boolean };
export type EdgeData = {
  points: Point[];
  labelBox: Box | null;
  label: string;
  fallback: boolean;
  lit: boolean;
  chosen: boolean;
  dropped: boolean;
  /** Whether an author may take its ends elsewhere. */
  authored: boolean;
};
export type FlowNode =
  | Node<NodeData, "task">
  | Node<MarkerData, "marker">
  | Node<NoteData, "note">
  | Node<NoteData, "frame">;
export type FlowEdge = Edge<EdgeData, "way">;

export interface Look {
  model: GraphModel;
  lit: Lit;
  found: ReadonlySet<string> | null;
  chosen: ReadonlySet<string>;
  way: string | null;
  /** Where a drop would go now: a way's or a bot action's id. */
  drop: string | null;
  problems: ReadonlyMap<string, number>;
  others: ReadonlyMap<string, string>;
  editable: boolean;
  toggle: (id: string) => void;
}

const MARKERS: ReadonlySet<string> = new Set(["end", "nowhere", "action_start", "action_end"]);
const DEPTH = { frame: -1, container: 0, edge: 1, node: 2, litEdge: 3, note: 4 };

export function flowNodes({ scene, layout }: LaidOut, look: Look): FlowNode[] {
  const drawn = scene.nodes.flatMap((node): FlowNode[] => {
    const box = layout.boxes.get(node.id);
    // A node that was just deleted stays in the old picture until the new one is ready.
    const there = MARKERS.has(node.kind) || look.model.nodes.has(node.id);
    return box && there ? [flowNode(node, box, look)] : [];
  });
  // Reading order for the Tab key, whatever order the nodes were written in.
  return drawn.sort((a, b) => a.position.y - b.position.y || a.position.x - b.position.x);
}

export function commonOf(id: string, box: Box) {
  return {
    id,
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    measured: { width: box.width, height: box.height },
    deletable: false,
  };
}

function flowNode(scene: SceneNode, box: Box, look: Look): FlowNode {
  const node = look.model.nodes.get(scene.id);
  const common = {
    ...commonOf(scene.id, box),
    zIndex: scene.open ? DEPTH.container : DEPTH.node,
    connectable: look.editable,
  };
  if (!node) {
    const data = { kind: scene.kind };
    const fixed = { draggable: false, selectable: false, focusable: false, connectable: false };
    return { ...common, ...fixed, type: "marker", data };
  }
  const data = dataOf(node, scene, box, look);
  const className = dimmed(node.id, look) ? "dc-dimmed" : "";
  const selected = look.chosen.has(node.id);
  const draggable = look.editable;
  return { ...common, draggable, type: "task", data, selected, className, ariaLabel: spoken(data) };
}

function dataOf(node: GraphNode, scene: SceneNode, box: Box, look: Look): NodeData {
  const { model, lit } = look;
  return {
    node,
    fact: factOf(node, model),
    open: scene.open,
    width: box.width,
    height: box.height,
    start: node.id === model.start,
    problems: problemsOf(node, scene, look),
    order: (lit.nodes.get(node.id) ?? []).join(", "),
    failed: lit.failed.has(node.id),
    waiting: lit.waiting === node.id,
    found: look.found?.has(node.id) ?? false,
    dropped: look.drop === node.id,
    editable: look.editable,
    others: look.others.get(node.id) ?? "",
    toggle: look.toggle,
  };
}

/** A closed container answers for what it hides. */
function problemsOf(node: GraphNode, scene: SceneNode, { problems }: Look): number {
  const hidden = scene.open ? [] : node.children;
  return [node.id, ...hidden].reduce((sum, id) => sum + (problems.get(id) ?? 0), 0);
}

export function countProblems(model: GraphModel): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of model.problems) if (id) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function dimmed(id: string, { found, model }: Look): boolean {
  if (!found) return false;
  return !found.has(id) && !model.nodes.get(id)?.children.some((child) => found.has(child));
}

function spoken({ node, fact, problems, waiting, others }: NodeData): string {
  const parts = [`${lookOf(node.kind).label}: ${node.title}`, fact];
  if (problems) parts.push(plural(problems, "problem"));
  if (waiting) parts.push("waits for an answer");
  if (others) parts.push(`${others} is here`);
  return parts.filter(Boolean).join(". ");
}

export function flowEdges({ scene, layout }: LaidOut, look: Look): FlowEdge[] {
  return scene.edges.flatMap((edge): FlowEdge[] => {
    const placed = layout.edges.get(edge.id);
    const gone = [edge.source, edge.target].some((id) => plain(id) && !look.model.nodes.has(id));
    return placed && !gone ? [flowEdge(edge, placed, look)] : [];
  });
}

/** Markers' ids begin with what they mark: "end:NAME". */
function plain(id: string): boolean {
  return !id.includes(":");
}

type Placed = { points: Point[]; label: Box | null };

function flowEdge(edge: SceneEdge, placed: Placed, look: Look): FlowEdge {
  const lit = look.lit.edges.has(edge.id);
  const chosen = look.way === edge.id;
  const dropped = look.drop === edge.id;
  const near = look.chosen.has(edge.source) || look.chosen.has(edge.target);
  const title = (id: string) => look.model.nodes.get(id)?.title ?? "an ending";
  const authored = look.editable && isAuthored(edge);
  return {
    id: edge.id,
    source: edge.source,
    target: edge.target,
    type: "way",
    data: {
      points: placed.points,
      labelBox: placed.label,
      label: edge.label,
      fallback: edge.fallback,
      lit,
      chosen,
      dropped,
      authored,
    },
    className: [
      lit && "dc-lit",
      near && "dc-near",
      chosen && "dc-chosen",
      dropped && "dc-drop",
      authored && "dc-authored",
    ]
      .filter(Boolean)
      .join(" "),
    zIndex: lit || chosen ? DEPTH.litEdge : DEPTH.edge,
    focusable: false,
    selectable: false,
    deletable: false,
    ariaLabel: `From ${title(edge.source)}, ${edge.label || "always"}, to ${title(edge.target)}`,
  };
}

/** Not one that a property or the shape of a bot action draws. */
export function isAuthored(edge: Pick<SceneEdge, "id">): boolean {
  return /^t.+#\d+$/.test(edge.id);
}

export { DEPTH };
