import { describe, expect, it } from "vitest";
import { Client } from "../../src/widget/client";
import { Conversations } from "../../src/widget/conversations";
import { Tokens } from "../../src/widget/tokens";
import type { Trouble } from "../../src/widget/trouble";
import { ENGLISH } from "../../src/widget/words";

const BASE = "https://chat.example/api/v1/apps/helpdesk/";

interface Asked {
  address: string;
  token: string;
  body: Record<string, unknown> | null;
}

/** A server that answers from a list and notes what it was asked. */
function server(...answers: Response[]) {
  const asked: Asked[] = [];
  let minted = 0;
  const tokens = new Tokens(async () => `token-${++minted}`);
  const client = new Client(
    BASE,
    tokens,
    () => ENGLISH,
    async (address, { headers, body }) => {
      const token = (headers as Record<string, string>).Authorization ?? "";
      asked.push({ address, token, body: typeof body === "string" ? JSON.parse(body) : null });
      const answer = answers.shift();
      if (!answer) throw new TypeError("network");
      return answer;
    },
  );
  return { client, conversations: new Conversations(client, async () => undefined), asked };
}

function json(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

const message = (more: object = {}) => ({
  state: "answered",
  conversation: "c1",
  conversation_status: "open",
  client_message_id: "m1",
  number: 1,
  replies: [{ text: "hi" }],
  error: null,
  ...more,
});
const outgoing = { id: "m1", text: "hello", files: [] };
const quiet = () => undefined;
const troubleOf = (asking: Promise<unknown>) =>
  asking.then(
    () => null,
    (trouble: Trouble) => trouble,
  );

describe("a token", () => {
  it("is replaced before it ends, and fetched once for all who ask", async () => {
    let now = 0;
    let minted = 0;
    const ask = async () => ({
      token: `t${++minted}`,
      expires_at: new Date(now + 900_000).toISOString(),
    });
    const tokens = new Tokens(ask, () => now);
    expect(await Promise.all([tokens.get(), tokens.get()])).toEqual(["t1", "t1"]);
    now = 839_000;
    expect(await tokens.get()).toBe("t1");
    now = 841_000;
    expect(await tokens.get()).toBe("t2");
  });

  it("that was refused is renewed, and the request sent again once", async () => {
    const { client, asked } = server(json({}, 401), json({ ok: true }));
    expect((await client.json("x/")).body).toEqual({ ok: true });
    expect(asked.map(({ token }) => token)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  it("goes to no other server, whatever an answer says", async () => {
    const { client, asked } = server(json({}));
    expect((await troubleOf(client.json("https://elsewhere.example/")))?.code).toBe("foreign");
    expect(asked).toEqual([]);
  });
});

describe("trouble", () => {
  it("is told in the API's words where they are for the person", async () => {
    const problem = { code: "message_too_long", detail: "It is too long. It was not sent." };
    const { client } = server(json(problem, 400));
    const trouble = await troubleOf(client.json("x/"));
    expect([trouble?.message, trouble?.passes]).toEqual([problem.detail, false]);
  });

  it("of a lost network may pass", async () => {
    const trouble = await troubleOf(server().client.json("x/"));
    expect([trouble?.message, trouble?.passes]).toEqual([ENGLISH.offline, true]);
  });

  it("of too many requests says when to come back", async () => {
    const { client } = server(json({}, 429, { "Retry-After": "7" }));
    expect((await troubleOf(client.json("x/")))?.wait).toBe(7000);
  });
});

describe("saying something", () => {
  it("opens a conversation with the first message", async () => {
    const { conversations, asked } = server(json({ id: "c1", message: message() }, 201));
    const told = await conversations.say(null, outgoing, quiet);
    expect(told.conversation).toBe("c1");
    expect(asked[0]?.address).toBe(`${BASE}conversations/`);
    expect(asked[0]?.body).toMatchObject({ text: "hello", client_message_id: "m1" });
  });

  it("looks where the answer will be when it takes long", async () => {
    const place = "/api/v1/apps/helpdesk/conversations/c1/messages/m1/";
    const { conversations, asked } = server(
      json(message({ state: "working", number: null }), 202, { Location: place }),
      json(message({ state: "working", number: null })),
      json(message({ number: 4 })),
    );
    let slow = 0;
    const told = await conversations.say("c1", outgoing, () => {
      slow += 1;
    });
    expect(told.turns.map(({ number }) => number)).toEqual([4]);
    expect([slow, asked.length]).toEqual([2, 3]);
    expect(asked[2]?.address).toBe(`https://chat.example${place}`);
  });

  it("fails with the reason when it will not be answered", async () => {
    const error = { code: "took_too_long", detail: "It took too long." };
    const { conversations } = server(json(message({ state: "refused", number: null, error })));
    const trouble = await troubleOf(conversations.say("c1", outgoing, quiet));
    expect(trouble?.message).toBe(error.detail);
  });
});

describe("reading on", () => {
  it("asks for turns only when something happened", async () => {
    const { conversations, asked } = server(json({ id: "c1", status: "open", last_number: 3 }));
    expect(await conversations.since("c1", 3, "open")).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it("follows the pages to the last", async () => {
    const turn = (number: number) => ({ ...message(), number, text: "" });
    const next = `${BASE}conversations/c1/messages/?after=1`;
    const { conversations } = server(
      json({ id: "c1", status: "waiting", last_number: 2 }),
      json({ items: [turn(1)], next }),
      json({ items: [turn(2)], next: null }),
    );
    const told = await conversations.since("c1", 0, "open");
    expect(told?.turns.map(({ number }) => number)).toEqual([1, 2]);
    expect([told?.upTo, told?.status]).toEqual([2, "waiting"]);
  });
});
