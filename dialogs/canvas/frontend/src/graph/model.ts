/** The draft with its references resolved: what everything else on the canvas reads. */
import {
  type CanvasData,
  END,
  END_OF_ACTION,
  type Kind,
  type KindInfo,
  type OperationInfo,
  type Problem,
  type Ref,
  type WireNode,
  type WireTransition,
} from "../wire/canvas";
import { conditionWords } from "./conditions";

export interface GraphNode extends Omit<WireNode, "id" | "parent" | "kind"> {
  id: string;
  kind: Kind;
  parent: string | null;
  children: string[];
}

/** Where a transition leads: a node, an ending, or nowhere. */
export type Target =
  | { to: "node"; node: string }
  | { to: "end" }
  | { to: "end_of_action" }
  | { to: "nowhere" };

export interface GraphTransition {
  id: string;
  source: string;
  target: Target;
  /** In words; empty for the only way on. */
  label: string;
  /** Not an author's transition but what a node does when it cannot go on. */
  fallback: boolean;
}

export interface GraphModel {
  nodes: ReadonlyMap<string, GraphNode>;
  transitions: readonly GraphTransition[];
  outgoing: ReadonlyMap<string, readonly GraphTransition[]>;
  incoming: ReadonlyMap<string, readonly GraphTransition[]>;
  problems: readonly (Problem & { id: string | null })[];
  operations: Readonly<Record<string, OperationInfo>>;
  providers: NonNullable<CanvasData["providers"]>;
  start: string | null;
  /** A node's id by its id or its name. */
  resolve(ref: Ref | null | undefined): string | null;
}

export function buildModel(data: CanvasData): GraphModel {
  const resolve = resolver(data.nodes);
  const nodes = indexNodes(data.nodes, resolve);
  const transitions = [
    ...authored(data.transitions, resolve, nodes),
    ...fallbacks(nodes, resolve, data.kinds ?? {}),
  ].filter((transition) => nodes.has(transition.source));
  return {
    nodes,
    transitions,
    outgoing: groupBy(transitions, (transition) => transition.source),
    incoming: groupBy(transitions, (transition) => targetNode(transition)),
    problems: data.problems.map((problem) => ({ ...problem, id: resolve(problem.node) })),
    operations: data.operations,
    providers: data.providers ?? {},
    start: startOf(data.task.start, nodes, transitions),
    resolve,
  };
}

export function targetNode(transition: GraphTransition): string | null {
  return transition.target.to === "node" ? transition.target.node : null;
}

/** The inner node a bot action begins with. */
export function firstOf(model: GraphModel, container: GraphNode): string | null {
  const first = container.properties.first;
  const id = typeof first === "string" ? model.resolve(first) : null;
  return id && container.children.includes(id) ? id : (container.children[0] ?? null);
}

export function operationOf(model: GraphModel, node: GraphNode): OperationInfo | null {
  const { operation, provider } = node.properties;
  if (typeof operation !== "string") return null;
  const known = typeof provider === "string" ? model.providers[provider]?.operations : undefined;
  return known?.[operation] ?? model.operations[operation] ?? null;
}

function resolver(nodes: WireNode[]): (ref: Ref | null | undefined) => string | null {
  const known = new Map<string, string>();
  for (const node of nodes) known.set(node.name, String(node.id));
  for (const node of nodes) known.set(String(node.id), String(node.id));
  return (ref) => (ref === null || ref === undefined ? null : (known.get(String(ref)) ?? null));
}

function indexNodes(wire: WireNode[], resolve: GraphModel["resolve"]): Map<string, GraphNode> {
  const nodes = new Map<string, GraphNode>();
  for (const node of wire) {
    const id = String(node.id);
    const title = node.title || node.name;
    nodes.set(id, { ...node, id, title, parent: resolve(node.parent), children: [] });
  }
  for (const node of nodes.values()) {
    if (node.parent) nodes.get(node.parent)?.children.push(node.id);
  }
  return nodes;
}

function authored(
  wire: WireTransition[],
  resolve: GraphModel["resolve"],
  nodes: Map<string, GraphNode>,
): GraphTransition[] {
  const titles = (name: string) => nodes.get(resolve(name) ?? "")?.title;
  const ordered = [...wire].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  const conditional = new Set(ordered.filter((t) => t.condition).map((t) => String(t.source)));
  return ordered.map((transition) => {
    const source = resolve(transition.source) ?? String(transition.source);
    const words = transition.condition
      ? conditionWords(transition.condition, nodes.get(source)?.name, titles)
      : conditional.has(String(transition.source))
        ? "otherwise"
        : "";
    return {
      id: `t${transition.id}`,
      source,
      target: targetOf(transition.target, resolve),
      label: transition.label?.trim() || words,
      fallback: false,
    };
  });
}

function targetOf(ref: Ref | null, resolve: GraphModel["resolve"]): Target {
  if (ref === END) return { to: "end" };
  if (ref === END_OF_ACTION) return { to: "end_of_action" };
  const node = resolve(ref);
  return node ? { to: "node", node } : { to: "nowhere" };
}

const FALLBACKS: Record<string, string> = {
  on_failure: "on failure",
  on_retries_exceeded: "after too many tries",
};

/** Properties that say where to go in trouble, with the words for it. */
function fallbackWords(kind: KindInfo | undefined): Record<string, string> {
  const named = Object.entries(kind?.schema.properties ?? {}).filter(
    ([property, schema]) => schema.format === "node" && property !== "first",
  );
  const words = named.map(([property, schema]) => [
    property,
    schema.title?.toLowerCase() ?? property,
  ]);
  return { ...Object.fromEntries(words), ...FALLBACKS };
}

/** Only those that lead to a node: ending the dialog is what every node does by default. */
function fallbacks(
  nodes: Map<string, GraphNode>,
  resolve: GraphModel["resolve"],
  kinds: Record<string, KindInfo>,
) {
  return [...nodes.values()].flatMap((node) =>
    Object.entries(fallbackWords(kinds[node.kind])).flatMap(
      ([property, label]): GraphTransition[] => {
        const value = node.properties[property];
        const target = typeof value === "string" ? resolve(value) : null;
        if (!target) return [];
        const id = `f${node.id}-${property}`;
        return [
          { id, source: node.id, target: { to: "node", node: target }, label, fallback: true },
        ];
      },
    ),
  );
}

function startOf(
  said: string | undefined,
  nodes: Map<string, GraphNode>,
  transitions: GraphTransition[],
): string | null {
  if (said && nodes.has(said)) return said;
  const reached = new Set(transitions.map(targetNode));
  const outer = [...nodes.values()].filter((node) => !node.parent);
  const root =
    outer.find((node) => node.kind === "intent" && !reached.has(node.id)) ??
    outer.find((node) => node.kind === "intent") ??
    outer[0];
  return root?.id ?? null;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = key(item);
    if (group === null) continue;
    const members = groups.get(group);
    if (members) members.push(item);
    else groups.set(group, [item]);
  }
  return groups;
}
