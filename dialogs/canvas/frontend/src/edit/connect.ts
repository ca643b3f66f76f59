/** Ways between nodes: what a new one asks by itself, and where it stands among the others. */
import type { Condition } from "../wire/canvas";
import { END, END_OF_ACTION } from "../wire/canvas";
import { type Doc, type DocNode, type DocWay, readWayId, waysOf } from "./document";
import type { Op } from "./ops";

export function setWays(source: string, transitions: readonly DocWay[]): Op {
  return { op: "set_transitions", source, transitions: [...transitions] };
}

/** Why these two cannot be connected, in words; null if they can. */
export function connectTrouble(doc: Doc, source: string, target: string): string | null {
  const from = doc.nodes.get(source);
  if (!from) return "The node it begins at is gone.";
  if (target === END) {
    return from.parent ? "Inside a bot action, go on to the end of the bot action." : null;
  }
  if (target === END_OF_ACTION) {
    return from.parent ? null : "Only what is inside a bot action can go to its end.";
  }
  const to = doc.nodes.get(target);
  if (!to) return "The node it leads to is gone.";
  return from.parent === to.parent ? null : "Lines do not cross the border of a bot action.";
}

/** A new way: takes the place of one that is not connected, else stands before the *else*. */
export function connect(doc: Doc, source: string, target: string): Op[] {
  if (connectTrouble(doc, source, target)) return [];
  const ways = waysOf(doc, source);
  if (ways.some((way) => way.target === target && !way.condition)) return [];
  const loose = ways.findIndex((way) => way.target === null);
  if (loose >= 0) {
    return [
      setWays(
        source,
        ways.map((way, at) => (at === loose ? { ...way, target } : way)),
      ),
    ];
  }
  if (!ways.some((way) => !way.condition)) {
    return [setWays(source, [...ways, { target, condition: null, label: "" }])];
  }
  const node = doc.nodes.get(source) as DocNode;
  // The root intent has exactly one way on: a new line takes the old one's place.
  if (node.kind === "intent" && doc.task.start === source) {
    return [setWays(source, [{ target, condition: null, label: "" }])];
  }
  return [
    setWays(source, beforeElse(ways, { target, condition: usualCondition(node), label: "" })),
  ];
}

/** Which end of a way is taken elsewhere. */
export type WayEnd = "source" | "target";

/** Why an end cannot go there, in words; null if it can. */
export function reattachTrouble(doc: Doc, id: string, end: WayEnd, to: string): string | null {
  const place = readWayId(id);
  const way = place && waysOf(doc, place.source)[place.index];
  if (!place || !way) return "The connection is gone.";
  if (end === "target") return connectTrouble(doc, place.source, to);
  // One that is not connected may begin anywhere on its own side of a bot action's border.
  return connectTrouble(doc, to, way.target ?? place.source);
}

/** Takes one end of a way to another node; its condition and label go along. */
export function reattach(doc: Doc, id: string, end: WayEnd, to: string): Op[] {
  const place = readWayId(id);
  const way = place && waysOf(doc, place.source)[place.index];
  if (!place || !way || reattachTrouble(doc, id, end, to)) return [];
  if (end === "target") {
    return way.target === to ? [] : changeWay(doc, place.source, place.index, { target: to });
  }
  if (to === place.source) return [];
  return [...removeWay(doc, place.source, place.index), setWays(to, withWay(doc, to, way))];
}

/** A node's ways with one that came from another node: before the *else*, or as the *else* where there is none. */
function withWay(doc: Doc, source: string, way: DocWay): DocWay[] {
  const ways = waysOf(doc, source);
  const node = doc.nodes.get(source) as DocNode;
  if (node.kind === "intent" && doc.task.start === source) return [{ ...way, condition: null }];
  const hasElse = ways.some((one) => !one.condition);
  if (way.condition || !hasElse) return way.condition ? beforeElse(ways, way) : [...ways, way];
  return beforeElse(ways, { ...way, condition: usualCondition(node) });
}

export function beforeElse(ways: readonly DocWay[], way: DocWay): DocWay[] {
  const last = ways.findIndex((one) => !one.condition);
  const at = last < 0 ? ways.length : last;
  return [...ways.slice(0, at), way, ...ways.slice(at)];
}

/** What one most often asks behind a node of this kind. */
export function usualCondition(node: DocNode): Condition {
  switch (node.kind) {
    case "confirmation":
      return only({ subject: "confirmation", key: node.name, operator: "equals", value: "yes" });
    case "service":
    case "webhook": {
      const key = `${node.name}.response.statusCode`;
      return only({ subject: "context", key, operator: "equals", value: 200 });
    }
    case "entity":
      return only({ subject: "entity", key: node.name, operator: "exists" });
    default:
      return only({ subject: "context", key: "", operator: "exists" });
  }
}

function only(criterion: Condition["criteria"][number]): Condition {
  return { match: "all", criteria: [criterion] };
}

/** Moves a way within its node's list. */
export function moveWay(doc: Doc, source: string, from: number, to: number): Op[] {
  const ways = [...waysOf(doc, source)];
  const [way] = ways.splice(from, 1);
  if (!way || to < 0 || to > ways.length) return [];
  ways.splice(to, 0, way);
  return [setWays(source, ways)];
}

export function changeWay(doc: Doc, source: string, at: number, change: Partial<DocWay>): Op[] {
  const ways = waysOf(doc, source);
  if (!ways[at]) return [];
  return [
    setWays(
      source,
      ways.map((way, index) => (index === at ? { ...way, ...change } : way)),
    ),
  ];
}

export function removeWay(doc: Doc, source: string, at: number): Op[] {
  const ways = waysOf(doc, source);
  return ways[at]
    ? [
        setWays(
          source,
          ways.filter((_, index) => index !== at),
        ),
      ]
    : [];
}
