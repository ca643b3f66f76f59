import { readFileSync } from "node:fs";
import { buildModel } from "../src/graph/model";
import type { CanvasData, Condition, WireNode, WireTransition } from "../src/wire/canvas";

/** "Update an Issue" as the canvas endpoint sends it. */
export function updateAnIssue(): CanvasData {
  return JSON.parse(readFileSync(new URL("../dev/update-issue.json", import.meta.url), "utf8"));
}

export function model() {
  return buildModel(updateAnIssue());
}

/** A small draft in the words of a document: names instead of ids. */
export function draft(nodes: Partial<WireNode>[], ways: [string, string | null, Condition?][]) {
  const whole = nodes.map((node, index) => ({
    id: index + 1,
    name: `node${index + 1}`,
    kind: "script",
    title: "",
    parent: null,
    properties: {},
    ...node,
  }));
  const transitions = ways.map(
    ([source, target, condition], id): WireTransition => ({
      id,
      source,
      target,
      condition: condition ?? null,
    }),
  );
  return buildModel({ ...updateAnIssue(), nodes: whole, transitions, problems: [] });
}
