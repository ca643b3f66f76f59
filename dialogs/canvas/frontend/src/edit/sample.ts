/** A context to try a node with: every path its placeholders ask for, with nothing in it yet. */
import type { Json, JsonObject } from "../wire/canvas";

const ASKED = /\{\{\s*context((?:\.[\w$]+)+)/g;

export function sampleOf(properties: JsonObject): JsonObject {
  const { samples: _, ...asking } = properties;
  const context: JsonObject = {};
  for (const match of JSON.stringify(asking).matchAll(ASKED)) {
    put(context, (match[1] ?? "").split(".").slice(1));
  }
  return context;
}

function put(place: JsonObject, path: string[]): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) {
    if (!Object.hasOwn(place, first)) place[first] = "";
    return;
  }
  const below: Json | undefined = Object.hasOwn(place, first) ? place[first] : undefined;
  const inner: JsonObject =
    typeof below === "object" && below !== null && !Array.isArray(below) ? below : {};
  place[first] = inner;
  put(inner, rest);
}
