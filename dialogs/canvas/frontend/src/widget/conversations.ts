/** The conversation endpoints, in the widget's words. */
import { type Answer, type Client, HELD } from "./client";
import { Trouble } from "./trouble";
import type { Conversation, FileRef, Message, Status, Turn } from "./wire";

export const CHANNEL = "widget";
const WAIT = { Prefer: `wait=${HELD}` };
/** Milliseconds between two looks for an answer that takes long. */
const PAUSE = 1500;

/** Turns that the server told, and where the conversation stands. ``upTo``: nothing before this number is missing. */
export interface Told {
  conversation: string;
  status: Status;
  turns: Turn[];
  upTo: number;
}

export interface Outgoing {
  id: string;
  text: string;
  files: FileRef[];
}

export class Conversations {
  readonly #client: Client;
  readonly #pause: (ms: number) => Promise<unknown>;
  constructor(
    client: Client,
    pause = (ms: number): Promise<unknown> => new Promise((done) => setTimeout(done, ms)),
  ) {
    this.#client = client;
    this.#pause = pause;
  }

  /** Delivers a message, to a new conversation where none is named. The same message twice is answered once. */
  async say(to: string | null, message: Outgoing, onSlow: () => void): Promise<Told> {
    let answer = await this.#post(to, message);
    const place = answer.response.headers.get("Location");
    while (answer.body.state === "working" && place) {
      onSlow();
      await this.#pause(PAUSE);
      answer = await this.#client.json<Message>(place);
    }
    return toldOf(answer.body, message);
  }

  async #post(to: string | null, { id, text, files }: Outgoing): Promise<Answer<Message>> {
    const content = {
      text,
      client_message_id: id,
      ...(files.length > 0 ? { attachments: files.map((file) => ({ id: file.id })) } : {}),
    };
    if (to) return this.#client.post<Message>(`conversations/${to}/messages/`, content, WAIT);
    const opening = { ...content, channel: CHANNEL };
    const opened = await this.#client.post<{ message: Message }>("conversations/", opening, WAIT);
    return { body: opened.body.message, response: opened.response };
  }

  /** What happened after this number; null where nothing did. */
  async since(id: string, upTo: number, status: Status): Promise<Told | null> {
    const now = (await this.#client.json<Conversation>(`conversations/${id}/`)).body;
    if (now.last_number <= upTo && now.status === status) return null;
    const turns: Turn[] = [];
    let path: string | null = `conversations/${id}/messages/?after=${upTo}&limit=200`;
    while (path) {
      const { body }: Answer<{ items: Turn[]; next: string | null }> =
        await this.#client.json(path);
      turns.push(...body.items);
      path = body.next;
    }
    const last = Math.max(now.last_number, turns.at(-1)?.number ?? 0);
    return { conversation: id, status: now.status, turns, upTo: last };
  }

  /** The stream of what comes by itself. */
  events(id: string, after: number, signal: AbortSignal): Promise<Response> {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
    return this.#client.request(`conversations/${id}/events/`, { headers, signal });
  }

  async upload(file: File): Promise<FileRef> {
    const form = new FormData();
    form.append("file", file, file.name);
    const init = { method: "POST", body: form };
    const { body } = await this.#client.json<FileRef>("attachments/", init);
    return { id: body.id, name: body.name };
  }
}

/** Throws Trouble for a message that will not be answered. */
function toldOf(answer: Message, { id, text }: Outgoing): Told {
  if (answer.state === "refused" || answer.number === null) {
    throw new Trouble(answer.error?.detail ?? "", answer.error?.code ?? "refused", 400);
  }
  const { conversation, conversation_status: status, number, replies } = answer;
  const turn = { number, text, client_message_id: id, replies };
  return { conversation, status, turns: [turn], upTo: 0 };
}
