import { describe, expect, it } from "vitest";
import { wayOf } from "../../src/widget/view/reply";
import type { Authorization } from "../../src/widget/wire";
import { ENGLISH, fill } from "../../src/widget/words";

const asked = (more: Partial<Authorization>) => ({
  text: "Please authorize.",
  authorization_required: {
    provider: "jira",
    url: "https://chat.example/authorize/abc/",
    expires_at: "2030-01-01T10:00:00Z",
    ...more,
  },
});

describe("where a reply sends a person", () => {
  it("is the authorize page, named by its provider", () => {
    const way = wayOf(asked({}), ENGLISH);
    expect([way?.label, way?.url]).toEqual([
      "Authorize JIRA",
      "https://chat.example/authorize/abc/",
    ]);
  });

  it("says when a code has to be brought back", () => {
    expect(wayOf(asked({ code_needed: true }), ENGLISH)?.hint).toBe(ENGLISH.codeHint);
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "ftp://files.example/"])(
    "is nowhere for %s",
    (url) => {
      expect(wayOf(asked({ url }), ENGLISH)?.url).toBeNull();
    },
  );

  it("is a form's page", () => {
    const form = {
      title: "",
      url: "https://chat.example/forms/x/",
      expires_at: "2030-01-01T10:00:00Z",
    };
    expect(wayOf({ text: "", form }, ENGLISH)?.label).toBe(ENGLISH.form);
  });

  it("is nowhere for plain words", () => {
    expect(wayOf({ text: "hello" }, ENGLISH)).toBeNull();
  });
});

describe("words", () => {
  it("keep what they cannot fill in", () => {
    expect(fill("Remove {name} of {app}", { name: "a.txt" })).toBe("Remove a.txt of {app}");
  });
});
