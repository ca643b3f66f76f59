/** Adding a node where an author means it: behind another, on a line, in a bot action. */
import type { JsonObject } from "../wire/canvas";
import { setWays } from "./connect";
import { childrenOf, type Doc, type DocNode, type Place, readWayId, waysOf } from "./document";
import { freeName } from "./names";
import type { Op } from "./ops";

/** What a kind brings along for a new node. */
export interface NewKind {
  kind: string;
  title: string;
  /** Whether it may stand inside a bot action. */
  silent: boolean;
  defaults: JsonObject;
}

export interface Where {
  position?: Place | null;
  /** The id of the way it is dropped on. */
  way?: string | null;
  /** The node it is to follow. */
  after?: string | null;
  /** The bot action it is dropped in. */
  parent?: string | null;
}

export interface Inserted {
  name: string;
  ops: Op[];
  /** Why it was put elsewhere than asked, in words. */
  notice: string | null;
}

const NAMES: Record<string, string> = { bot_action: "botAction", agent_transfer: "agentTransfer" };

export function insertNode(doc: Doc, kind: NewKind, where: Where): Inserted {
  const name = freeName(doc, NAMES[kind.kind] ?? kind.kind);
  const way = where.way ? readWayId(where.way) : null;
  const wanted = way
    ? (doc.nodes.get(way.source)?.parent ?? null)
    : (where.parent ?? parentAfter(doc, where.after));
  const outside = wanted !== null && !kind.silent;
  const parent = outside ? null : wanted;
  const node: DocNode = {
    name,
    kind: kind.kind,
    title: "",
    parent,
    properties: kind.defaults,
    position: where.position ?? null,
  };
  const ops: Op[] = [{ op: "add_node", node }];
  const fits = parent === wanted;
  if (way && fits) ops.push(...ontoWay(doc, name, way));
  else if (where.after) ops.push(...behind(doc, name, fits ? where.after : (wanted as string)));
  if (parent) ops.push(...asFirst(doc, name, parent));
  if (kind.kind === "intent" && !doc.nodes.has(doc.task.start)) {
    ops.push({ op: "set_task", start: name });
  }
  const notice =
    outside && !where.after
      ? `A ${kind.title.toLowerCase()} talks to people, so it cannot be inside a bot action. It was put outside.`
      : null;
  return { name, ops, notice };
}

/** Behind a bot action means beside it, not in it. */
function parentAfter(doc: Doc, after: string | null | undefined): string | null {
  return (after && doc.nodes.get(after)?.parent) || null;
}

/** For a node that is there and has no ways yet. */
export function putOnWay(doc: Doc, name: string, id: string): Op[] {
  const way = readWayId(id);
  const source = way && doc.nodes.get(way.source);
  return way && source?.parent === doc.nodes.get(name)?.parent ? ontoWay(doc, name, way) : [];
}

/** The way now leads to the new node, and the new node to where the way led. */
function ontoWay(doc: Doc, name: string, at: { source: string; index: number }): Op[] {
  const { source, index } = at;
  const ways = waysOf(doc, source);
  const way = ways[index];
  if (!way) return [];
  const through = ways.map((one, at) => (at === index ? { ...one, target: name } : one));
  const on = { target: way.target, condition: null, label: "" };
  return [setWays(source, through), setWays(name, [on])];
}

/** On the plain way on if there is one, else as a further way. */
function behind(doc: Doc, name: string, source: string): Op[] {
  const ways = waysOf(doc, source);
  const index = ways.findIndex((way) => !way.condition);
  if (index >= 0) return ontoWay(doc, name, { source, index });
  return [setWays(source, [...ways, { target: name, condition: null, label: "" }])];
}

/** The only inner node is what a bot action begins with. */
function asFirst(doc: Doc, name: string, parent: string): Op[] {
  const container = doc.nodes.get(parent);
  const first = container?.properties.first;
  const known = childrenOf(doc, parent).some((child) => child.name === first);
  if (!container || known) return [];
  return [{ op: "set_node", name: parent, properties: { ...container.properties, first: name } }];
}
