/** What takes an op back: ops to be applied in order to the draft the op made. */
import { apply } from "./apply";
import { type Doc, waysOf } from "./document";
import type { Op, SetNode, SetTask } from "./ops";

export function invert(doc: Doc, op: Op): Op[] {
  switch (op.op) {
    case "add_node":
      return doc.nodes.has(op.node.name) ? [] : takeAway(doc, op.node.name);
    case "remove_node":
      return putBack(doc, op.name);
    case "set_node":
      return setBack(doc, op);
    case "rename_node":
      return renameBack(doc, op.from, op.to);
    case "set_transitions":
      if (!doc.nodes.has(op.source)) return [];
      return [{ ...op, transitions: [...waysOf(doc, op.source)] }];
    case "set_task":
      return [taskBack(doc, op)];
    case "set_notes":
      return [{ op: "set_notes", notes: [...doc.notes] }];
    case "set_note":
    case "remove_note":
      return noteBack(doc, op.op === "set_note" ? op.note.id : op.id);
  }
}

/** The inverse of a row of ops, each inverted where it was applied. */
export function invertAll(doc: Doc, ops: readonly Op[]): Op[] {
  let now = doc;
  const inverses: Op[][] = [];
  for (const op of ops) {
    inverses.unshift(invert(now, op));
    now = apply(now, op);
  }
  return inverses.flat();
}

/** Ways that named it before it was there go on naming it. */
function takeAway(doc: Doc, name: string): Op[] {
  const ways = [...doc.ways].filter(([, list]) => list.some(({ target }) => target === name));
  return [
    { op: "remove_node", name },
    ...ways.map(
      ([source, list]): Op => ({ op: "set_transitions", source, transitions: [...list] }),
    ),
  ];
}

function putBack(doc: Doc, name: string): Op[] {
  const node = doc.nodes.get(name);
  if (!node) return [];
  const inside = [...doc.nodes.values()].filter((one) => one.parent === name);
  const back = [node, ...inside];
  const names = new Set(back.map((one) => one.name));
  const ways = [...doc.ways].filter(
    ([source, list]) =>
      names.has(source) || list.some(({ target }) => target !== null && names.has(target)),
  );
  return [
    ...back.map((one): Op => ({ op: "add_node", node: one })),
    ...ways.map(
      ([source, list]): Op => ({ op: "set_transitions", source, transitions: [...list] }),
    ),
  ];
}

function setBack(doc: Doc, op: SetNode): Op[] {
  const node = doc.nodes.get(op.name);
  if (!node) return [];
  const back: SetNode = { op: "set_node", name: op.name };
  if (op.title !== undefined) back.title = node.title;
  if (op.properties !== undefined) back.properties = node.properties;
  else if (op.properties_patch) {
    const keys = Object.keys(op.properties_patch);
    back.properties_patch = Object.fromEntries(
      keys.map((key) => [key, node.properties[key] ?? null]),
    );
  }
  if (op.position !== undefined) back.position = node.position;
  if (op.parent !== undefined) back.parent = node.parent;
  return [back];
}

/** What mentioned the new name before the renaming must not be rewritten with it. */
function renameBack(doc: Doc, from: string, to: string): Op[] {
  if (from === to || !doc.nodes.has(from) || doc.nodes.has(to)) return [];
  const renamed = apply(doc, { op: "rename_node", from, to });
  const back = apply(renamed, { op: "rename_node", from: to, to: from });
  const ops: Op[] = [{ op: "rename_node", from: to, to: from }];
  for (const node of doc.nodes.values()) {
    if (!same(back.nodes.get(node.name)?.properties, node.properties)) {
      ops.push({ op: "set_node", name: node.name, properties: node.properties });
    }
  }
  for (const [source, list] of doc.ways) {
    if (!same(back.ways.get(source), list)) {
      ops.push({ op: "set_transitions", source, transitions: [...list] });
    }
  }
  for (const note of doc.notes) {
    const now = back.notes.find(({ id }) => id === note.id);
    if (!same(now, note)) ops.push({ op: "set_note", note });
  }
  const { start } = doc.task;
  if (back.task.start !== start) ops.push({ op: "set_task", start });
  return ops;
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function noteBack(doc: Doc, id: string): Op[] {
  const note = doc.notes.find((one) => one.id === id);
  return [note ? { op: "set_note", note } : { op: "remove_note", id }];
}

function taskBack({ task }: Doc, op: SetTask): Op {
  const back: SetTask = { op: "set_task" };
  if (op.title !== undefined) back.title = task.title;
  if (op.description !== undefined) back.description = task.description;
  if (op.start !== undefined) back.start = task.start;
  if (op.settings !== undefined) back.settings = task.settings;
  return back;
}
