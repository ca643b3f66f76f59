import { describe, expect, it } from "vitest";
import { applyAll } from "../../src/edit/apply";
import { align, arrange, distribute, moveBy, moveTo } from "../../src/edit/arrange";
import { copyNodes, pasteNodes, readClip } from "../../src/edit/clipboard";
import {
  connect,
  connectTrouble,
  moveWay,
  reattach,
  reattachTrouble,
} from "../../src/edit/connect";
import { wayId } from "../../src/edit/document";
import { insertNode, putOnWay } from "../../src/edit/insert";
import { freeName, nameFrom, nameTrouble } from "../../src/edit/names";
import { groupNodes } from "../../src/edit/notes";
import { removeNodes } from "../../src/edit/remove";
import { draft, node, row, way } from "./documents";

const SCRIPT = { kind: "script", title: "Script", silent: true, defaults: { code: "" } };
const ASK = { kind: "entity", title: "Entity", silent: false, defaults: {} };

const ASKS = { match: "all" as const, criteria: [] };

describe("Adding a node", () => {
  it("on a line puts it in between and keeps the line's condition", () => {
    const condition = { match: "all" as const, criteria: [] };
    const doc = draft([node("a"), node("b")], { a: [way("b", { condition }), way("@end")] });
    const { name, ops } = insertNode(doc, SCRIPT, { way: `t${wayId("a", 0)}` });
    const after = applyAll(doc, ops);
    expect(after.ways.get("a")).toEqual([way(name, { condition }), way("@end")]);
    expect(after.ways.get(name)).toEqual([way("b")]);
  });

  it("behind a node goes on to what that node went on to", () => {
    const doc = row("a", "b");
    const { name, ops } = insertNode(doc, SCRIPT, { after: "a" });
    const after = applyAll(doc, ops);
    expect(after.ways.get("a")?.[0]?.target).toBe(name);
    expect(after.ways.get(name)?.[0]?.target).toBe("b");
  });

  it("in an empty bot action makes it the first", () => {
    const doc = draft([node("box", { kind: "bot_action" })]);
    const { name, ops } = insertNode(doc, SCRIPT, { parent: "box" });
    const after = applyAll(doc, ops);
    expect(after.nodes.get(name)?.parent).toBe("box");
    expect(after.nodes.get("box")?.properties.first).toBe(name);
  });

  it("that talks to people goes outside a bot action, and says so", () => {
    const doc = draft([node("box", { kind: "bot_action" })]);
    const { name, ops, notice } = insertNode(doc, ASK, { parent: "box" });
    expect(applyAll(doc, ops).nodes.get(name)?.parent).toBeNull();
    expect(notice).toContain("cannot be inside a bot action");
  });

  it("behind a step of a bot action goes behind the bot action if it talks to people", () => {
    const doc = draft([node("box", { kind: "bot_action" }), node("in", { parent: "box" })]);
    const { name, ops } = insertNode(doc, ASK, { after: "in" });
    expect(applyAll(doc, ops).ways.get("box")).toEqual([way(name)]);
  });

  it("that is an intent begins a task that has no start", () => {
    const doc = draft([]);
    const intent = { ...ASK, kind: "intent" };
    const { name, ops } = insertNode(doc, intent, {});
    expect(applyAll(doc, ops).task.start).toBe(name);
  });

  it("of one that is there and has no lines puts it on a line", () => {
    const doc = draft([node("a"), node("b"), node("loose")], { a: [way("b")] });
    const after = applyAll(doc, putOnWay(doc, "loose", `t${wayId("a", 0)}`));
    expect(after.ways.get("loose")).toEqual([way("b")]);
  });
});

