import type { Kind } from "../../wire/canvas";

const LABELS: Record<string, string> = {
  retries: "Tries allowed",
  on_retries_exceeded: "After too many tries",
  on_failure: "If the request fails",
  error_prompts: "If the answer does not fit",
  prompts: "Asks",
  texts: "Says",
  utterances: "People say",
  choices: "Choices",
  yes: "Counts as yes",
  no: "Counts as no",
  timeout: "Waits at most",
};

/** Properties that have a part of the panel to themselves. */
const ELSEWHERE: Partial<Record<Kind, string[]>> = {
  service: ["parameters", "body"],
};

export function labelOf(key: string): string {
  const words = LABELS[key] ?? key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function shownElsewhere(kind: Kind, key: string): boolean {
  return ELSEWHERE[kind]?.includes(key) ?? false;
}
