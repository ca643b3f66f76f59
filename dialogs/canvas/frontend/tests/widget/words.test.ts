import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ENGLISH, wordsOf } from "../../src/widget/words";

const FOLDER = new URL("../../../../widget/words/", import.meta.url);
const LANGUAGES = readdirSync(FOLDER).map((name) => name.replace(".json", ""));
const table = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`${language}.json`, FOLDER), "utf-8"));
const parts = (text = "") => [...text.matchAll(/\{\w+\}/g)].map(([part]) => part).sort();

describe("the words of other languages", () => {
  it("are there for German, French and Spanish", () => {
    expect(LANGUAGES).toEqual(expect.arrayContaining(["de", "es", "fr"]));
  });

  it.each(LANGUAGES)("lack none in %s, and none is too many", (language) => {
    expect(Object.keys(table(language)).sort()).toEqual(Object.keys(ENGLISH).sort());
  });

  it.each(LANGUAGES)("have the same parts in %s, and say something", (language) => {
    const own = table(language);
    for (const [name, english] of Object.entries(ENGLISH)) {
      expect(parts(own[name]), name).toEqual(parts(english));
      expect(own[name]?.trim(), name).toBeTruthy();
    }
  });

  it.each(LANGUAGES)("write times as %s does", (language) => {
    expect(table(language).locale).toBe(language);
  });
});

describe("getting them", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  function answering(answer: () => Promise<Response>) {
    const fetched = vi.fn(answer);
    vi.stubGlobal("fetch", fetched);
    return fetched;
  }

  it.each(["de", "de-CH", "DE_at"])("asks the server for the language of %s", async (tag) => {
    const fetched = answering(async () => Response.json({ send: "Senden" }));
    expect(await wordsOf("https://chat.example", tag)).toEqual({ send: "Senden" });
    expect(fetched.mock.calls[0]).toContain("https://chat.example/widget/v1/words/de.json");
  });

  it.each(["", "en", "en-GB", "../x", "german"])("asks nobody for %s", async (tag) => {
    const fetched = answering(async () => Response.json({}));
    expect(await wordsOf("https://chat.example", tag)).toEqual({});
    expect(fetched).not.toHaveBeenCalled();
  });

  it("stays with English where the server has none", async () => {
    answering(async () => new Response("", { status: 404 }));
    expect(await wordsOf("https://chat.example", "de")).toEqual({});
  });

  it("stays with English without a connection", async () => {
    answering(() => Promise.reject(new TypeError("Failed to fetch")));
    expect(await wordsOf("https://chat.example", "de")).toEqual({});
  });
});
