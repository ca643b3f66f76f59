/** What a reload must not lose: which conversation it was, and what was written but not delivered. */
import type { Pending } from "./state";

export interface Remembered {
  conversation: string | null;
  pending: Pending[];
}

export interface Memory {
  read(): Remembered;
  write(remembered: Remembered): void;
}

/** The conversation for this browser, unsent words for this tab alone. Pages without storage simply forget. */
export class PageMemory implements Memory {
  readonly #name: string;

  constructor(server: string, app: string, person: string) {
    this.#name = `xo-chat:${server}:${app}:${person}`;
  }

  read(): Remembered {
    const conversation = attempt(() => localStorage.getItem(this.#name)) ?? null;
    const kept = attempt(() => JSON.parse(sessionStorage.getItem(this.#name) ?? "[]"));
    return { conversation, pending: Array.isArray(kept) ? kept.filter(isPending) : [] };
  }

  write({ conversation, pending }: Remembered): void {
    attempt(() => put(localStorage, this.#name, conversation));
    attempt(() =>
      put(sessionStorage, this.#name, pending.length > 0 ? JSON.stringify(pending) : null),
    );
  }
}

function put(storage: Storage, name: string, value: string | null): void {
  if (value === null) storage.removeItem(name);
  else storage.setItem(name, value);
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function isPending(entry: unknown): entry is Pending {
  const { id, text, files } = (entry ?? {}) as Partial<Pending>;
  return typeof id === "string" && typeof text === "string" && Array.isArray(files);
}
