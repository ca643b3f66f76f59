/** Top-down automatic layout by ELK, containers included, with room kept for every label. */
import type { ELK, ElkEdgeSection, ElkExtendedEdge, ElkNode, ElkPort } from "elkjs/lib/elk-api.js";
import type { GraphModel } from "./model";
import type { Scene, SceneEdge, SceneNode } from "./scene";
import { CONTAINER_HEADER, labelSize, type Size, sizeOf } from "./sizes";

export interface Point {
  x: number;
  y: number;
}
export type Box = Point & Size;

export interface PlacedEdge {
  points: Point[];
  label: Box | null;
}

/** Everything in the coordinates of the whole canvas. */
export interface Layout {
  boxes: ReadonlyMap<string, Box>;
  edges: ReadonlyMap<string, PlacedEdge>;
}

/** Containers are laid out by themselves first: no edge crosses their border. */
const WHOLE = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "SEPARATE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "48",
  "elk.spacing.edgeNode": "28",
  "elk.spacing.edgeEdge": "18",
  "elk.spacing.edgeLabel": "6",
  "elk.layered.spacing.nodeNodeBetweenLayers": "44",
  "elk.layered.spacing.edgeNodeBetweenLayers": "22",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "16",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.crossingMinimization.forceNodeModelOrder": "true",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.layered.nodePlacement.favorStraightEdges": "true",
};
const CONTAINER = {
  ...WHOLE,
  "elk.padding": `[top=${CONTAINER_HEADER + 16},left=28,bottom=24,right=28]`,
  "elk.nodeSize.constraints": "MINIMUM_SIZE",
  "elk.nodeSize.minimum": "(260, 120)",
};
const PORTS = {
  "elk.portConstraints": "FIXED_SIDE",
  "elk.portAlignment.default": "CENTER",
};
const LABEL = { "elk.edgeLabels.inline": "true", "elk.edgeLabels.placement": "CENTER" };

/** `elk` works in a thread of its own on a page, in the same one in tests. */
export async function layOut(scene: Scene, model: GraphModel, elk: Pick<ELK, "layout">) {
  return read(await elk.layout(toElk(scene, model)));
}

export function toElk(scene: Scene, model: GraphModel): ElkNode {
  const children = (parent: string | null): ElkNode[] =>
    scene.nodes
      .filter((node) => node.parent === parent)
      .map((node) => (node.open ? container(node, children(node.id)) : leaf(node, model)));
  return {
    id: "root",
    layoutOptions: WHOLE,
    children: children(null),
    edges: scene.edges.map(line),
  };
}

function container({ id }: SceneNode, children: ElkNode[]): ElkNode {
  // What has no children is laid out as a plain node, which needs its size said.
  const size = children.length === 0 ? { width: 260, height: 120 } : {};
  return { id, ...size, layoutOptions: { ...CONTAINER, ...PORTS }, children, ports: ports(id) };
}

function leaf(node: SceneNode, model: GraphModel): ElkNode {
  return { id: node.id, ...sizeOf(node, model), layoutOptions: PORTS, ports: ports(node.id) };
}

/** In at the top, out at the bottom: also what leads back up goes round and comes in from above. */
function ports(id: string): ElkPort[] {
  return [
    { id: `${id}:in`, width: 0, height: 0, layoutOptions: { "elk.port.side": "NORTH" } },
    { id: `${id}:out`, width: 0, height: 0, layoutOptions: { "elk.port.side": "SOUTH" } },
  ];
}

function line(edge: SceneEdge): ElkExtendedEdge {
  const labels = edge.label
    ? [{ text: edge.label, ...labelSize(edge.label), layoutOptions: LABEL }]
    : [];
  return { id: edge.id, sources: [`${edge.source}:out`], targets: [`${edge.target}:in`], labels };
}

function read(root: ElkNode): Layout {
  const boxes = new Map<string, Box>();
  place(root, { x: 0, y: 0 }, boxes);
  const edges = new Map<string, PlacedEdge>();
  for (const edge of root.edges ?? []) edges.set(edge.id, readEdge(edge, boxes));
  return { boxes, edges };
}

function place(node: ElkNode, origin: Point, boxes: Map<string, Box>) {
  for (const child of node.children ?? []) {
    const at = { x: origin.x + (child.x ?? 0), y: origin.y + (child.y ?? 0) };
    const { width = 0, height = 0 } = child;
    boxes.set(child.id, { ...at, width: Math.round(width), height: Math.round(height) });
    place(child, at, boxes);
  }
}

function readEdge(edge: ElkExtendedEdge, boxes: Map<string, Box>): PlacedEdge {
  // ELK gives an edge's coordinates relative to the container both its ends are in.
  const origin = boxes.get((edge as { container?: string }).container ?? "") ?? { x: 0, y: 0 };
  const shift = (point: Point) => ({ x: origin.x + point.x, y: origin.y + point.y });
  const label = edge.labels?.[0];
  return {
    points: (edge.sections ?? []).flatMap(pointsOf).map(shift),
    label: label
      ? {
          ...shift({ x: label.x ?? 0, y: label.y ?? 0 }),
          width: label.width ?? 0,
          height: label.height ?? 0,
        }
      : null,
  };
}

function pointsOf(section: ElkEdgeSection): Point[] {
  return [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
}
