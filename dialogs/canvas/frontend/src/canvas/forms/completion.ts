/** Which variables suit what is being typed. */
import type { Variable } from "../../wire/canvas";

export interface Opened {
  matches: Variable[];
  /** The part of the text that a match takes the place of. */
  from: number;
  to: number;
}

const MOST = 12;

/** Behind an open "{{"; null where no placeholder is being written. */
export function matchesAt(
  text: string,
  caret: number,
  variables: readonly Variable[],
): Opened | null {
  const found = text.slice(0, caret).match(/\{\{\s*([\w.[\]-]*)$/);
  if (!found) return null;
  const typed = found[1] ?? "";
  const rest = text.slice(caret).match(/^[\w.[\]-]*/)?.[0] ?? "";
  const matches = suiting(typed, variables);
  return matches.length ? { matches, from: caret - typed.length, to: caret + rest.length } : null;
}

/** Those that begin so first, then those that have it within. */
export function suiting(typed: string, variables: readonly Variable[]): Variable[] {
  const wanted = typed.toLowerCase();
  const begins = variables.filter(({ path }) => path.toLowerCase().startsWith(wanted));
  const within = variables.filter(
    ({ path }) => !begins.some((one) => one.path === path) && path.toLowerCase().includes(wanted),
  );
  return [...begins, ...within].slice(0, MOST);
}

/** Always with "context." in front, as templates and scripts write it. */
export function fullPath(path: string): string {
  return path.startsWith("context") ? path : `context.${path}`;
}
