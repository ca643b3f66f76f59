import { describe, expect, it } from "vitest";
import { tokens } from "../src/graph/highlight";
import { search } from "../src/graph/search";
import { model } from "./example";

const graph = model();
const found = (query: string) => search(graph, query).map(({ id }) => graph.nodes.get(id)?.name);

describe("search", () => {
  it("finds nodes by title, variable, request, and the words on their ways", () => {
    expect(found("issue key")).toEqual(["issueKey"]);
    expect(found("lastIssue")).toEqual(["rememberIssue"]);
    expect(found("PUT /rest")).toEqual(["updateIssueService"]);
    expect(found("is summary")).toEqual(["chooseField"]);
  });

  it("says where, with the words around it", () => {
    const [hit] = search(graph, "operations per field");
    expect(hit).toMatchObject({ where: "code" });
    expect(hit?.excerpt).toContain("a list of operations per field");
  });

  it("finds nothing by nothing", () => {
    expect(found("  ")).toEqual([]);
  });
});

describe("highlighting", () => {
  it("tells code apart without changing it", () => {
    const code = 'if (a === "b") { return {{context.x}}; } // done 1';
    const parts = tokens(code);
    expect(parts.map(({ text }) => text).join("")).toBe(code);
    expect(parts.filter(({ kind }) => kind !== "plain").map(({ kind }) => kind)).toEqual([
      "keyword",
      "string",
      "keyword",
      "template",
      "comment",
    ]);
  });
});
