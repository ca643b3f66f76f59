/** Requests to the API as one end user. */
import type { Tokens } from "./tokens";
import { Trouble, troubleOf } from "./trouble";
import type { Words } from "./words";

/** Milliseconds that an answer may take; the server holds one back for HELD seconds at most. */
const PATIENCE = 45_000;
/** Seconds for which a message's request waits for its answer (RFC 7240). */
export const HELD = 20;

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

export interface Answer<T> {
  body: T;
  response: Response;
}

export class Client {
  readonly #tokens: Tokens;
  readonly #words: () => Words;
  readonly #send: Fetch;
  constructor(
    /** Where everything of the App begins, with a slash at the end. */
    readonly base: string,
    tokens: Tokens,
    words: () => Words,
    send: Fetch = (address, init) => fetch(address, init),
  ) {
    this.#tokens = tokens;
    this.#words = words;
    this.#send = send;
  }

  async json<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const patience = AbortSignal.timeout(PATIENCE);
    const response = await this.request(path, { ...init, signal: patience });
    return { body: await response.json().catch(() => ({})), response };
  }

  post<T>(path: string, content: object, headers: Record<string, string> = {}) {
    return this.json<T>(path, {
      method: "POST",
      body: JSON.stringify(content),
      headers: { "Content-Type": "application/json", ...headers },
    });
  }

  /** An answer that is a success. Throws Trouble with words for a person. A token that ran out is renewed once. */
  async request(path: string, init: RequestInit): Promise<Response> {
    let response = await this.#once(path, init);
    if (response.status === 401) response = await this.#once(path, init);
    if (!response.ok) throw await troubleOf(response, this.#words());
    return response;
  }

  async #once(path: string, init: RequestInit): Promise<Response> {
    const token = await this.#token();
    const headers = {
      Accept: "application/json",
      ...init.headers,
      Authorization: `Bearer ${token}`,
    };
    // Without cookies: a member of staff who looks at the page is an end user here too.
    const asked = this.#send(this.#address(path), { ...init, headers, credentials: "omit" });
    const response = await asked.catch(() => {
      throw new Trouble(this.#words().offline, "offline");
    });
    if (response.status === 401) this.#tokens.drop(token);
    return response;
  }

  async #token(): Promise<string> {
    return this.#tokens.get().catch(() => {
      throw new Trouble(this.#words().noConnection, "no_token");
    });
  }

  /** Within the App, or below the same server where an answer said so; the token goes nowhere else. */
  #address(path: string): string {
    const address = new URL(path, this.base);
    if (address.origin !== new URL(this.base).origin)
      throw new Trouble(this.#words().failed, "foreign", 400);
    return address.href;
  }
}
