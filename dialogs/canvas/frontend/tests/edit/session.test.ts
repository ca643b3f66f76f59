import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Session, type Transport } from "../../src/edit/session";
import type { CanvasData } from "../../src/wire/canvas";
import { type Clash, EditConflict, type Saved, type SentEdit } from "../../src/wire/edits";
import { Failure } from "../../src/wire/http";
import { updateAnIssue } from "../example";

const DATA: CanvasData = { ...updateAnIssue(), revision: 5 };
const NODE = DATA.nodes[1]?.name as string;

function answer(revision: number, more: Partial<Saved> = {}): Saved {
  return { revision, problems: [], others: [], applied: [], ...more };
}

/** A server that does as told, and remembers what it was sent. */
function server(...answers: (Saved | Error)[]) {
  const sent: SentEdit[] = [];
  const transport: Transport = {
    async save(edit) {
      sent.push(edit);
      const next = answers.shift() ?? answer(edit.base + 1);
      if (next instanceof Error) throw next;
      return next;
    },
    changes: async () => ({ revision: 5, ops: [], problems: null, others: [] }),
    reload: async () => DATA,
  };
  return { sent, transport };
}

let ids = 0;
function open({ transport }: { transport: Transport }) {
  return new Session(DATA, transport, { client: "me", newId: () => `id-${ids++}` });
}

function title(session: Session, words: string, node = NODE) {
  session.edit({ label: "Title", ops: [{ op: "set_node", name: node, title: words }] });
}

const titleOf = (session: Session, node = NODE) => session.read().doc.nodes.get(node)?.title;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("Saving by itself", () => {
  it("waits for a pause and sends what was typed as one edit", async () => {
    const there = server();
    const session = open(there);
    title(session, "H");
    title(session, "Hi");
    expect(session.read().saving.is).toBe("waiting");
    await vi.advanceTimersByTimeAsync(700);
    expect(there.sent).toHaveLength(1);
    expect(there.sent[0]).toMatchObject({ base: 5, client: "me" });
    expect(there.sent[0]?.ops).toEqual([{ op: "set_node", name: NODE, title: "Hi" }]);
    expect(session.read().saving.is).toBe("saved");
  });

  it("sends the same edit again after a failure, under the same id", async () => {
    const there = server(new Failure("The server could not be reached."));
    const session = open(there);
    title(session, "Hi");
    await vi.advanceTimersByTimeAsync(700);
    expect(session.read().saving.is).toBe("failed");
    expect(session.unsaved).toBe(true);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(session.read().saving.is).toBe("saved");
    expect(there.sent[1]?.edit_id).toBe(there.sent[0]?.edit_id);
  });

  it("keeps what it holds when the server refuses, and does not ask again by itself", async () => {
    const there = server(new Failure("You are signed out.", 403));
    const session = open(there);
    title(session, "Hi");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(there.sent).toHaveLength(1);
    expect(session.read().saving.is).toBe("refused");
    expect(titleOf(session)).toBe("Hi");
    session.retry();
    await vi.advanceTimersByTimeAsync(10);
    expect(session.read().saving.is).toBe("saved");
  });

  it("flushes before a talk or a publication", async () => {
    const there = server();
    const session = open(there);
    title(session, "Hi");
    expect(await session.flush()).toBe(true);
    expect(there.sent).toHaveLength(1);
  });

  it("says no to a flush that could not save", async () => {
    const session = open(server(new Failure("Gone.", 404)));
    title(session, "Hi");
    expect(await session.flush()).toBe(false);
  });

  it("sends an undo like any other edit", async () => {
    const there = server();
    const session = open(there);
    const before = titleOf(session);
    title(session, "Hi");
    await vi.advanceTimersByTimeAsync(700);
    session.undo();
    expect(titleOf(session)).toBe(before);
    await vi.advanceTimersByTimeAsync(700);
    expect(there.sent[1]?.ops).toEqual([{ op: "set_node", name: NODE, title: before }]);
  });

  it("takes the server's word for what a renaming rewrote", async () => {
    const ops = [{ op: "set_node" as const, name: "fresh", title: "rewritten" }];
    const session = open(server(answer(6, { applied: [{ op: "rename_node", mentions: 1, ops }] })));
    session.edit({ label: "Rename", ops: [{ op: "rename_node", from: NODE, to: "fresh" }] });
    await vi.advanceTimersByTimeAsync(700);
    expect(titleOf(session, "fresh")).toBe("rewritten");
  });
});

