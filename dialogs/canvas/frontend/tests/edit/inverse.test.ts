import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, applyAll } from "../../src/edit/apply";
import { NO_HISTORY, record, redo, undo } from "../../src/edit/history";
import { invert, invertAll } from "../../src/edit/invert";
import { slim } from "../../src/edit/rebase";
import { squash } from "../../src/edit/squash";
import { anyDoc, anyOp, comparable, draft, node, row, way } from "./documents";

const many = { numRuns: 300 };

describe("Taking an edit back", () => {
  it("gives the draft of before, for every op of every draft", () => {
    fc.assert(
      fc.property(anyDoc, anyOp, (doc, op) => {
        const back = applyAll(apply(doc, op), invert(doc, op));
        expect(comparable(back)).toEqual(comparable(doc));
      }),
      many,
    );
  });

  it("works for rows of ops too", () => {
    fc.assert(
      fc.property(anyDoc, fc.array(anyOp, { maxLength: 8 }), (doc, ops) => {
        const back = applyAll(applyAll(doc, ops), invertAll(doc, ops));
        expect(comparable(back)).toEqual(comparable(doc));
      }),
      many,
    );
  });

  it("does not rewrite what mentioned the new name already", () => {
    const doc = draft([node("a"), node("c", { properties: { code: "context.a + context.b" } })]);
    const rename = { op: "rename_node", from: "a", to: "b" } as const;
    const renamed = apply(doc, rename);
    expect(renamed.nodes.get("c")?.properties.code).toBe("context.b + context.b");
    expect(comparable(applyAll(renamed, invert(doc, rename)))).toEqual(comparable(doc));
  });
});

describe("Fewer ops", () => {
  it("have the same effect when joined", () => {
    fc.assert(
      fc.property(anyDoc, fc.array(anyOp, { maxLength: 8 }), (doc, ops) => {
        expect(comparable(applyAll(doc, squash(ops)))).toEqual(comparable(applyAll(doc, ops)));
      }),
      many,
    );
  });

  it("have the same effect when they say only what changes", () => {
    fc.assert(
      fc.property(anyDoc, fc.array(anyOp, { maxLength: 8 }), (doc, ops) => {
        const slimmed = slim(doc, ops);
        expect(comparable(applyAll(doc, slimmed))).toEqual(comparable(applyAll(doc, ops)));
        expect(slim(applyAll(doc, ops), [])).toEqual([]);
      }),
      many,
    );
  });

  it("leave out an edit that changes nothing", () => {
    const doc = draft([node("a", { properties: { code: "1" } })]);
    expect(slim(doc, [{ op: "set_node", name: "a", properties: { code: "1" } }])).toEqual([]);
    expect(slim(doc, [{ op: "remove_node", name: "gone" }])).toEqual([]);
  });
});

describe("Undo and redo", () => {
  it("go back to the beginning and forth to the end, however many steps there are", () => {
    fc.assert(
      fc.property(anyDoc, fc.array(anyOp, { maxLength: 12 }), (begin, ops) => {
        let doc = begin;
        let history = NO_HISTORY;
        for (const op of ops) {
          history = record(history, doc, { label: op.op, ops: [op] }, 0);
          doc = apply(doc, op);
        }
        const end = comparable(doc);
        for (let step = undo(history, doc); step; step = undo(history, doc)) {
          ({ history, doc } = step);
        }
        expect(comparable(doc)).toEqual(comparable(begin));
        for (let step = redo(history, doc); step; step = redo(history, doc)) {
          ({ history, doc } = step);
        }
        expect(comparable(doc)).toEqual(end);
      }),
      many,
    );
  });

  it("take typing one title as one step, and a pause as its end", () => {
    let doc = row("a");
    let history = NO_HISTORY;
    const type = (title: string, at: number) => {
      const edit = { label: "Title", ops: [{ op: "set_node", name: "a", title } as const] };
      history = record(history, doc, { ...edit, gesture: "a title" }, at);
      doc = applyAll(doc, edit.ops);
    };
    type("H", 0);
    type("He", 100);
    type("Hey", 300);
    expect(history.done).toHaveLength(1);
    type("Hey!", 9_000);
    expect(history.done).toHaveLength(2);
    expect(undo(history, doc)?.doc.nodes.get("a")?.title).toBe("Hey");
  });

  it("forget what was undone when something else is done", () => {
    const doc = row("a");
    const first = record(
      NO_HISTORY,
      doc,
      { label: "x", ops: [{ op: "remove_node", name: "a" }] },
      0,
    );
    const undone = undo(first, apply(doc, { op: "remove_node", name: "a" }));
    const again = record(
      undone?.history ?? NO_HISTORY,
      doc,
      { label: "y", ops: [{ op: "set_node", name: "a", title: "A" }] },
      0,
    );
    expect(again.undone).toEqual([]);
  });
});

describe("Deleting a node", () => {
  it("leaves what led to it not connected, and takes along what is inside", () => {
    const doc = draft(
      [node("x"), node("box", { kind: "bot_action" }), node("in", { parent: "box" })],
      {
        x: [way("box")],
        in: [way("@end_of_action")],
      },
    );
    const after = apply(doc, { op: "remove_node", name: "box" });
    expect([...after.nodes.keys()]).toEqual(["x"]);
    expect(after.ways.get("x")).toEqual([way(null)]);
    expect(after.ways.has("in")).toBe(false);
  });
});
