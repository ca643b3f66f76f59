/** Nodes as text for the system's clipboard, and from it, also of another task or App. */
import type { JsonObject } from "../wire/canvas";
import { childrenOf, type Doc, type DocNode, type DocWay, waysOf } from "./document";
import { renameInCondition, renameInProperties } from "./mentions";
import { freeName } from "./names";
import type { Op } from "./ops";

const MARK = "xoplatform-dialog-nodes";

interface Clip {
  format: typeof MARK;
  nodes: DocNode[];
  ways: [string, DocWay[]][];
}

/** With what is inside chosen bot actions; lines that lead out of the choice are left open. */
export function copyNodes(doc: Doc, names: readonly string[]): string {
  const chosen = new Map<string, DocNode>();
  for (const name of names) {
    const node = doc.nodes.get(name);
    if (!node) continue;
    chosen.set(name, node);
    for (const child of childrenOf(doc, name)) chosen.set(child.name, child);
  }
  const ways = [...chosen.keys()].map((source): [string, DocWay[]] => [
    source,
    waysOf(doc, source).filter(({ target }) => isInside(target, chosen)),
  ]);
  const nodes = [...chosen.values()].map((node) =>
    node.parent && !chosen.has(node.parent) ? { ...node, parent: null } : node,
  );
  const clip: Clip = { format: MARK, nodes, ways: ways.filter(([, list]) => list.length > 0) };
  return JSON.stringify(clip, null, 2);
}

function isInside(target: string | null, chosen: ReadonlyMap<string, DocNode>): boolean {
  return target !== null && (target.startsWith("@") || chosen.has(target));
}

export function readClip(text: string): Clip | null {
  try {
    const clip = JSON.parse(text) as Partial<Clip>;
    const good = clip.format === MARK && Array.isArray(clip.nodes) && clip.nodes.every(isNode);
    return good ? { format: MARK, nodes: clip.nodes as DocNode[], ways: clip.ways ?? [] } : null;
  } catch {
    return null;
  }
}

function isNode(value: unknown): value is DocNode {
  const node = value as Partial<DocNode> | null;
  const named = typeof node?.name === "string" && typeof node.kind === "string";
  return named && typeof node?.properties === "object" && node.properties !== null;
}

export interface Pasted {
  ops: Op[];
  /** The new nodes that are in no pasted bot action: what is chosen afterwards. */
  names: string[];
}

/** Under free names, with mentions among the pasted nodes following them. */
export function pasteNodes(
  doc: Doc,
  clip: Clip,
  { parent = null, shift = 48, silent = () => true }: PasteOptions = {},
): Pasted {
  const names = new Map<string, string>();
  for (const { name } of clip.nodes) names.set(name, freeName(doc, name, new Set(names.values())));
  const called = (name: string | null) => (name === null ? null : (names.get(name) ?? name));
  const inClip = (name: string | null) => name !== null && names.has(name);
  const nodes = clip.nodes.map((node): DocNode => {
    const inside = inClip(node.parent) ? called(node.parent) : silent(node.kind) ? parent : null;
    const { position } = node;
    return {
      name: called(node.name) as string,
      kind: node.kind,
      title: node.title ?? "",
      parent: inside,
      properties: renameAll(node.properties, names),
      position: position ? { x: position.x + shift, y: position.y + shift } : null,
    };
  });
  const ops = nodes.map((node): Op => ({ op: "add_node", node }));
  for (const [source, list] of clip.ways) {
    const transitions = list.map((way) => ({
      ...way,
      target: called(way.target),
      condition: [...names].reduce(
        (condition, [from, to]) => renameInCondition(condition, { from, to }),
        way.condition,
      ),
    }));
    if (inClip(source))
      ops.push({ op: "set_transitions", source: called(source) as string, transitions });
  }
  const outer = clip.nodes.filter((node) => !inClip(node.parent));
  return { ops, names: outer.map(({ name }) => called(name) as string) };
}

interface PasteOptions {
  parent?: string | null;
  /** How far from the original, in canvas units. */
  shift?: number;
  /** Whether a kind may stand inside a bot action. */
  silent?: (kind: string) => boolean;
}

function renameAll(properties: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  let renamed = properties;
  // By way of names that nobody uses, so that a chain of renamings cannot meet itself.
  const pairs = [...names].filter(([from, to]) => from !== to);
  for (const [from] of pairs) renamed = renameInProperties(renamed, { from, to: passing(from) });
  for (const [from, to] of pairs)
    renamed = renameInProperties(renamed, { from: passing(from), to });
  return renamed;
}

function passing(name: string): string {
  return `__${name}__passing`;
}
