import { describe, expect, it } from "vitest";
import type { Told } from "../../src/widget/conversations";
import {
  addressee,
  EMPTY,
  merged,
  type State,
  withFailure,
  withPending,
} from "../../src/widget/state";
import type { Status, Turn } from "../../src/widget/wire";

const turn = (number: number, id: string | null = null): Turn => ({
  number,
  text: id ? `said ${number}` : "",
  client_message_id: id,
  replies: [{ text: `answer ${number}` }],
});

function told(turns: Turn[], upTo = 0, status: Status = "open", conversation = "c1"): Told {
  return { conversation, status, turns, upTo };
}

const pending = { id: "m1", text: "hello", files: [], failure: null };
const numbers = (state: State) => state.turns.map(({ number }) => number);

describe("the state of a chat", () => {
  it("shows a turn once, however often it is told", () => {
    const once = merged(EMPTY, told([turn(1, "m1")]));
    expect(numbers(merged(once, told([turn(1, "m1"), turn(2)], 2)))).toEqual([1, 2]);
  });

  it("has nothing left to read after the answer that comes next", () => {
    expect(merged(EMPTY, told([turn(1)])).upTo).toBe(1);
  });

  it("knows that something came between when an answer is not the next", () => {
    const state = merged(EMPTY, told([turn(1)]));
    const later = merged(state, told([turn(3, "m3")]));
    expect(later.upTo).toBe(1);
    const read = merged(later, told([turn(2), turn(3, "m3")], 3));
    expect([numbers(read), read.upTo]).toEqual([[1, 2, 3], 3]);
  });

  it("takes a message off once a turn answered it, wherever that was learnt", () => {
    const waiting = withPending({ ...EMPTY, id: "c1" }, pending);
    expect(merged(waiting, told([turn(1, "m1")], 1)).pending).toEqual([]);
  });

  it("keeps a message that failed under its id", () => {
    const failed = withFailure(withPending(EMPTY, pending), "m1", "No connection.");
    expect(failed.pending).toEqual([{ ...pending, failure: "No connection." }]);
  });

  it("keeps the files of a message in view when it is answered", () => {
    const files = [{ id: "f1", name: "log.txt" }];
    const waiting = withPending({ ...EMPTY, id: "c1" }, { ...pending, files });
    expect(merged(waiting, told([turn(1, "m1")])).turns[0]?.files).toEqual(files);
  });

  it("opens another conversation once one has ended, and keeps the old one in view above", () => {
    const ended = merged(EMPTY, told([turn(1), turn(2)], 2, "ended"));
    expect(addressee(ended)).toBeNull();
    const next = merged(ended, told([turn(1, "m9")], 0, "open", "c2"));
    expect(next.turns.map(({ key, past }) => [key, past])).toEqual([
      ["c1:1", true],
      ["c1:2", true],
      ["c2:1", false],
    ]);
    expect([next.id, next.upTo]).toEqual(["c2", 1]);
  });
});
