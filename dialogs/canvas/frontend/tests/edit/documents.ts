/** Small drafts, and generated drafts with edits of them. */
import fc from "fast-check";
import { applyAll } from "../../src/edit/apply";
import { connect } from "../../src/edit/connect";
import { type Doc, type DocNode, type DocWay, EMPTY_DOC } from "../../src/edit/document";
import type { Op } from "../../src/edit/ops";

export function node(name: string, more: Partial<DocNode> = {}): DocNode {
  return { name, kind: "script", title: "", parent: null, properties: {}, position: null, ...more };
}

export function way(target: string | null, more: Partial<DocWay> = {}): DocWay {
  return { target, condition: null, label: "", ...more };
}

export function draft(nodes: DocNode[], ways: Record<string, DocWay[]> = {}): Doc {
  return {
    ...EMPTY_DOC,
    task: { ...EMPTY_DOC.task, start: nodes[0]?.name ?? "" },
    nodes: new Map(nodes.map((one) => [one.name, one])),
    ways: new Map(Object.entries(ways)),
  };
}

/** a → b → c */
export function row(...names: string[]): Doc {
  const plain = draft(names.map((name) => node(name)));
  return names
    .slice(1)
    .reduce((doc, name, at) => applyAll(doc, connect(doc, names[at] as string, name)), plain);
}

/** Equal whatever the order of nodes: that has no meaning. */
export function comparable(doc: Doc) {
  const byName = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const notes = [...doc.notes].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ways = byName(doc.ways).filter(([, list]) => list.length > 0);
  return { task: doc.task, nodes: byName(doc.nodes), ways, notes };
}

const NAMES = ["a", "b", "c", "d", "e"];
const names = fc.constantFrom(...NAMES);
const text = fc.constantFrom(
  "hello",
  "{{context.a.response.body}}",
  "context.b + context.entities.c",
  '{{context["d"]}}',
);
const properties = fc.dictionary(fc.constantFrom("first", "text", "code"), text, { maxKeys: 3 });
const ways = fc.array(
  fc.record({
    target: fc.oneof(names, fc.constant(null), fc.constant("@end")),
    condition: fc.oneof(
      fc.constant(null),
      fc.record({
        match: fc.constant("all" as const),
        criteria: fc.array(
          fc.record({
            subject: fc.constantFrom("context", "entity"),
            key: fc.constantFrom("a", "b.response.statusCode", "entities.c"),
            operator: fc.constant("equals"),
            value: fc.integer(),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    ),
    label: fc.constantFrom("", "yes"),
  }),
  { maxLength: 3 },
);
const place = fc.oneof(
  fc.constant(null),
  fc.record({ x: fc.integer({ max: 99 }), y: fc.integer({ max: 99 }) }),
);
const note = fc.record({
  id: fc.constantFrom("n1", "n2"),
  text,
  position: fc.constant({ x: 1, y: 2 }),
  size: fc.constant({ width: 10, height: 10 }),
  colour: fc.constant("blue"),
  members: fc.subarray(NAMES),
});

export const anyOp: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    op: fc.constant("add_node" as const),
    node: fc.record({ name: names, kind: fc.constant("script"), properties }),
  }),
  fc.record({ op: fc.constant("remove_node" as const), name: names }),
  fc.record({
    op: fc.constant("set_node" as const),
    name: names,
    title: text,
    properties,
    position: place,
  }),
  fc.record({ op: fc.constant("rename_node" as const), from: names, to: names }),
  fc.record({ op: fc.constant("set_transitions" as const), source: names, transitions: ways }),
  fc.record({ op: fc.constant("set_task" as const), title: text, start: names }),
  fc.record({ op: fc.constant("set_note" as const), note }),
  fc.record({ op: fc.constant("remove_note" as const), id: fc.constantFrom("n1", "n2") }),
);

export const anyDoc: fc.Arbitrary<Doc> = fc
  .array(anyOp, { maxLength: 20 })
  .map((ops) => applyAll(draft([node("a"), node("b")]), ops));
