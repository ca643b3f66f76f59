import { describe, expect, it } from "vitest";
import { keeper } from "../src/canvas/keep";
import { placeByHand } from "../src/graph/placing";
import { distanceToLine, labelOf, route } from "../src/graph/routing";
import { buildScene } from "../src/graph/scene";
import { draft } from "./example";

const box = (x: number, y: number) => ({ x, y, width: 200, height: 60 });
const ONE = { index: 0, count: 1 };

describe("Lines between nodes placed by hand", () => {
  it("go straight down where they can", () => {
    const points = route(box(0, 0), box(0, 200), ONE);
    expect(points).toEqual([
      { x: 100, y: 60 },
      { x: 100, y: 200 },
    ]);
  });

  it("turn in right angles, and come in from above", () => {
    const cases = [box(300, 200), box(300, -200), box(20, -100), box(0, 30)];
    for (const to of cases) {
      const points = route(box(0, 0), to, ONE);
      points.slice(1).forEach((point, index) => {
        const before = points[index] ?? point;
        expect(point.x === before.x || point.y === before.y).toBe(true);
      });
      const [last, end] = [points.at(-2), points.at(-1)];
      expect(end).toEqual({ x: to.x + 100, y: to.y });
      expect(last && last.y < to.y && last.x === to.x + 100).toBe(true);
    }
  });

  it("leave a node beside each other, with labels apart", () => {
    const lines = [0, 1].map((index) => route(box(0, 0), box(0, 300), { index, count: 2 }));
    expect(lines[0]?.[0]?.x).toBeLessThan(lines[1]?.[0]?.x ?? 0);
    const [first, second] = lines.map((line, index) => labelOf(line, "yes", { index, count: 2 }));
    expect(first && second && first.y + first.height < second.y).toBe(true);
  });

  it("know how far a drop is from them", () => {
    const line = route(box(0, 0), box(0, 200), ONE);
    expect(distanceToLine({ x: 110, y: 130 }, line)).toBe(10);
  });
});

describe("A draft placed by hand", () => {
  const graph = draft(
    [
      { name: "ask", kind: "entity" },
      { name: "box", kind: "bot_action" },
      { name: "in", kind: "script", parent: "box" },
      { name: "new", kind: "message" },
    ],
    [
      ["ask", "box"],
      ["box", "new"],
      ["new", "@end"],
    ],
  );
  const id = (name: string) => graph.resolve(name) as string;
  const places = new Map([
    [id("ask"), { x: 0, y: 0 }],
    [id("in"), { x: 0, y: 300 }],
  ]);
  const layout = placeByHand(buildScene(graph, new Set()), graph, places);

  it("leaves nodes where they were put", () => {
    expect(layout.boxes.get(id("ask"))).toMatchObject({ x: 0, y: 0 });
  });

  it("draws a bot action round what is inside it", () => {
    const outer = layout.boxes.get(id("box"));
    expect(outer && outer.x < 0 && outer.y < 300 && outer.y + outer.height > 364).toBe(true);
  });

  it("finds a free place for what has none", () => {
    expect(layout.boxes.has(id("new"))).toBe(true);
  });

  it("draws every line", () => {
    expect([...layout.edges.values()].every(({ points }) => points.length >= 2)).toBe(true);
  });
});

describe("What did not change", () => {
  it("stays the same object, so that it is not drawn again", () => {
    const keep = keeper<{ id: string; data: { title: string } }>();
    const first = keep([
      { id: "a", data: { title: "A" } },
      { id: "b", data: { title: "B" } },
    ]);
    const second = keep([
      { id: "a", data: { title: "A" } },
      { id: "b", data: { title: "New" } },
    ]);
    expect(second[0]).toBe(first[0]);
    expect(second[1]).not.toBe(first[1]);
  });
});
