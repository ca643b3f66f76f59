/** Fewer ops with the same effect: typing a word is one edit, not one for each letter. */
import type { Op, SetNode, SetTask } from "./ops";

/** Joins what follows directly on the same thing; the order of all else stays. */
export function squash(ops: readonly Op[]): Op[] {
  const joined: Op[] = [];
  for (const op of ops) {
    const last = joined.at(-1);
    const both = last && join(last, op);
    if (both) joined[joined.length - 1] = both;
    else joined.push(op);
  }
  return joined;
}

/** Whether nothing but `set_…` ops: then every thing needs only its last words. */
export function join(first: Op, then: Op): Op | null {
  if (first.op === "set_node" && then.op === "set_node" && first.name === then.name) {
    return joinNodes(first, then);
  }
  if (first.op === "set_task" && then.op === "set_task") return { ...first, ...then } as SetTask;
  if (first.op === "set_note" && then.op === "set_note") {
    return first.note.id === then.note.id ? then : null;
  }
  if (first.op === "set_transitions" && then.op === "set_transitions") {
    return first.source === then.source ? then : null;
  }
  return null;
}

function joinNodes(first: SetNode, then: SetNode): SetNode | null {
  // A patch behind a whole mapping would need the node to be joined with it.
  if (first.properties && then.properties_patch) return null;
  const { properties_patch: before, ...rest } = first;
  const joined: SetNode = { ...rest, ...then };
  if (before && !then.properties) {
    joined.properties_patch = { ...before, ...then.properties_patch };
  }
  return joined;
}
