import { describe, expect, it } from "vitest";
import { addressee, type Conversation, EMPTY, next, type Pending } from "../src/talk/conversation";
import { duration, percent, statusWords } from "../src/talk/debug/words";
import { pieces } from "../src/talk/links";
import { newId } from "../src/talk/newId";
import type { Answer } from "../src/wire/talk";

const pending: Pending = {
  id: "m1",
  text: "hello",
  files: [],
  conversation: null,
  failure: null,
  signedOut: false,
};
const answer: Answer = { conversation: "c1", replies: [{ text: "hi" }], trace: {}, state: "open" };
const sent = next(EMPTY, { type: "sending", pending });

describe("a conversation", () => {
  it("keeps a message that could not be delivered, under the same id", () => {
    const failed = next(sent, { type: "failed", failure: "No network.", signedOut: false });
    expect(failed.pending).toEqual({ ...pending, failure: "No network." });
  });

  it("shows an answered message once", () => {
    const at = "2026-11-23T10:00:00Z";
    const answered = next(sent, { type: "answered", answer, at });
    const twice = next(answered, { type: "answered", answer, at });
    expect(twice.turns.map(({ text }) => text)).toEqual(["hello"]);
    expect(twice.pending).toBeNull();
  });

  it("drops a pending message that the transcript already holds", () => {
    const turn = {
      text: "hello",
      replies: [],
      trace: null,
      created_at: "",
      client_message_id: "m1",
    };
    const loaded = next(sent, { type: "loaded", id: "c1", transcript: { turns: [turn] } });
    expect(loaded.pending).toBeNull();
    expect(loaded.turns).toHaveLength(1);
  });

  it("knows the numbers of turns that were loaded, for one to go back to", () => {
    const turn = { number: 3, text: "hello", replies: [], trace: null, created_at: "" };
    const loaded = next(EMPTY, { type: "loaded", id: "c1", transcript: { turns: [turn] } });
    expect(loaded.turns[0]?.number).toBe(3);
  });

  it("keeps what was being said when the server has forgotten the conversation", () => {
    const known: Conversation = { ...sent, id: "c1", pending: { ...pending, conversation: "c1" } };
    expect(next(known, { type: "forgotten" })).toEqual(sent);
  });

  it("starts another after its end", () => {
    expect(addressee({ ...EMPTY, id: "c1" })).toBe("c1");
    expect(addressee({ ...EMPTY, id: "c1", state: "ended" })).toBeNull();
  });
});

describe("links in replies", () => {
  const links = (text: string) => pieces(text).flatMap(({ href }) => (href ? [href] : []));

  it("end before the punctuation of the sentence", () => {
    expect(links("See https://a.example/x, or (http://b.example/y).")).toEqual([
      "https://a.example/x",
      "http://b.example/y",
    ]);
    expect(links("https://a.example/wiki/A_(b)")).toEqual(["https://a.example/wiki/A_(b)"]);
  });

  it("are http and https only", () => {
    expect(links("javascript:alert(1) data:text/html,x ftp://a.example file:///etc")).toEqual([]);
    expect(links("https://")).toEqual([]);
  });

  it("lose nothing of the text", () => {
    const text = "a <b>\nhttps://a.example/?q=1&r=2.\n\nend";
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});

describe("words of a trace", () => {
  it("give times and scores their units", () => {
    expect([duration(0.42), duration(412.4), duration(1534)]).toEqual([
      "0.4 ms",
      "412 ms",
      "1.53 s",
    ]);
    expect([percent(0.714), percent(71.4), percent(1)]).toEqual([71, 71, 100]);
    expect(statusWords("waitingForUserInput")).toBe("waiting for user input");
  });
});

it("message ids are UUIDs", () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
