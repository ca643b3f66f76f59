/** A node's problems, those of a property beside its field. */

import type { GraphModel, GraphNode } from "../../graph/model";
import { problemProperty } from "../../graph/problems";

export interface NodeProblems {
  general: string[];
  byProperty: ReadonlyMap<string, string[]>;
}

export function nodeProblems(
  model: GraphModel,
  node: GraphNode,
  properties: readonly string[],
): NodeProblems {
  const general: string[] = [];
  const byProperty = new Map<string, string[]>();
  for (const problem of model.problems) {
    if (problem.id !== node.id) continue;
    const property = problemProperty(problem);
    if (property && properties.includes(property)) {
      const words = problem.message.replace(/^\S+: “[^”]+”:? ?/, "");
      const sentence = words.charAt(0).toUpperCase() + words.slice(1);
      byProperty.set(property, [...(byProperty.get(property) ?? []), sentence]);
    } else general.push(problem.message);
  }
  return { general, byProperty };
}
