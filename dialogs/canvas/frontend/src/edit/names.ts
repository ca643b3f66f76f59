/** Names for new nodes: the kind's own, with the first number that is free. */
import type { Doc } from "./document";

/** "askForKey" may become "askForKey2", "askForKey3" … */
export function freeName(doc: Doc, wanted: string, taken: ReadonlySet<string> = new Set()): string {
  const base = wanted.replace(/\d+$/, "") || wanted;
  const isFree = (name: string) => !doc.nodes.has(name) && !taken.has(name);
  if (isFree(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    if (isFree(`${base}${number}`)) return `${base}${number}`;
  }
}

/** "Project key" as a name: "projectKey". What letters it has no use for are left out. */
export function nameFrom(title: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/[^\w\s-]/g, "")
    .split(/[\s_-]+/)
    .filter(Boolean);
  const [first = "", ...rest] = words;
  const camel = rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return first.charAt(0).toLowerCase() + first.slice(1) + camel.join("");
}

export const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** What is wrong with a name, in words; null if nothing is. */
export function nameTrouble(doc: Doc, name: string, own: string): string | null {
  if (name === own) return null;
  if (!name) return "A node needs a name.";
  if (name.length > 100) return "A name has at most 100 characters.";
  if (!NAME_PATTERN.test(name)) {
    return "A name has letters, digits, “_” and “-”, no spaces, and begins with a letter.";
  }
  return doc.nodes.has(name) ? `Another node is named ${name}.` : null;
}
