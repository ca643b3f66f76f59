/** The end user's token: asked of the embedding page, kept in memory alone, renewed before it ends. */

export interface Given {
  token: string;
  /** When it ends, as the API says it; without it the token is used until it is refused. */
  expires_at?: string;
}

export type GetToken = () => Promise<Given | string>;

/** Milliseconds before its end at which a token is replaced; a tenth of its life where that is less. */
const MARGIN = 60_000;

export class Tokens {
  readonly #ask: GetToken;
  readonly #now: () => number;
  #current: { token: string; goodUntil: number } | null = null;
  #underWay: Promise<string> | null = null;

  constructor(ask: GetToken, now: () => number = Date.now) {
    this.#ask = ask;
    this.#now = now;
  }

  /** A token that is good now. Those who ask while one is fetched share it. */
  get(): Promise<string> {
    if (this.#current && this.#now() < this.#current.goodUntil) {
      return Promise.resolve(this.#current.token);
    }
    this.#underWay ??= this.#fetch().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  /** Forgets a token that was refused; another one may have been fetched since. */
  drop(token: string): void {
    if (this.#current?.token === token) this.#current = null;
  }

  async #fetch(): Promise<string> {
    const given = await this.#ask();
    const { token, expires_at } = typeof given === "string" ? { token: given } : given;
    if (typeof token !== "string" || !token) throw new Error("getToken gave no token.");
    this.#current = { token, goodUntil: this.#goodUntil(expires_at) };
    return token;
  }

  #goodUntil(expiresAt: string | undefined): number {
    const end = expiresAt ? Date.parse(expiresAt) : Number.NaN;
    if (Number.isNaN(end)) return Number.POSITIVE_INFINITY;
    return end - Math.min(MARGIN, (end - this.#now()) / 10);
  }
}