describe("Connecting", () => {
  it("fills a way that is not connected first", () => {
    const doc = draft([node("a"), node("b")], { a: [way(null, { label: "x" })] });
    expect(applyAll(doc, connect(doc, "a", "b")).ways.get("a")).toEqual([way("b", { label: "x" })]);
  });

  it("asks the usual question before the else", () => {
    const doc = draft([node("ask", { kind: "confirmation" }), node("b"), node("c")], {
      ask: [way("b")],
    });
    const ways = applyAll(doc, connect(doc, "ask", "c")).ways.get("ask");
    expect(ways?.map(({ target }) => target)).toEqual(["c", "b"]);
    expect(ways?.[0]?.condition?.criteria[0]).toMatchObject({
      subject: "confirmation",
      value: "yes",
    });
  });

  it("does not cross the border of a bot action, and says why", () => {
    const doc = draft([node("a"), node("box"), node("in", { parent: "box" })]);
    expect(connectTrouble(doc, "a", "in")).toContain("border of a bot action");
    expect(connect(doc, "a", "in")).toEqual([]);
  });

  it("gives the root intent another way, not a second one", () => {
    const doc = draft([node("root", { kind: "intent" }), node("b"), node("c")], {
      root: [way("b")],
    });
    expect(applyAll(doc, connect(doc, "root", "c")).ways.get("root")).toEqual([way("c")]);
  });

  it("leads a line elsewhere with its condition and label", () => {
    const asks = { condition: ASKS, label: "x" };
    const doc = draft([node("a"), node("b"), node("c")], { a: [way("b", asks), way("b")] });
    const after = applyAll(doc, reattach(doc, wayId("a", 0), "target", "c"));
    expect(after.ways.get("a")).toEqual([way("c", asks), way("b")]);
  });

  it("lets a line begin elsewhere, before the else of that node", () => {
    const asks = { condition: ASKS, label: "x" };
    const doc = draft([node("a"), node("b"), node("c")], { a: [way("c", asks)], b: [way("c")] });
    const after = applyAll(doc, reattach(doc, wayId("a", 0), "source", "b"));
    expect(after.ways.get("a") ?? []).toEqual([]);
    expect(after.ways.get("b")).toEqual([way("c", asks), way("c")]);
  });

  it("gives a second else that comes from elsewhere a question of its own", () => {
    const doc = draft([node("a"), node("ask", { kind: "confirmation" }), node("c")], {
      a: [way("c")],
      ask: [way("a")],
    });
    const ways = applyAll(doc, reattach(doc, wayId("a", 0), "source", "ask")).ways.get("ask");
    expect(ways?.map(({ target, condition }) => [target, condition !== null])).toEqual([
      ["c", true],
      ["a", false],
    ]);
  });

  it("changes nothing where a line cannot go, is there already, or is gone", () => {
    const nodes = [node("a"), node("b"), node("box"), node("in", { parent: "box" })];
    const doc = draft(nodes, { a: [way("b")] });
    expect(reattachTrouble(doc, wayId("a", 0), "target", "in")).toContain("border");
    expect(reattach(doc, wayId("a", 0), "target", "in")).toEqual([]);
    expect(reattach(doc, wayId("a", 0), "target", "b")).toEqual([]);
    expect(reattach(doc, wayId("a", 0), "source", "a")).toEqual([]);
    expect(reattach(doc, wayId("a", 7), "target", "a")).toEqual([]);
  });

  it("puts a condition where it is dragged to", () => {
    const doc = draft([node("a"), node("b"), node("c")], { a: [way("b"), way("c"), way("@end")] });
    const targets = applyAll(doc, moveWay(doc, "a", 2, 0))
      .ways.get("a")
      ?.map((one) => one.target);
    expect(targets).toEqual(["@end", "b", "c"]);
  });
});

describe("Deleting nodes", () => {
  it("joins what led to them with where they led", () => {
    const doc = row("a", "b", "c", "d");
    const after = applyAll(doc, removeNodes(doc, ["b", "c"]));
    expect(after.ways.get("a")).toEqual([way("d")]);
  });

  it("leaves it open where that is not plain", () => {
    const doc = draft([node("a"), node("b"), node("c")], {
      a: [way("b")],
      b: [way("c", { condition: { criteria: [] } }), way("@end")],
    });
    expect(applyAll(doc, removeNodes(doc, ["b"])).ways.get("a")).toEqual([way(null)]);
  });

  it("lets a bot action begin with what followed its first step", () => {
    const box = node("box", { kind: "bot_action", properties: { first: "x" } });
    const doc = draft([box, node("x", { parent: "box" }), node("y", { parent: "box" })], {
      x: [way("y")],
    });
    expect(applyAll(doc, removeNodes(doc, ["x"])).nodes.get("box")?.properties.first).toBe("y");
  });

  it("dissolves a group that nothing is left in", () => {
    const doc = row("a", "b");
    const grouped = applyAll(doc, groupNodes(doc, "g", ["b"]));
    expect(applyAll(grouped, removeNodes(grouped, ["b"])).notes).toEqual([]);
  });
});

