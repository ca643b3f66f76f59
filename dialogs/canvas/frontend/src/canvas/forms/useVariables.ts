import { useMemo } from "react";
import type { Doc, DocNode } from "../../edit/document";
import type { Variable } from "../../wire/canvas";
import { useEditor } from "../editor";
import { fullPath } from "./completion";

/** What can stand in the context: what the server knew, and what was added since. */
export function useVariables(): readonly Variable[] {
  const { data, doc } = useEditor();
  return useMemo(() => variablesOf(doc, data.variables ?? []), [doc, data.variables]);
}

export function variablesOf(doc: Doc, known: readonly Variable[]): Variable[] {
  const all = new Map<string, Variable>();
  for (const variable of known) {
    // A node that is gone or has another name by now fills nothing.
    if (variable.node && !doc.nodes.has(variable.node)) continue;
    const path = fullPath(variable.path);
    all.set(path, { ...variable, path });
  }
  for (const node of doc.nodes.values()) {
    for (const path of pathsOf(node)) {
      if (!all.has(path)) all.set(path, { path, kind: node.kind, node: node.name });
    }
  }
  return [...all.values()];
}

function pathsOf({ kind, name, properties }: DocNode): string[] {
  switch (kind) {
    case "entity":
      return [`context.entities.${name}`];
    case "confirmation":
      return [`context.confirmations.${name}`];
    case "service":
    case "webhook":
      return ["statusCode", "body", "outcome", "message"].map(
        (key) => `context.${name}.response.${key}`,
      );
    case "logic": {
      const rows = Array.isArray(properties.assignments) ? properties.assignments : [];
      return rows.flatMap((row) => {
        const key = row && typeof row === "object" && !Array.isArray(row) ? row.key : null;
        return typeof key === "string" && key ? [fullPath(key)] : [];
      });
    }
    default:
      return [];
  }
}
