import ELK from "elkjs/lib/elk.bundled.js";
import { beforeAll, describe, expect, it } from "vitest";
import { type Box, type Layout, layOut } from "../src/graph/layout";
import { arrowHead, roundedPath } from "../src/graph/lines";
import { neighbour } from "../src/graph/neighbours";
import { buildScene, type Scene } from "../src/graph/scene";
import { draft, model } from "./example";

const elk = new ELK();

const graph = model();
let scene: Scene;
let layout: Layout;
beforeAll(async () => {
  scene = buildScene(graph, new Set());
  layout = await layOut(scene, graph, elk);
});

const boxOf = (name: string) => layout.boxes.get(graph.resolve(name) as string) as Box;
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("the automatic layout", () => {
  it("places every node and every edge", () => {
    expect([...layout.boxes.keys()].sort()).toEqual(scene.nodes.map(({ id }) => id).sort());
    expect([...layout.edges.keys()].sort()).toEqual(scene.edges.map(({ id }) => id).sort());
  });

  it("runs from the top down and keeps the order of branches", () => {
    expect(boxOf("issueKey").y).toBeGreaterThan(boxOf("updateIssue").y);
    expect(boxOf("updatedSummary").x).toBeLessThan(boxOf("newLabel").x);
  });

  it("draws inner nodes inside their bot action", () => {
    const outer = boxOf("updateIssueAction");
    const inner = boxOf("updateIssueService");
    expect(inner.x).toBeGreaterThan(outer.x);
    expect(inner.x + inner.width).toBeLessThan(outer.x + outer.width);
    expect(inner.y + inner.height).toBeLessThan(outer.y + outer.height);
  });

  it("lets no label lie on a node or another label", () => {
    const open = new Set(scene.nodes.filter((node) => node.open).map(({ id }) => id));
    const solid = [...layout.boxes].filter(([id]) => !open.has(id)).map(([, box]) => box);
    const labels = [...layout.edges.values()].flatMap(({ label }) => (label ? [label] : []));
    expect(labels.length).toBeGreaterThan(5);
    labels.forEach((label, index) => {
      const others = labels.filter((_, other) => other !== index);
      expect([...solid, ...others].some((box) => overlap(label, box))).toBe(false);
    });
  });

  it("starts and ends every edge at its nodes", () => {
    for (const edge of scene.edges) {
      const { points } = layout.edges.get(edge.id) ?? { points: [] };
      const source = layout.boxes.get(edge.source) as Box;
      const target = layout.boxes.get(edge.target) as Box;
      expect(points[0]?.y).toBeCloseTo(source.y + source.height, 0);
      expect(points.at(-1)?.y).toBeCloseTo(target.y, 0);
    }
  });

  it("copes with a dialog that has no nodes, and with a node that leads to itself", async () => {
    const empty = draft([], []);
    expect((await layOut(buildScene(empty, new Set()), empty, elk)).boxes.size).toBe(0);
    const loop = draft([{ name: "again" }], [["again", "again"]]);
    expect((await layOut(buildScene(loop, new Set()), loop, elk)).boxes.size).toBe(1);
  });
});

describe("a closed bot action", () => {
  it("hides its inner nodes and their edges", () => {
    const id = graph.resolve("updateIssueAction") as string;
    const closed = buildScene(graph, new Set([id]));
    expect(closed.nodes.some((node) => node.parent === id)).toBe(false);
    expect(closed.edges.some((edge) => edge.source === graph.resolve("updateIssueService"))).toBe(
      false,
    );
    expect(closed.edges.some((edge) => edge.source === id)).toBe(true);
  });

  it("still shows where its inner nodes lead when they fail, as it does when it is open", () => {
    const failing = draft(
      [
        { name: "box", kind: "bot_action", properties: { first: "call" } },
        { name: "call", title: "Call", parent: "box", properties: { on_failure: "sorry" } },
        { name: "sorry" },
      ],
      [],
    );
    const box = failing.resolve("box") as string;
    for (const hidden of [new Set<string>(), new Set([box])]) {
      const ways = buildScene(failing, hidden).edges.filter((edge) => edge.fallback);
      expect(ways).toMatchObject([{ source: box, label: "Call: on failure" }]);
    }
  });
});

describe("ways", () => {
  it("bend with rounded corners", () => {
    const corner = [
      { x: 0, y: 0 },
      { x: 0, y: 20 },
      { x: 30, y: 20 },
    ];
    expect(roundedPath(corner)).toBe("M0,0L0,12Q0,20 8,20L30,20");
  });

  it("point the way they come in", () => {
    const down = [
      { x: 5, y: 0 },
      { x: 5, y: 20 },
    ];
    expect(arrowHead(down)).toBe("M0.5,12L5,20L9.5,12Z");
  });
});

describe("arrow keys", () => {
  it("go to the nearest node in that direction", () => {
    const at = (x: number, y: number) => ({ x, y, width: 10, height: 10 });
    const boxes = new Map([
      ["here", at(0, 0)],
      ["below", at(5, 40)],
      ["aside", at(60, 20)],
    ]);
    expect(neighbour(boxes, "here", "down")).toBe("below");
    expect(neighbour(boxes, "here", "right")).toBe("aside");
    expect(neighbour(boxes, "here", "up")).toBeNull();
  });
});
