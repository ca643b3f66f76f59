/** One way to ask the server anything, and one kind of failure that says what was not done. */

export class Failure extends Error {
  constructor(
    message: string,
    readonly status: number | null = null,
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

const SIGNED_OUT = "You are signed out, or no longer allowed to do this.";

/** `undone` ends every message of ours: "Nothing was published." */
export async function ask<T>(url: string, undone: string, init: RequestInit = {}): Promise<T> {
  const response = await send(url, undone, init);
  if (signedOut(response)) throw new Failure(`${SIGNED_OUT} ${undone} Sign in again.`, 403);
  const body = await readJson(response);
  if (response.ok && body !== undefined) return body as T;
  throw new Failure(inWords(response, body, undone), response.status, body);
}

export function post<T>(url: string, undone: string, body: unknown): Promise<T> {
  return ask<T>(url, undone, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
  });
}

/** The file itself is the body: the server reads no more of it than it takes. */
export function postFile<T>(url: string, undone: string, file: Blob): Promise<T> {
  return ask<T>(url, undone, {
    method: "POST",
    body: file,
    headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": csrfToken() },
  });
}

async function send(url: string, undone: string, init: RequestInit): Promise<Response> {
  const headers = { Accept: "application/json", ...init.headers };
  try {
    // A redirect can only be the way to the sign-in page; following it would read as an answer.
    return await fetch(url, { ...init, headers, credentials: "same-origin", redirect: "manual" });
  } catch {
    throw new Failure(`The server could not be reached. ${undone} Check your connection.`);
  }
}

function signedOut(response: Response): boolean {
  const json = response.headers.get("Content-Type")?.includes("json") ?? false;
  return (
    response.type === "opaqueredirect" ||
    (!json && [301, 302, 303, 401, 403].includes(response.status))
  );
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function inWords(response: Response, body: unknown, undone: string): string {
  const own = (body as { error?: unknown; detail?: unknown } | null | undefined) ?? {};
  if (typeof own.error === "string") return own.error;
  if (typeof own.detail === "string") return own.detail;
  if (response.status === 404) return `The server no longer knows this. ${undone}`;
  return `The server answered with an error (${response.status}) it could not explain. ${undone}`;
}

export function csrfToken(): string {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1];
  return cookie ?? document.querySelector<HTMLElement>("[data-csrf]")?.dataset.csrf ?? "";
}
