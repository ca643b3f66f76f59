/** What a draft is after an op. An op about what is not there changes nothing. */
import type { JsonObject } from "../wire/canvas";
import { type Doc, type DocNode, type DocWay, noteOf } from "./document";
import { type Renaming, renameInCondition, renameInProperties } from "./mentions";
import type { AddNode, Op, RenameNode, SetNode, SetTask } from "./ops";

export function applyAll(doc: Doc, ops: readonly Op[]): Doc {
  return ops.reduce(apply, doc);
}

export function apply(doc: Doc, op: Op): Doc {
  switch (op.op) {
    case "add_node":
      return doc.nodes.has(op.node.name)
        ? doc
        : { ...doc, nodes: new Map(doc.nodes).set(op.node.name, whole(op.node)) };
    case "remove_node":
      return doc.nodes.has(op.name) ? without(doc, op.name) : doc;
    case "set_node":
      return setNode(doc, op);
    case "rename_node":
      return rename(doc, op);
    case "set_transitions":
      return doc.nodes.has(op.source) ? setWays(doc, op.source, op.transitions) : doc;
    case "set_task":
      return { ...doc, task: { ...doc.task, ...given(op) } };
    case "set_notes":
      return { ...doc, notes: op.notes.map(noteOf) };
    case "set_note":
      return { ...doc, notes: [...withoutNote(doc, op.note.id), noteOf(op.note)] };
    case "remove_note":
      return { ...doc, notes: withoutNote(doc, op.id) };
  }
}

function whole(node: AddNode["node"]): DocNode {
  return { title: "", parent: null, properties: {}, position: null, ...node };
}

function withoutNote(doc: Doc, id: string) {
  return doc.notes.filter((note) => note.id !== id);
}

function given({ op: _, ...fields }: SetTask) {
  return fields;
}

function setNode(doc: Doc, { op: _, name, properties_patch: patch, ...fields }: SetNode): Doc {
  const node = doc.nodes.get(name);
  if (!node) return doc;
  const properties = patch ? patched(node.properties, patch) : node.properties;
  return { ...doc, nodes: new Map(doc.nodes).set(name, { ...node, properties, ...fields }) };
}

function patched(properties: JsonObject, patch: JsonObject): JsonObject {
  const entries = Object.entries({ ...properties, ...patch });
  return Object.fromEntries(entries.filter(([key]) => patch[key] !== null));
}

function setWays(doc: Doc, source: string, transitions: readonly DocWay[]): Doc {
  const ways = new Map(doc.ways);
  if (transitions.length > 0) ways.set(source, transitions);
  else ways.delete(source);
  return { ...doc, ways };
}

/** With everything inside it; ways that led to any of it stay, not connected. */
function without(doc: Doc, name: string): Doc {
  const gone = new Set([name]);
  for (const node of doc.nodes.values()) if (node.parent === name) gone.add(node.name);
  const nodes = new Map([...doc.nodes].filter(([one]) => !gone.has(one)));
  const ways = new Map(
    [...doc.ways]
      .filter(([source]) => !gone.has(source))
      .map(([source, list]) => [source, list.some(leadsTo(gone)) ? list.map(cut(gone)) : list]),
  );
  return { ...doc, nodes, ways };
}

function leadsTo(gone: ReadonlySet<string>) {
  return ({ target }: DocWay) => target !== null && gone.has(target);
}

function cut(gone: ReadonlySet<string>) {
  return (way: DocWay) => (leadsTo(gone)(way) ? { ...way, target: null } : way);
}

function rename(doc: Doc, { from, to }: RenameNode): Doc {
  if (from === to || !doc.nodes.has(from) || doc.nodes.has(to)) return doc;
  const renaming = { from, to };
  const called = (name: string | null) => (name === from ? to : name);
  return {
    task: doc.task.start === from ? { ...doc.task, start: to } : doc.task,
    nodes: new Map(
      [...doc.nodes.values()].map((node) => {
        const renamed = renameNode(node, renaming);
        return [renamed.name, renamed];
      }),
    ),
    ways: new Map(
      [...doc.ways].map(([source, list]) => [
        called(source) as string,
        list.map((way) => renameWay(way, renaming)),
      ]),
    ),
    notes: doc.notes.map((note) =>
      note.members.includes(from)
        ? { ...note, members: note.members.map((name) => called(name) as string) }
        : note,
    ),
  };
}

function renameNode(node: DocNode, renaming: Renaming): DocNode {
  const { from, to } = renaming;
  const properties = renameInProperties(node.properties, renaming);
  const same = properties === node.properties && node.name !== from && node.parent !== from;
  if (same) return node;
  return {
    ...node,
    name: node.name === from ? to : node.name,
    parent: node.parent === from ? to : node.parent,
    properties,
  };
}

function renameWay(way: DocWay, renaming: Renaming): DocWay {
  const condition = renameInCondition(way.condition, renaming);
  const target = way.target === renaming.from ? renaming.to : way.target;
  return condition === way.condition && target === way.target ? way : { ...way, target, condition };
}
