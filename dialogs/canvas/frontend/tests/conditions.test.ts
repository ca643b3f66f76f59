import { describe, expect, it } from "vitest";
import { conditionWords } from "../src/graph/conditions";
import type { Condition, Criterion } from "../src/wire/canvas";
import { draft, model } from "./example";

const when = (...criteria: Criterion[]): Condition => ({ match: "all", criteria });
const is = (subject: string, key: string, value: Criterion["value"]): Criterion => ({
  subject,
  key,
  operator: "equals",
  value: value ?? null,
});

describe("a condition in words", () => {
  it.each([
    [when(is("entity", "chooseField", "summary")), "is summary"],
    [when(is("entity", "issueKey", "DEMO-1")), "issueKey is DEMO-1"],
    [when({ subject: "entity", key: "chooseField", operator: "exists" }), "is known"],
    [
      when({ subject: "context", key: "context.total", operator: "gte", value: 3 }),
      "total is at least 3",
    ],
    [when(is("context", "chooseField.response.statusCode", 204)), "status is 204"],
    [when(is("context", "context.getIssue.response.statusCode", 404)), "status of getIssue is 404"],
    [when(is("context", "chooseField.response.outcome", "timed_out")), "timed out"],
    [when(is("context", "getIssue.response.outcome", "answered")), "getIssue is answered"],
    [when(is("confirmation", "chooseField", "yes")), "yes"],
    [when(is("confirmation", "chooseField", false)), "no"],
    [when(is("intent", "", "createIssue")), "asks for createIssue"],
    [when(is("entity", "chooseField", { from: "context.entities.last" })), "is last"],
  ])("%j", (condition, words) => {
    expect(conditionWords(condition, "chooseField")).toBe(words);
  });

  it("joins criteria by and, or by or", () => {
    const criteria = [is("entity", "a", 1), is("entity", "b", 2)];
    expect(conditionWords({ match: "all", criteria })).toBe("a is 1 and b is 2");
    expect(conditionWords({ match: "any", criteria })).toBe("a is 1 or b is 2");
  });

  it("calls nodes by their titles", () => {
    const titles = (name: string) => (name === "getIssue" ? "Read the issue" : undefined);
    const condition = when(is("context", "getIssue.response.statusCode", 200));
    expect(conditionWords(condition, "other", titles)).toBe("status of Read the issue is 200");
  });
});

describe("the label of a way", () => {
  const labels = (graph: ReturnType<typeof draft>, name: string) =>
    graph.outgoing.get(graph.resolve(name) as string)?.map(({ label }) => label);

  it("is what the author wrote, or else the condition, or otherwise", () => {
    expect(labels(model(), "chooseField")).toEqual(["is summary", "otherwise"]);
    expect(labels(model(), "updateIssueService")).toEqual(["status is 204", "otherwise"]);
  });

  it("is empty for the only way on", () => {
    expect(labels(model(), "issueKey")).toEqual([""]);
  });

  it("tells a failure from what was chosen", () => {
    const graph = draft(
      [{ name: "call", properties: { on_failure: "sorry" } }, { name: "sorry" }],
      [],
    );
    expect(labels(graph, "call")).toEqual(["on failure"]);
  });
});
