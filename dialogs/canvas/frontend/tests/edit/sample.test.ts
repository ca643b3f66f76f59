import { expect, test } from "vitest";
import { sampleOf } from "../../src/edit/sample";

test("every path that a placeholder asks for is there, empty", () => {
  const properties = {
    url: "https://example.com/{{context.entities.key}}?q={{ context.q | upper }}",
    body: { a: ["{{context.entities.summary}}"] },
  };
  expect(sampleOf(properties)).toEqual({ entities: { key: "", summary: "" }, q: "" });
});

test("a path below another one makes room for itself, and samples ask for nothing", () => {
  const properties = {
    body: ["{{context.a}}", "{{context.a.b}}"],
    samples: [{ body: "{{context.x}}" }],
  };
  expect(sampleOf(properties)).toEqual({ a: { b: "" } });
});
