/** Every request this front end makes. */
import type { CanvasData, Problem } from "./canvas";
import { ask, Failure, post } from "./http";
import type { Answer, SentMessage, Transcript } from "./talk";

export function loadCanvas(url: string): Promise<CanvasData> {
  return ask<CanvasData>(url, "The dialog was not loaded.");
}

export interface Published {
  version: number;
}

/** What stands in the way of publishing, each with its node. */
export class NotPublished extends Failure {
  constructor(readonly problems: Problem[]) {
    super("Nothing was published: the dialog has problems.", 409);
  }
}

export async function publish(url: string, note: string): Promise<Published> {
  try {
    return await post<Published>(url, "Nothing was published.", { note });
  } catch (failure) {
    const body = failure instanceof Failure ? (failure.body as { problems?: Problem[] }) : null;
    if (Array.isArray(body?.problems)) throw new NotPublished(body.problems);
    throw failure;
  }
}

export function sendMessage(url: string, message: SentMessage): Promise<Answer> {
  return post<Answer>(url, "Your message may not have arrived.", message);
}

export function loadTranscript(url: string, conversation: string): Promise<Transcript> {
  const query = new URLSearchParams({ conversation });
  return ask<Transcript>(`${url}?${query}`, "The earlier messages were not loaded.");
}