describe("Copy and paste", () => {
  const doc = draft(
    [
      node("ask", { kind: "entity", position: { x: 0, y: 0 } }),
      node("say", { properties: { text: "{{context.entities.ask}} and {{context.other.x}}" } }),
      node("far"),
    ],
    { ask: [way("say")], say: [way("far")] },
  );
  const clip = readClip(copyNodes(doc, ["ask", "say"]));

  it("finds free names and lets mentions follow them", () => {
    const after = applyAll(doc, clip ? pasteNodes(doc, clip).ops : []);
    expect(after.nodes.get("say2")?.properties.text).toBe(
      "{{context.entities.ask2}} and {{context.other.x}}",
    );
    expect(after.ways.get("ask2")).toEqual([way("say2")]);
  });

  it("leaves lines open that led out of what was copied", () => {
    const after = applyAll(doc, clip ? pasteNodes(doc, clip).ops : []);
    expect(after.ways.has("say2")).toBe(false);
  });

  it("works in another task as it is", () => {
    const other = row("x");
    const pasted = clip ? pasteNodes(other, clip) : null;
    expect(pasted?.names).toEqual(["ask", "say"]);
  });

  it("takes the steps of a bot action along", () => {
    const box = draft([node("box", { kind: "bot_action" }), node("in", { parent: "box" })]);
    const copied = readClip(copyNodes(box, ["box"]));
    const after = applyAll(box, copied ? pasteNodes(box, copied).ops : []);
    expect(after.nodes.get("in2")?.parent).toBe("box2");
  });

  it("does not take other text for nodes", () => {
    expect(readClip("hello")).toBeNull();
    expect(readClip('{"nodes": []}')).toBeNull();
    expect(readClip('{"format": "xoplatform-dialog-nodes", "nodes": [{"name": 1}]}')).toBeNull();
  });
});

describe("Placing by hand", () => {
  const areas = new Map([
    ["a", { x: 0, y: 0, width: 100, height: 50 }],
    ["b", { x: 30, y: 100, width: 200, height: 50 }],
    ["c", { x: 10, y: 400, width: 100, height: 50 }],
  ]);
  const doc = row("a", "b", "c");

  it("keeps the others where they are seen when the first one is moved", () => {
    const after = applyAll(doc, moveTo(doc, new Map([["a", { x: 5.4, y: 7 }]]), areas));
    expect(after.nodes.get("a")?.position).toEqual({ x: 5, y: 7 });
    expect(after.nodes.get("c")?.position).toEqual({ x: 10, y: 400 });
  });

  it("aligns edges and centres", () => {
    const left = applyAll(doc, align(doc, ["a", "b"], "left", areas));
    expect(left.nodes.get("b")?.position).toEqual({ x: 0, y: 100 });
    const right = applyAll(doc, align(doc, ["a", "b"], "right", areas));
    expect(right.nodes.get("a")?.position).toEqual({ x: 130, y: 0 });
  });

  it("distributes with equal gaps", () => {
    const after = applyAll(doc, distribute(doc, ["a", "b", "c"], "y", areas));
    expect(after.nodes.get("b")?.position?.y).toBe(200);
  });

  it("moves what is inside a bot action with it", () => {
    const box = draft([
      node("box", { kind: "bot_action", position: { x: 0, y: 0 } }),
      node("in", { parent: "box", position: { x: 10, y: 10 } }),
    ]);
    const after = applyAll(box, moveBy(box, ["box"], { x: 5, y: 5 }, new Map()));
    expect(after.nodes.get("in")?.position).toEqual({ x: 15, y: 15 });
  });

  it("gives every place back to the layout", () => {
    const placed = applyAll(doc, moveTo(doc, new Map([["a", { x: 9, y: 9 }]]), areas));
    const after = applyAll(placed, arrange(placed));
    expect([...after.nodes.values()].every(({ position }) => position === null)).toBe(true);
  });
});

describe("Names", () => {
  it("come from titles, and are free", () => {
    expect(nameFrom("Which project?")).toBe("whichProject");
    expect(freeName(row("ask", "ask2"), "ask")).toBe("ask3");
  });

  it("are refused with the reason", () => {
    const doc = row("a", "b");
    expect(nameTrouble(doc, "a b", "a")).toContain("no spaces");
    expect(nameTrouble(doc, "b", "a")).toContain("Another node");
    expect(nameTrouble(doc, "a", "a")).toBeNull();
  });
});
