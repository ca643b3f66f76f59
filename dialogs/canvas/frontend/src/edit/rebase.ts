/** Edits that are not saved yet, laid on a draft that others changed meanwhile. */
import type { Json, JsonObject } from "../wire/canvas";
import type { Clash } from "../wire/edits";
import { apply } from "./apply";
import { type Doc, waysOf } from "./document";
import type { Op, SetNode } from "./ops";

/** The same ops saying only what changes, so that two people's properties do not collide. */
export function slim(doc: Doc, ops: readonly Op[]): Op[] {
  let now = doc;
  const slimmed: Op[] = [];
  for (const op of ops) {
    const one = op.op === "set_node" && op.properties ? asPatch(now, op) : op;
    const next = one && apply(now, one);
    // What changes nothing is not worth a revision, and may be about what is gone.
    if (one && next && next !== now) slimmed.push(one);
    now = next ?? now;
  }
  return slimmed;
}

function asPatch(doc: Doc, { properties, ...op }: SetNode): SetNode | null {
  const patch = difference(doc.nodes.get(op.name)?.properties ?? {}, properties ?? {});
  if (Object.keys(patch).length > 0) return { ...op, properties_patch: patch };
  return Object.keys(op).length > 2 ? op : null;
}

function difference(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!equal(before[key], after[key])) patch[key] = after[key] ?? null;
  }
  return patch;
}

export function equal(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** My ops without what `clash` is about: the other's version stands. */
export function yieldTo(ops: readonly Op[], clash: Clash): Op[] {
  return ops.flatMap((op): Op[] => {
    const rest = withoutThing(op, clash);
    return rest ? [rest] : [];
  });
}

function withoutThing(op: Op, { thing, node, field }: Clash): Op | null {
  switch (thing) {
    case "task":
      return op.op === "set_task" ? withoutField(op, field) : op;
    case "note":
      return isNote(op, node ?? field) ? null : op;
    case "transitions":
      return op.op === "set_transitions" && op.source === node ? null : op;
    case "property":
    case "node":
      return nodeOf(op) === node ? withoutNodeField(op, field) : op;
  }
}

function isNote(op: Op, id: string | null): boolean {
  if (op.op === "set_note") return op.note.id === id;
  return op.op === "remove_note" && op.id === id;
}

function nodeOf(op: Op): string | null {
  switch (op.op) {
    case "add_node":
      return op.node.name;
    case "set_node":
    case "remove_node":
      return op.name;
    case "rename_node":
      return op.from;
    case "set_transitions":
      return op.source;
    default:
      return null;
  }
}

function withoutNodeField(op: Op, field: string | null): Op | null {
  if (op.op !== "set_node" || !field) return null;
  const { properties_patch: patch, ...rest } = withoutField(op, field) ?? {
    op: op.op,
    name: op.name,
  };
  const left = patch && Object.fromEntries(Object.entries(patch).filter(([key]) => key !== field));
  const patches = left && Object.keys(left).length > 0;
  if (Object.keys(rest).length <= 2 && !patches) return null;
  return patches ? { ...rest, properties_patch: left } : rest;
}

function withoutField<T extends Op>(op: T, field: string | null): T | null {
  if (!field) return null;
  const entries = Object.entries(op).filter(([key]) => key !== field);
  return entries.length > 1 ? (Object.fromEntries(entries) as T) : null;
}

/** What my version needs where others deleted the node it is about: the node itself, again. */
export function revive(before: Doc, now: Doc, { thing, node, theirs }: Clash): Op[] {
  const gone = node !== null && theirs === null && thing !== "note" && thing !== "task";
  const was = gone ? before.nodes.get(node) : undefined;
  if (!was || now.nodes.has(was.name)) return [];
  return [
    { op: "add_node", node: was },
    { op: "set_transitions", source: was.name, transitions: [...waysOf(before, was.name)] },
  ];
}

/** A value for two columns side by side. */
export function inWords(value: Json): string {
  if (value === null) return "(removed)";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
