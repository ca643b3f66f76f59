/** Placing nodes by hand: moving, aligning, distributing, and giving it back to the layout. */
import type { Doc, Place } from "./document";
import type { Op } from "./ops";

export interface Area extends Place {
  width: number;
  height: number;
}
export type Areas = ReadonlyMap<string, Area>;

/**
 * Moves to places. In a draft that nobody placed yet every node gets the place it is seen at,
 * so that the others stay where they are.
 */
export function moveTo(doc: Doc, places: ReadonlyMap<string, Place>, seen: Areas): Op[] {
  const wanted = new Map<string, Place>();
  for (const node of doc.nodes.values()) {
    const area = seen.get(node.name);
    if (!node.position && area) wanted.set(node.name, { x: area.x, y: area.y });
  }
  for (const [name, place] of places) wanted.set(name, place);
  return [...wanted].flatMap(([name, place]): Op[] => {
    const node = doc.nodes.get(name);
    const position = { x: Math.round(place.x), y: Math.round(place.y) };
    const stays = node?.position?.x === position.x && node.position.y === position.y;
    return node && !stays ? [{ op: "set_node", name, position }] : [];
  });
}

/** A container's move takes what is inside it along. */
export function moveBy(doc: Doc, names: readonly string[], by: Place, seen: Areas): Op[] {
  const chosen = new Set(names);
  const places = new Map<string, Place>();
  for (const node of doc.nodes.values()) {
    const moves = chosen.has(node.name) || (node.parent !== null && chosen.has(node.parent));
    const from = node.position ?? seen.get(node.name);
    if (moves && from) places.set(node.name, { x: from.x + by.x, y: from.y + by.y });
  }
  return moveTo(doc, places, seen);
}

export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom";

export function align(doc: Doc, names: readonly string[], to: Alignment, seen: Areas): Op[] {
  const areas = present(names, seen);
  if (areas.length < 2) return [];
  const left = Math.min(...areas.map(([, area]) => area.x));
  const right = Math.max(...areas.map(([, area]) => area.x + area.width));
  const top = Math.min(...areas.map(([, area]) => area.y));
  const bottom = Math.max(...areas.map(([, area]) => area.y + area.height));
  const places = areas.map(([name, area]): [string, Place] => {
    const { width, height } = area;
    const x = { left, centre: (left + right - width) / 2, right: right - width }[to as "left"];
    const y = { top, middle: (top + bottom - height) / 2, bottom: bottom - height }[to as "top"];
    return [name, { x: x ?? area.x, y: y ?? area.y }];
  });
  return moveAll(doc, new Map(places), seen);
}

/** Equal gaps between the first and the last. */
export function distribute(
  doc: Doc,
  names: readonly string[],
  along: "x" | "y",
  seen: Areas,
): Op[] {
  const extent = along === "x" ? "width" : "height";
  const areas = present(names, seen).sort(([, a], [, b]) => a[along] - b[along]);
  const [first, last] = [areas[0]?.[1], areas.at(-1)?.[1]];
  if (areas.length < 3 || !first || !last) return [];
  const room = last[along] + last[extent] - first[along];
  const filled = areas.reduce((sum, [, area]) => sum + area[extent], 0);
  const gap = (room - filled) / (areas.length - 1);
  const places = new Map<string, Place>();
  let at = first[along];
  for (const [name, area] of areas) {
    places.set(name, { x: area.x, y: area.y, [along]: at });
    at += area[extent] + gap;
  }
  return moveAll(doc, places, seen);
}

/** As `moveTo`, and a container takes what is inside it along. */
function moveAll(doc: Doc, places: ReadonlyMap<string, Place>, seen: Areas): Op[] {
  const whole = new Map(places);
  for (const node of doc.nodes.values()) {
    const container = node.parent ? places.get(node.parent) : undefined;
    const was = node.parent ? seen.get(node.parent) : undefined;
    const from = node.position ?? seen.get(node.name);
    if (!container || !was || !from || places.has(node.name)) continue;
    whole.set(node.name, { x: from.x + container.x - was.x, y: from.y + container.y - was.y });
  }
  return moveTo(doc, whole, seen);
}

function present(names: readonly string[], seen: Areas): [string, Area][] {
  return names.flatMap((name) => {
    const area = seen.get(name);
    return area ? [[name, area] as [string, Area]] : [];
  });
}

/** Gives every place back to the automatic layout. */
export function arrange(doc: Doc): Op[] {
  return [...doc.nodes.values()]
    .filter((node) => node.position)
    .map((node): Op => ({ op: "set_node", name: node.name, position: null }));
}
