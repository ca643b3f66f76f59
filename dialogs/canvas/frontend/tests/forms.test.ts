import { describe, expect, it } from "vitest";
import { matchesAt } from "../src/canvas/forms/completion";
import { fieldKind, isSet } from "../src/canvas/forms/field";
import { nodeProblems } from "../src/canvas/forms/problems";
import { conditionWords } from "../src/graph/conditions";
import { draft } from "./example";

describe("The field of a property", () => {
  it("suits its schema", () => {
    expect(fieldKind({ type: "string" }, undefined)).toBe("text");
    expect(fieldKind({ type: "string" }, "two\nlines")).toBe("long-text");
    expect(fieldKind({ type: "string", format: "javascript" }, "")).toBe("script");
    expect(fieldKind({ type: "string", enum: ["a"] }, "a")).toBe("choice");
    expect(fieldKind({ type: "integer" }, 3)).toBe("number");
    expect(fieldKind({ type: "boolean" }, true)).toBe("flag");
    expect(fieldKind({ type: "array", items: { type: "string" } }, ["a"])).toBe("texts");
    expect(fieldKind({ type: "object" }, { a: 1 })).toBe("pairs");
    expect(fieldKind({ type: "object", properties: { a: { type: "string" } } }, {})).toBe("nested");
    expect(fieldKind({ format: "by-language" }, { en: ["Hi"] })).toBe("by-language");
    expect(
      fieldKind({ type: "array", items: { properties: { value: { type: "string" } } } }, ["a"]),
    ).toBe("table");
  });

  it("is JSON where the schema is not known or the value does not fit it", () => {
    expect(fieldKind({}, 1)).toBe("json");
    expect(fieldKind({ type: "number" }, "{{context.x}}")).toBe("json");
    expect(fieldKind({ type: "array", items: { type: "string" } }, [{ a: 1 }])).toBe("json");
  });

  it("counts as set only if it says something of its own", () => {
    expect(isSet(5, { default: 5 })).toBe(false);
    expect(isSet([], {})).toBe(false);
    expect(isSet(false, { default: true })).toBe(true);
  });
});

describe("Completion in a text", () => {
  const variables = [
    { path: "context.entities.summary", kind: "entity", node: "summary" },
    { path: "context.session", kind: "platform", node: null },
  ];

  it("offers variables behind an open placeholder", () => {
    const found = matchesAt("Hi {{sum", 8, variables);
    expect(found?.matches.map(({ path }) => path)).toEqual(["context.entities.summary"]);
    expect(found).toMatchObject({ from: 5, to: 8 });
  });

  it("offers none elsewhere, nor for what nothing is called", () => {
    expect(matchesAt("Hi sum", 6, variables)).toBeNull();
    expect(matchesAt("{{a}} b", 7, variables)).toBeNull();
    expect(matchesAt("{{zzz", 5, variables)).toBeNull();
  });
});

describe("Problems", () => {
  const base = draft([{ name: "ask", kind: "entity" }], []);
  const node = base.nodes.get(base.resolve("ask") as string);
  const problems = [
    { node: "ask", id: node?.id ?? "", message: "ask: “prompts” is missing.", property: "prompts" },
    { node: "ask", id: node?.id ?? "", message: "Nothing leads to ask." },
  ];

  it("of a property stand beside its field, the others above", () => {
    const found = node && nodeProblems({ ...base, problems }, node, ["prompts"]);
    expect(found?.byProperty.get("prompts")).toEqual(["Is missing."]);
    expect(found?.general).toEqual(["Nothing leads to ask."]);
  });
});

describe("Groups of conditions", () => {
  it("read with brackets", () => {
    const known = (key: string) => ({ subject: "context", key, operator: "exists" });
    const condition = {
      match: "all" as const,
      criteria: [known("a"), { match: "any" as const, criteria: [known("b"), known("c")] }],
    };
    expect(conditionWords(condition)).toBe("a is known and (b is known or c is known)");
  });
});
