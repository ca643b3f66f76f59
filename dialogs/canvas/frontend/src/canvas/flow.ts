/** From the layout to what React Flow draws. Positions are absolute; depth comes from z-index. */
import type { Edge, Node } from "@xyflow/react";
import { factOf, KIND, plural } from "../graph/kinds";
import type { Box, Point } from "../graph/layout";
import type { Lit } from "../graph/lit";
import type { GraphModel, GraphNode } from "../graph/model";
import type { SceneNode } from "../graph/scene";
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
  toggle: (id: string) => void;
};
export type MarkerData = { kind: SceneNode["kind"] };
export type EdgeData = {
  points: Point[];
  labelBox: Box | null;
  label: string;
  fallback: boolean;
  lit: boolean;
};
export type FlowNode = Node<NodeData, "task"> | Node<MarkerData, "marker">;
export type FlowEdge = Edge<EdgeData, "way">;

export interface Look {
  model: GraphModel;
  lit: Lit;
  found: ReadonlySet<string> | null;
  selected: string | null;
  toggle: (id: string) => void;
}

const DEPTH = { container: 0, edge: 1, node: 2, litEdge: 3 };

export function flowNodes({ scene, layout }: LaidOut, look: Look): FlowNode[] {
  const drawn = scene.nodes.flatMap((node): FlowNode[] => {
    const box = layout.boxes.get(node.id);
    return box ? [flowNode(node, box, look)] : [];
  });
  // Reading order for the Tab key, whatever order the nodes were written in.
  return drawn.sort((a, b) => a.position.y - b.position.y || a.position.x - b.position.x);
}

function flowNode(scene: SceneNode, box: Box, look: Look): FlowNode {
  const node = look.model.nodes.get(scene.id);
  const common = {
    id: scene.id,
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    measured: { width: box.width, height: box.height },
    draggable: false,
    connectable: false,
    deletable: false,
    zIndex: scene.open ? DEPTH.container : DEPTH.node,
  };
  if (!node) {
    const data = { kind: scene.kind };
    return { ...common, type: "marker", data, selectable: false, focusable: false };
  }
  const data = dataOf(node, scene, box, look);
  const className = dimmed(node.id, look) ? "dc-dimmed" : "";
  const selected = node.id === look.selected;
  return { ...common, type: "task", data, selected, className, ariaLabel: spoken(data) };
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
    problems: problemsOf(node, scene, model),
    order: (lit.nodes.get(node.id) ?? []).join(", "),
    failed: lit.failed.has(node.id),
    waiting: lit.waiting === node.id,
    found: look.found?.has(node.id) ?? false,
    toggle: look.toggle,
  };
}

/** A closed container answers for what it hides. */
function problemsOf(node: GraphNode, scene: SceneNode, model: GraphModel): number {
  const hidden = scene.open ? [] : node.children;
  return model.problems.filter(({ id }) => id && (id === node.id || hidden.includes(id))).length;
}

function dimmed(id: string, { found, model }: Look): boolean {
  if (!found) return false;
  return !found.has(id) && !model.nodes.get(id)?.children.some((child) => found.has(child));
}

function spoken({ node, fact, problems, waiting }: NodeData): string {
  const parts = [`${KIND[node.kind].label}: ${node.title}`, fact];
  if (problems) parts.push(plural(problems, "problem"));
  if (waiting) parts.push("waits for an answer");
  return parts.filter(Boolean).join(". ");
}

export function flowEdges({ scene, layout }: LaidOut, look: Look): FlowEdge[] {
  return scene.edges.flatMap((edge): FlowEdge[] => {
    const placed = layout.edges.get(edge.id);
    if (!placed) return [];
    const lit = look.lit.edges.has(edge.id);
    const near = edge.source === look.selected || edge.target === look.selected;
    const title = (id: string) => look.model.nodes.get(id)?.title ?? "an ending";
    return [
      {
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
        },
        className: [lit && "dc-lit", near && "dc-near"].filter(Boolean).join(" "),
        zIndex: lit ? DEPTH.litEdge : DEPTH.edge,
        focusable: false,
        selectable: false,
        ariaLabel: `From ${title(edge.source)}, ${edge.label || "always"}, to ${title(edge.target)}`,
      },
    ];
  });
}
