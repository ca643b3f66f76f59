/** The layout of a draft whose nodes an author placed: boxes where they were put, simple lines between them. */
import type { Place } from "../edit/document";
import type { Box, Layout, PlacedEdge } from "./layout";
import type { GraphModel } from "./model";
import { labelOf, route, type Slot } from "./routing";
import type { Scene, SceneNode } from "./scene";
import { CONTAINER_HEADER, type Size, sizeOf } from "./sizes";

const GAP = 56;
const PADDING = { side: 28, top: CONTAINER_HEADER + 44, bottom: 52 };
const LEAST = { width: 260, height: 160 };

export type Places = ReadonlyMap<string, Place>;

export function placeByHand(scene: Scene, model: GraphModel, places: Places): Layout {
  const boxes = new Map<string, Box>();
  const real = scene.nodes.filter((node) => model.nodes.has(node.id));
  const plain = real.filter((node) => !node.open);
  for (const node of plain) {
    const place = places.get(node.id);
    if (place) boxes.set(node.id, { ...place, ...sizeOf(node, model) });
  }
  for (const node of plain) {
    if (boxes.has(node.id)) continue;
    const size = sizeOf(node, model);
    boxes.set(node.id, { ...freePlace(node, size, model, places, boxes), ...size });
  }
  const containers = real.filter((node) => node.open);
  for (const node of containers) boxes.set(node.id, around(node, scene, boxes, places));
  placeMarkers(scene, model, boxes);
  return { boxes, edges: routeAll(scene, boxes) };
}

/** Below what leads to it, or in its container; beside what is there already. */
function freePlace(
  node: SceneNode,
  size: Size,
  model: GraphModel,
  places: Places,
  boxes: ReadonlyMap<string, Box>,
): Place {
  const before = (model.incoming.get(node.id) ?? []).map((way) => boxes.get(way.source));
  const above = before.find((box) => box !== undefined);
  const container = node.parent ? places.get(node.parent) : undefined;
  const start = above
    ? { x: above.x + (above.width - size.width) / 2, y: above.y + above.height + GAP }
    : container
      ? { x: container.x + PADDING.side, y: container.y + PADDING.top }
      : besideAll(boxes);
  return pushDown({ ...start, ...size }, boxes);
}

function besideAll(boxes: ReadonlyMap<string, Box>): Place {
  const all = [...boxes.values()];
  if (all.length === 0) return { x: 0, y: 0 };
  const right = Math.max(...all.map((box) => box.x + box.width));
  return { x: right + GAP, y: Math.min(...all.map((box) => box.y)) };
}

function pushDown(box: Box, boxes: ReadonlyMap<string, Box>): Place {
  let { y } = box;
  for (let tries = 0; tries < 50; tries += 1) {
    const inTheWay = [...boxes.values()].find((other) => overlap({ ...box, y }, other));
    if (!inTheWay) break;
    y = inTheWay.y + inTheWay.height + GAP;
  }
  return { x: box.x, y };
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

function around(
  { id }: SceneNode,
  scene: Scene,
  boxes: ReadonlyMap<string, Box>,
  places: Places,
): Box {
  const inside = scene.nodes.flatMap((node) => {
    const box = node.parent === id ? boxes.get(node.id) : undefined;
    return box ? [box] : [];
  });
  if (inside.length === 0) return { ...(places.get(id) ?? { x: 0, y: 0 }), ...LEAST };
  const left = Math.min(...inside.map((box) => box.x)) - PADDING.side;
  const top = Math.min(...inside.map((box) => box.y)) - PADDING.top;
  const right = Math.max(...inside.map((box) => box.x + box.width)) + PADDING.side;
  const bottom = Math.max(...inside.map((box) => box.y + box.height)) + PADDING.bottom;
  return {
    x: left,
    y: top,
    width: Math.max(LEAST.width, right - left),
    height: Math.max(LEAST.height, bottom - top),
  };
}

/** Endings keep to the node they belong to, where there is room. */
function placeMarkers(scene: Scene, model: GraphModel, boxes: Map<string, Box>) {
  for (const marker of scene.nodes) {
    if (model.nodes.has(marker.id)) continue;
    const size = sizeOf(marker, model);
    const from = boxes.get(scene.edges.find((edge) => edge.target === marker.id)?.source ?? "");
    const to = boxes.get(scene.edges.find((edge) => edge.source === marker.id)?.target ?? "");
    const container = marker.parent ? boxes.get(marker.parent) : undefined;
    if (marker.kind === "action_start" && to) {
      boxes.set(marker.id, { x: centre(to) - size.width / 2, y: to.y - size.height - 28, ...size });
    } else if (marker.kind === "action_end" && container) {
      const y = container.y + container.height - size.height - 12;
      boxes.set(marker.id, { x: centre(container) - size.width / 2, y, ...size });
    } else if (from) boxes.set(marker.id, { ...besideNode(from, size, boxes), ...size });
  }
}

function besideNode(from: Box, size: Size, boxes: ReadonlyMap<string, Box>): Place {
  const below = from.y + from.height + 44;
  const spots: Place[] = [
    { x: centre(from) - size.width / 2, y: below },
    { x: from.x + from.width + 24, y: below },
    { x: from.x - size.width - 24, y: below },
    { x: from.x + from.width + 48, y: from.y + (from.height - size.height) / 2 + 24 },
  ];
  const free = spots.find(
    (spot) => ![...boxes.values()].some((box) => overlap({ ...spot, ...size }, box)),
  );
  return free ?? (spots[0] as Place);
}

function centre(box: Box): number {
  return box.x + box.width / 2;
}

function routeAll(scene: Scene, boxes: ReadonlyMap<string, Box>): Map<string, PlacedEdge> {
  const count = new Map<string, number>();
  for (const { source } of scene.edges) count.set(source, (count.get(source) ?? 0) + 1);
  const used = new Map<string, number>();
  const edges = new Map<string, PlacedEdge>();
  for (const edge of scene.edges) {
    const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)];
    const index = used.get(edge.source) ?? 0;
    used.set(edge.source, index + 1);
    if (!from || !to) continue;
    const slot: Slot = { index, count: count.get(edge.source) ?? 1 };
    const points = route(from, to, slot);
    edges.set(edge.id, { points, label: labelOf(points, edge.label, slot) });
  }
  return edges;
}
