import type { Words } from "./words";

/** What went wrong, told to a person, and whether trying again may help. */
export class Trouble extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status = 0,
    /** Milliseconds after which the server wants to be asked again. */
    readonly wait: number | null = null,
  ) {
    super(message);
  }

  /** No answer, or one that may be another the next time. */
  get passes(): boolean {
    return this.status === 0 || this.status === 409 || this.status === 429 || this.status >= 500;
  }
}

/** Turns an answer that is no success into words: the API's own where it gave some. */
export async function troubleOf(response: Response, words: Words): Promise<Trouble> {
  const problem = await response.json().catch(() => null);
  const given = typeof problem?.detail === "string" ? problem.detail : "";
  const code = typeof problem?.code === "string" ? problem.code : "error";
  const first = problem?.errors?.[0]?.detail;
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : null;
  const told = typeof first === "string" ? `${given} ${first}` : given;
  return new Trouble(
    wordsFor(response.status, words) ?? (told || words.failed),
    code,
    response.status,
    wait,
  );
}

/** What the API says of keys and limits is for programmers. */
function wordsFor(status: number, words: Words): string | null {
  if (status === 401 || status === 403) return words.signedOut;
  if (status === 429) return words.busy;
  return status >= 500 ? words.failed : null;
}
