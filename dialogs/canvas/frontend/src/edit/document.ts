/** The draft as the editor holds it: nodes by name in their order, ways by the node they leave. */
import type { CanvasData, Condition, Json, JsonObject, WireNode } from "../wire/canvas";

export interface Place {
  x: number;
  y: number;
}

export interface DocNode {
  name: string;
  kind: string;
  title: string;
  /** The bot action that holds it. */
  parent: string | null;
  properties: JsonObject;
  /** Where an author put it, in canvas units; null leaves it to the automatic layout. */
  position: Place | null;
}

/** One line of a node's *if / else if / else*; no condition is the else. */
export interface DocWay {
  target: string | null;
  condition: Condition | null;
  label: string;
}

/** A note; one with members is a named frame round them. */
export interface DocNote {
  id: string;
  text: string;
  position: Place;
  size: { width: number; height: number };
  colour: string;
  /** Names of the nodes a frame holds. */
  members: string[];
}

export interface DocTask {
  title: string;
  description: string;
  start: string;
  settings: Json;
}

/** Never changed in place: every edit makes a new one that shares what did not change. */
export interface Doc {
  task: DocTask;
  nodes: ReadonlyMap<string, DocNode>;
  ways: ReadonlyMap<string, readonly DocWay[]>;
  notes: readonly DocNote[];
}

export const EMPTY_DOC: Doc = {
  task: { title: "", description: "", start: "", settings: null },
  nodes: new Map(),
  ways: new Map(),
  notes: [],
};

/** References by row id become names. */
export function documentOf(data: CanvasData): Doc {
  const names = new Map(data.nodes.map((node) => [String(node.id), node.name]));
  for (const node of data.nodes) names.set(node.name, node.name);
  const nameOf = (ref: string | number | null) =>
    ref === null ? null : (names.get(String(ref)) ?? String(ref));
  const ways = new Map<string, DocWay[]>();
  const ordered = [...data.transitions].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  for (const { source, target, condition, label } of ordered) {
    const from = nameOf(source) as string;
    const way = { target: nameOf(target), condition, label: label ?? "" };
    ways.set(from, [...(ways.get(from) ?? []), way]);
  }
  return {
    task: {
      title: data.task.title,
      description: data.task.description ?? "",
      start: data.task.start ?? "",
      settings: data.task.settings ?? null,
    },
    nodes: new Map(data.nodes.map((node) => [node.name, docNode(node, nameOf(node.parent))])),
    ways,
    notes: (data.notes ?? []).map(noteOf),
  };
}

function docNode(node: WireNode, parent: string | null): DocNode {
  const { name, kind, title, properties, position } = node;
  return { name, kind, title, parent, properties, position: position ?? null };
}

/** A note of another make keeps its words; what it lacks gets a usual value. */
export function noteOf(given: Partial<DocNote>): DocNote {
  return {
    id: String(given.id ?? ""),
    text: given.text ?? "",
    position: given.position ?? { x: 0, y: 0 },
    size: given.size ?? { width: 220, height: 120 },
    colour: given.colour ?? "yellow",
    members: given.members ?? [],
  };
}

/** What the graph's model is built from: the same shape as the server's, with names for ids. */
export function graphInput(doc: Doc): Pick<CanvasData, "nodes" | "transitions"> {
  return {
    nodes: [...doc.nodes.values()].map((node) => ({ ...node, id: node.name })),
    transitions: [...doc.ways].flatMap(([source, ways]) =>
      ways.map((way, order) => ({ ...way, id: wayId(source, order), source, order })),
    ),
  };
}

/** A way is known by its node and its place there. */
export function wayId(source: string, index: number): string {
  return `${source}#${index}`;
}

export function readWayId(id: string): { source: string; index: number } | null {
  const found = id.match(/^t?(.+)#(\d+)$/);
  return found ? { source: found[1] as string, index: Number(found[2]) } : null;
}

export function waysOf(doc: Doc, source: string): readonly DocWay[] {
  return doc.ways.get(source) ?? [];
}

export function childrenOf(doc: Doc, parent: string): DocNode[] {
  return [...doc.nodes.values()].filter((node) => node.parent === parent);
}

export function isFrame(note: DocNote): boolean {
  return note.members.length > 0;
}

/** Whether an author ever placed a node; until then the layout places all of them. */
export function isPlaced(doc: Doc): boolean {
  for (const node of doc.nodes.values()) if (node.position && !node.parent) return true;
  return false;
}
