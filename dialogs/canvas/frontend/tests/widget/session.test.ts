import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Conversations, Outgoing, Told } from "../../src/widget/conversations";
import type { Memory, Remembered } from "../../src/widget/memory";
import { Session } from "../../src/widget/Session";
import { Trouble } from "../../src/widget/trouble";
import type { Status, Turn } from "../../src/widget/wire";
import { ENGLISH } from "../../src/widget/words";

const offline = () => new Trouble(ENGLISH.offline, "offline");

/** The conversation endpoints, kept in memory. `lose` drops answers, `refuse` requests, so many of each. */
class Server {
  said: string[] = [];
  turns: Turn[] = [];
  status: Status = "open";
  lose = 0;
  refuse: Trouble[] = [];

  async say(_to: string | null, { id, text }: Outgoing): Promise<Told> {
    const refusal = this.refuse.shift();
    if (refusal) throw refusal;
    let turn = this.turns.find((one) => one.client_message_id === id);
    if (!turn) {
      turn = { number: this.turns.length + 1, text, client_message_id: id, replies: [] };
      this.turns.push(turn);
      this.said.push(text);
    }
    if (this.lose-- > 0) throw offline();
    return { conversation: "c1", status: this.status, turns: [turn], upTo: 0 };
  }

  async since(_id: string, upTo: number, status: Status): Promise<Told | null> {
    const turns = this.turns.filter(({ number }) => number > upTo);
    if (turns.length === 0 && status === this.status) return null;
    return { conversation: "c1", status: this.status, turns, upTo: this.turns.length };
  }

  async events(): Promise<Response> {
    throw new Trouble("", "busy", 503, 5000);
  }
}

class Notes implements Memory {
  kept: Remembered = { conversation: null, pending: [] };
  read = () => this.kept;
  write = (remembered: Remembered) => {
    this.kept = remembered;
  };
}

let server: Server;
let notes: Notes;
let session: Session;
const fresh = () =>
  new Session(
    server as unknown as Conversations,
    notes,
    () => ENGLISH,
    () => undefined,
  );
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const texts = () => session.state.turns.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  notes = new Notes();
  session = fresh();
});
afterEach(() => {
  session.close();
  vi.useRealTimers();
});

describe("a session", () => {
  it("delivers what is written meanwhile in its order", async () => {
    session.say("one");
    session.say("two");
    await settle();
    expect([server.said, session.state.pending]).toEqual([["one", "two"], []]);
  });

  it("sends a message again under its id when the answer was lost, so that it is said once", async () => {
    server.lose = 2;
    session.say("create an issue");
    await settle();
    expect(session.state.pending[0]?.failure).toBe(ENGLISH.offline);
    await settle(10_000);
    expect([server.said, texts()]).toEqual([["create an issue"], ["create an issue"]]);
  });

  it("waits as long as the server asked", async () => {
    server.refuse = [new Trouble("busy", "too_many_requests", 429, 20_000)];
    session.say("hello");
    await settle(19_000);
    expect(server.said).toEqual([]);
    await settle(2_000);
    expect(server.said).toEqual(["hello"]);
  });

  it("does not repeat what will not do by itself", async () => {
    server.refuse = [new Trouble("It is too long.", "message_too_long", 400)];
    session.say("hello");
    await settle(120_000);
    expect([server.said, session.state.pending[0]?.failure]).toEqual([[], "It is too long."]);
    session.drop(session.state.pending[0]?.id ?? "");
    expect(session.state.pending).toEqual([]);
  });

  it("opens another conversation when this one ended elsewhere", async () => {
    session.say("one");
    await settle();
    server.refuse = [new Trouble("ended", "conversation_ended", 409)];
    session.say("two");
    await settle();
    expect(server.said).toEqual(["one", "two"]);
  });

  it("restores what was said and sends what was not, after a reload", async () => {
    session.say("one");
    await settle();
    server.lose = 1;
    session.say("two");
    await settle();
    session.close();
    session = fresh();
    await session.restore();
    await settle();
    expect([server.said, texts()]).toEqual([
      ["one", "two"],
      ["one", "two"],
    ]);
  });

  it("hears what comes by itself, also where there is no place for a stream", async () => {
    server.status = "waiting";
    session.say("create an issue");
    await settle();
    server.turns.push({
      number: 2,
      text: "",
      client_message_id: null,
      replies: [{ text: "Done." }],
    });
    server.status = "open";
    await session.restore();
    await settle(4_000);
    expect(session.state.turns.at(-1)?.replies).toEqual([{ text: "Done." }]);
  });
});
