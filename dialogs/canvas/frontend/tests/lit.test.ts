import { describe, expect, it } from "vitest";
import { fold } from "../src/graph/lit";
import { buildScene } from "../src/graph/scene";
import type { Step, Trace } from "../src/wire/talk";
import { model } from "./example";

const graph = model();
const id = (name: string) => graph.resolve(name) as string;
const open = buildScene(graph, new Set());
const closed = buildScene(graph, new Set([id("updateIssueAction")]));
const through = (...names: (string | Step)[]): Trace => ({
  steps: names.map((step) => (typeof step === "string" ? { node: step, status: "done" } : step)),
});
const ends = (edges: ReadonlySet<string>, scene: typeof open) =>
  scene.edges
    .filter((edge) => edges.has(edge.id))
    .map(({ source, target }) => {
      const name = (end: string) => graph.nodes.get(end)?.name ?? end.split(":")[0];
      return `${name(source)} ${name(target)}`;
    });

describe("the path of a turn", () => {
  it("numbers the nodes in the order they were passed", () => {
    const lit = fold(through("issueKey", "chooseField", "issueKey"), "open", graph, open);
    expect(lit.nodes.get(id("issueKey"))).toEqual([1, 3]);
  });

  it("leaves out the steps of a sub-dialog, and waits at the node that started it", () => {
    const within = { status: "waiting", kind: "entity", task: "other", depth: 1 };
    const trace = through("issueKey", { node: "chooseField", ...within });
    const lit = fold(trace, "open", graph, open);
    expect([...lit.nodes.keys()]).toEqual([id("issueKey")]);
    expect(lit.waiting).toBe(id("issueKey"));
  });

  it("lights the ways between them", () => {
    const trace = through("chooseField", { node: "newLabel", status: "waiting" });
    expect(ends(fold(trace, "open", graph, open).edges, open)).toEqual(["chooseField newLabel"]);
  });

  it("goes into a bot action and out of it again", () => {
    const trace = through(
      "newLabel",
      "prepareUpdateIssuePayloadScript",
      "getResourceIdService",
      "updateIssueMessage",
      { node: "askAnother", status: "waiting" },
    );
    expect(ends(fold(trace, "open", graph, open).edges, open).sort()).toEqual([
      "getResourceIdService exit",
      "newLabel updateIssueAction",
      "prepareUpdateIssuePayloadScript getResourceIdService",
      "start prepareUpdateIssuePayloadScript",
      "updateIssueAction updateIssueMessage",
      "updateIssueMessage askAnother",
    ]);
  });

  it("is the same where the bot action has a step of its own", () => {
    const trace = through("newLabel", "updateIssueAction", "prepareUpdateIssuePayloadScript");
    expect(ends(fold(trace, "waiting", graph, open).edges, open)).toEqual([
      "newLabel updateIssueAction",
      "start prepareUpdateIssuePayloadScript",
    ]);
  });

  it("folds inner nodes onto a closed bot action", () => {
    const trace = through("newLabel", "prepareUpdateIssuePayloadScript", "getResourceIdService");
    const lit = fold(trace, "waiting", graph, closed);
    expect(lit.nodes.get(id("updateIssueAction"))).toEqual([2, 3]);
    expect(lit.waiting).toBe(id("updateIssueAction"));
    expect(ends(lit.edges, closed)).toEqual(["newLabel updateIssueAction"]);
  });

  it("marks the node that waits, and none once the dialog is over", () => {
    const asks = through({ node: "chooseField", kind: "entity", status: "waiting" });
    expect(fold(asks, "open", graph, open).waiting).toBe(id("chooseField"));
    const over = fold(through("askAnother", "rememberIssue"), "ended", graph, open);
    expect(over.waiting).toBeNull();
    expect(ends(over.edges, open)).toContain("rememberIssue end");
  });

  it("marks what failed and passes over nodes that are gone", () => {
    const trace = through("deletedSince", { node: "updateIssueService", error: "timed out" });
    const lit = fold(trace, "ended", graph, open);
    expect(lit.failed).toEqual(new Set([id("updateIssueService")]));
    expect(lit.nodes.size).toBe(1);
  });
});