describe("Two people", () => {
  const other = DATA.nodes[2]?.name as string;
  const theirs = { op: "set_node" as const, name: other, title: "theirs" };

  it("get each other's edits with the answer, and lose none", async () => {
    const session = open(server(answer(7, { others: [theirs] })));
    title(session, "mine");
    await vi.advanceTimersByTimeAsync(700);
    expect(titleOf(session)).toBe("mine");
    expect(titleOf(session, other)).toBe("theirs");
  });

  it("see each other's edits when they do nothing themselves", async () => {
    const there = server();
    there.transport.changes = async () => ({
      revision: 6,
      ops: [theirs],
      problems: [],
      others: [{ client: "x", name: "Bo", node: other }],
    });
    const session = open(there);
    await session.catchUp();
    expect(titleOf(session, other)).toBe("theirs");
    expect(session.read().people).toHaveLength(1);
    expect(session.read().history.done).toEqual([]);
  });

  it("do not take others' edits under an edit of their own that is not sent yet", async () => {
    const there = server();
    there.transport.changes = async () => ({
      revision: 6,
      ops: [theirs],
      problems: [],
      others: [],
    });
    const session = open(there);
    title(session, "mine");
    await session.catchUp();
    await vi.advanceTimersByTimeAsync(700);
    expect(there.sent[0]?.base).toBe(5);
  });

  const clash: Clash = {
    thing: "node",
    node: NODE,
    field: "title",
    words: "title",
    mine: "mine",
    theirs: "theirs",
    by: "Bo",
  };
  const conflict = () =>
    new EditConflict(
      "Bo changed the same.",
      6,
      [{ op: "set_node", name: NODE, title: "theirs" }],
      [clash],
    );

  it("choose where both changed the same: mine is sent again on top", async () => {
    const there = server(conflict());
    const session = open(there);
    title(session, "mine");
    await vi.advanceTimersByTimeAsync(700);
    expect(session.read().saving).toMatchObject({ is: "clashing", clashes: [clash] });
    expect(titleOf(session)).toBe("mine");
    session.settle([true]);
    await vi.advanceTimersByTimeAsync(10);
    expect(there.sent[1]).toMatchObject({ base: 6 });
    expect(there.sent[1]?.edit_id).not.toBe(there.sent[0]?.edit_id);
    expect(titleOf(session)).toBe("mine");
  });

  it("choose where both changed the same: theirs stands, the rest of mine is kept", async () => {
    const there = server(conflict());
    const session = open(there);
    title(session, "mine");
    title(session, "also mine", other);
    await vi.advanceTimersByTimeAsync(700);
    session.settle([false]);
    await vi.advanceTimersByTimeAsync(10);
    expect(titleOf(session)).toBe("theirs");
    expect(there.sent[1]?.ops).toEqual([{ op: "set_node", name: other, title: "also mine" }]);
  });

  it("bring a node back that the other one deleted, if mine is to stand", async () => {
    const gone = new EditConflict(
      "Bo deleted it.",
      6,
      [{ op: "remove_node", name: NODE }],
      [{ ...clash, field: null, theirs: null }],
    );
    const there = server(gone);
    const session = open(there);
    title(session, "mine");
    await vi.advanceTimersByTimeAsync(700);
    session.settle([true]);
    await vi.advanceTimersByTimeAsync(10);
    expect(there.sent[1]?.ops.map((op) => op.op)).toContain("add_node");
    expect(titleOf(session)).toBe("mine");
  });
});
