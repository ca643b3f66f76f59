/** Saving edits and seeing others', as ../../../PROTOCOL.md says. */
import type { Op } from "../edit/ops";
import type { Json, Problem, TaskInfo } from "./canvas";
import { ask, Failure, post } from "./http";

export interface SentEdit {
  base: number;
  client: string;
  edit_id: string;
  ops: Op[];
}

export interface Applied {
  op: string;
  /** Of a renaming: how many places were rewritten, and exactly how. */
  mentions?: number;
  ops?: Op[];
}

export interface Saved {
  revision: number;
  state?: TaskInfo["state"];
  problems: Problem[];
  others: Op[];
  applied: Applied[];
  uses?: Record<string, number>;
}

/** One thing that two people changed. */
export interface Clash {
  thing: "node" | "property" | "transitions" | "task" | "note";
  node: string | null;
  field: string | null;
  words: string;
  mine: Json;
  theirs: Json;
  by?: string;
}

/** Others changed the same: nothing of the edit was saved. */
export class EditConflict extends Failure {
  constructor(
    message: string,
    readonly revision: number,
    readonly others: Op[],
    readonly clashes: Clash[],
  ) {
    super(message, 409);
  }
}

const UNDONE = "Your last changes are not saved yet.";

export async function saveEdit(url: string, edit: SentEdit): Promise<Saved> {
  try {
    return await post<Saved>(url, UNDONE, edit);
  } catch (failure) {
    const body = failure instanceof Failure ? (failure.body as ConflictBody | null) : null;
    if (failure instanceof Failure && body?.conflicts && body.revision !== undefined) {
      throw new EditConflict(failure.message, body.revision, body.others ?? [], body.conflicts);
    }
    throw failure;
  }
}

interface ConflictBody {
  code?: string;
  revision?: number;
  others?: Op[];
  conflicts?: Clash[];
}

export function codeOf(failure: unknown): string | null {
  const body = failure instanceof Failure ? (failure.body as ConflictBody | null) : null;
  return body?.code ?? null;
}

export interface Person {
  client: string;
  name: string;
  node: string | null;
}

export interface Changes {
  revision: number;
  state?: TaskInfo["state"];
  ops: Op[];
  problems: Problem[] | null;
  others: Person[];
  reload?: boolean;
}

export function loadChanges(url: string, since: number, client: string): Promise<Changes> {
  const query = new URLSearchParams({ since: String(since), client });
  return ask<Changes>(`${url}?${query}`, "What others changed was not loaded.");
}

export function tellPresence(url: string, client: string, node: string | null) {
  return post<{ others: Person[] }>(url, "Others may not see that you are here.", { client, node });
}

/** On leaving the page; a beacon cannot set headers, so the token goes as a field. */
export function tellGone(url: string, client: string, token: string): void {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", token);
  form.set("client", client);
  form.set("gone", "true");
  navigator.sendBeacon(url, form);
}

export interface Discarded {
  revision: number;
  state?: TaskInfo["state"];
  problems: Problem[];
  ops?: Op[];
  applied?: Applied[];
}

export function discard(url: string, edit: Omit<SentEdit, "ops">): Promise<Discarded> {
  return post<Discarded>(url, "The draft is as it was.", edit);
}
