/** What a problem says it is about. */
import type { Problem } from "../wire/canvas";

/** The property it names; messages of one begin with "NODE: “PROPERTY”". */
export function problemProperty({ property, message }: Problem): string | null {
  return property || (message.match(/^\S+: “([^”]+)”/)?.[1] ?? null);
}
