/** Find nodes by title, name, property, variable, request or the words on their ways out. */
import type { Json } from "../wire/canvas";
import { lookOf } from "./kinds";
import { type GraphModel, type GraphNode, operationOf } from "./model";

export interface Hit {
  id: string;
  /** Where it was found ("code", "transition") and the words around it. */
  where: string;
  excerpt: string;
}

/** What is called so comes before what only mentions it. */
export function search(model: GraphModel, query: string): Hit[] {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return [];
  const hits = [...model.nodes.values()].flatMap((node) => {
    for (const [where, text] of textsOf(node, model)) {
      const at = text.toLowerCase().indexOf(wanted);
      if (at >= 0) return [{ id: node.id, where, excerpt: excerpt(text, at, wanted.length) }];
    }
    return [];
  });
  const rank = ({ id, where }: Hit) => {
    const node = model.nodes.get(id);
    const whole = [node?.name, node?.title].some((text) => text?.toLowerCase() === wanted);
    return whole ? 0 : where === "title" || where === "name" ? 1 : 2;
  };
  return hits.sort((a, b) => rank(a) - rank(b));
}

function* textsOf(node: GraphNode, model: GraphModel): Generator<[string, string]> {
  yield ["title", node.title];
  yield ["name", node.name];
  yield ["kind", lookOf(node.kind).label];
  for (const [key, value] of Object.entries(node.properties)) {
    yield* leaves(key, value);
  }
  const operation = operationOf(model, node);
  if (operation) yield ["request", `${operation.method} ${operation.path}`];
  for (const way of model.outgoing.get(node.id) ?? []) yield ["transition", way.label];
}

function* leaves(where: string, value: Json): Generator<[string, string]> {
  if (value === null) return;
  if (typeof value !== "object") yield [words(where), String(value)];
  else if (Array.isArray(value)) for (const item of value) yield* leaves(where, item);
  else
    for (const [key, item] of Object.entries(value)) {
      yield [words(where), key];
      yield* leaves(where, item);
    }
}

export function words(key: string): string {
  return key.replaceAll("_", " ");
}

function excerpt(text: string, at: number, length: number): string {
  const from = Math.max(0, at - 24);
  const to = Math.min(text.length, at + length + 36);
  const middle = text.slice(from, to).replace(/\s+/g, " ").trim();
  return `${from > 0 ? "…" : ""}${middle}${to < text.length ? "…" : ""}`;
}
