import { describe, expect, it } from "vitest";
import { buttonOf } from "../src/talk/Buttons";

describe("a button of a reply", () => {
  it("says its value, or its title where it has none", () => {
    expect(buttonOf({ title: "Five", value: "5" })).toEqual({
      title: "Five",
      value: "5",
      url: null,
    });
    expect(buttonOf({ title: "Five" })?.value).toBe("Five");
  });

  it("opens web addresses and nothing else", () => {
    expect(buttonOf({ title: "Help", url: "https://example.com" })?.url).toBe(
      "https://example.com",
    );
    expect(buttonOf({ title: "Help", url: "javascript:alert(1)" })).toBeNull();
  });

  it("is nothing without a title", () => {
    for (const entry of [null, 5, "x", [], {}, { title: "" }]) expect(buttonOf(entry)).toBeNull();
  });
});
