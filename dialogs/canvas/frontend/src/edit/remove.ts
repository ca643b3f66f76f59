/** Deleting nodes: what led to one goes on to where it led, if that is plain. */
import { changeWay, removeWay } from "./connect";
import { type Doc, type DocWay, readWayId, waysOf } from "./document";
import { leaveFrames } from "./notes";
import type { Op } from "./ops";

export function removeNodes(doc: Doc, names: readonly string[]): Op[] {
  const gone = withInner(doc, names);
  const ops: Op[] = [];
  for (const [source, ways] of doc.ways) {
    if (gone.has(source)) continue;
    const mended = ways.map((way) => mend(doc, way, gone));
    if (mended.some((way, index) => way !== ways[index])) {
      ops.push({ op: "set_transitions", source, transitions: mended });
    }
  }
  ops.push(...firstOfContainers(doc, gone));
  ops.push(...leaveFrames(doc, gone));
  // A container takes what is inside it along.
  const outer = [...gone].filter((name) => !gone.has(doc.nodes.get(name)?.parent ?? ""));
  return [...ops, ...outer.map((name): Op => ({ op: "remove_node", name }))];
}

function withInner(doc: Doc, names: readonly string[]): Set<string> {
  const gone = new Set(names.filter((name) => doc.nodes.has(name)));
  for (const node of doc.nodes.values()) {
    if (node.parent && gone.has(node.parent)) gone.add(node.name);
  }
  return gone;
}

function mend(doc: Doc, way: DocWay, gone: ReadonlySet<string>): DocWay {
  if (way.target === null || !gone.has(way.target)) return way;
  return { ...way, target: beyond(doc, way.target, gone) };
}

/** Where a row of deleted nodes led, if each had but one way on. */
function beyond(doc: Doc, name: string, gone: ReadonlySet<string>): string | null {
  const seen = new Set<string>();
  let at: string | null = name;
  while (at !== null && gone.has(at)) {
    if (seen.has(at)) return null;
    seen.add(at);
    const ways: readonly DocWay[] = waysOf(doc, at);
    const only: DocWay | undefined = ways.length === 1 ? ways[0] : undefined;
    at = only?.target ?? null;
  }
  return at;
}

/** A bot action that began with a deleted node begins with what followed it. */
function firstOfContainers(doc: Doc, gone: ReadonlySet<string>): Op[] {
  const ops: Op[] = [];
  for (const node of doc.nodes.values()) {
    const first = node.properties.first;
    if (gone.has(node.name) || typeof first !== "string" || !gone.has(first)) continue;
    const next = beyond(doc, first, gone);
    const properties = { ...node.properties };
    if (next && doc.nodes.has(next)) properties.first = next;
    else delete properties.first;
    ops.push({ op: "set_node", name: node.name, properties });
  }
  return ops;
}

/** By the id of a line on the canvas. */
export function removeWayById(doc: Doc, id: string): Op[] {
  const way = readWayId(id);
  return way ? removeWay(doc, way.source, way.index) : [];
}

export function disconnect(doc: Doc, source: string, at: number): Op[] {
  return changeWay(doc, source, at, { target: null });
}
