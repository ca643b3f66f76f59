import { describe, expect, it } from "vitest";
import { EMPTY, type Known, type State } from "../../src/widget/state";
import { itemsOf } from "../../src/widget/view/items";

const known = (number: number, more: Partial<Known> = {}): Known => ({
  key: `c1:${number}`,
  number,
  text: `said ${number}`,
  client_message_id: `m${number}`,
  replies: [{ text: `answer ${number}` }],
  files: [],
  past: false,
  ...more,
});

const shown = (state: Partial<State>) => itemsOf({ ...EMPTY, id: "c1", ...state });
const kinds = (state: Partial<State>) => shown(state).map(({ kind }) => kind);

describe("the lines of a chat", () => {
  it("keep a message's line when its answer comes, so that it is not read out twice", () => {
    const before = shown({ pending: [{ id: "m1", text: "said 1", files: [], failure: null }] });
    const after = shown({ turns: [known(1)] });
    expect(before[0]?.key).toBe(after[0]?.key);
  });

  it("show nothing of the person where the conversation went on by itself", () => {
    expect(kinds({ turns: [known(1, { text: "", client_message_id: null })] })).toEqual(["reply"]);
  });

  it("let only the newest turn's answers be tapped", () => {
    const retired = shown({ turns: [known(1), known(2)] }).flatMap((item) =>
      item.kind === "reply" ? [item.retired] : [],
    );
    expect(retired).toEqual([true, false]);
  });

  it("show that an answer is on its way until a message stops", () => {
    const message = { id: "m1", text: "hello", files: [], failure: null };
    expect(kinds({ pending: [message] })).toEqual(["you", "typing"]);
    const stopped = { ...message, failure: "No connection." };
    expect(kinds({ pending: [stopped, { ...message, id: "m2" }] })).toEqual([
      "you",
      "failure",
      "you",
    ]);
  });

  it("draw a line under a conversation that ended, also when another began", () => {
    expect(kinds({ turns: [known(1)], status: "ended" })).toEqual(["you", "reply", "ended"]);
    const turns = [known(1, { past: true }), known(1, { key: "c2:1", client_message_id: "m7" })];
    expect(kinds({ turns })).toEqual(["you", "reply", "ended", "you", "reply"]);
  });
});
