/** Which nodes and edges a turn went through, folded onto what is drawn. */
import type { Step, TalkState, Trace } from "../wire/talk";
import type { GraphModel } from "./model";
import { endMarker, exitMarker, type Scene, type SceneEdge, startMarker } from "./scene";

export interface Lit {
  /** Node id to its places in the turn's order, counted from 1. */
  nodes: ReadonlyMap<string, readonly number[]>;
  edges: ReadonlySet<string>;
  failed: ReadonlySet<string>;
  waiting: string | null;
}

export const UNLIT: Lit = { nodes: new Map(), edges: new Set(), failed: new Set(), waiting: null };

export function fold(trace: Trace, state: TalkState, model: GraphModel, scene: Scene): Lit {
  const all = trace.steps ?? [];
  // Nodes of a sub-dialog are on its own canvas, whatever their names.
  const steps = all.filter((step) => !step.depth && model.resolve(step.node));
  const ids = steps.map((step) => model.resolve(step.node) as string);
  const nodes = new Map<string, number[]>();
  const drawn = new Set(scene.nodes.map((node) => node.id));
  const shown = (id: string) => (drawn.has(id) ? id : (model.nodes.get(id)?.parent ?? id));
  ids.forEach((id, index) => {
    nodes.set(shown(id), [...(nodes.get(shown(id)) ?? []), index + 1]);
  });
  const failed = steps.filter(hasFailed).map((step) => shown(model.resolve(step.node) as string));
  const last = ids.at(-1);
  const waits = last !== undefined && isWaiting(all.at(-1), state);
  return {
    nodes,
    edges: edgesBetween(ids, model, scene, !waits),
    failed: new Set(failed),
    waiting: waits ? shown(last) : null,
  };
}

export function hasFailed(step: Step): boolean {
  return Boolean(step.error) || /fail|error/i.test(step.status ?? "");
}

const ASKING: ReadonlySet<string | undefined> = new Set(["entity", "confirmation"]);

/** A node that asks is the last of a turn only while it waits for the answer. */
function isWaiting(step: Step | undefined, state: TalkState): boolean {
  if (!step || state === "ended" || hasFailed(step)) return false;
  return state === "waiting" || /wait|ask/i.test(step.status ?? "") || ASKING.has(step.kind);
}

function edgesBetween(ids: string[], model: GraphModel, scene: Scene, ended: boolean) {
  const lit = new Set<string>();
  const light = (source: string, target: string) => {
    for (const edge of between(scene.edges, source, target)) lit.add(edge.id);
  };
  ids.forEach((id, index) => {
    const next = ids[index + 1];
    if (next) lightHop(id, next, model, light);
    else if (ended) lightExit(id, model, light);
  });
  return lit;
}

type Light = (source: string, target: string) => void;

/** A hop into or out of a container also lights the container's own way in or out. */
function lightHop(from: string, to: string, model: GraphModel, light: Light) {
  const parentOf = (id: string) => model.nodes.get(id)?.parent ?? null;
  const [left, entered] = [parentOf(from), parentOf(to)];
  if (left === entered || from === entered || to === left) light(from, to);
  if (left && left !== entered) {
    light(from, exitMarker(left));
    light(left, entered ?? to);
  }
  if (entered && entered !== left) {
    light(left ?? from, entered);
    light(startMarker(entered), to);
  }
}

function lightExit(id: string, model: GraphModel, light: Light) {
  const parent = model.nodes.get(id)?.parent;
  light(id, endMarker(id));
  if (!parent) return;
  light(id, exitMarker(parent));
  light(parent, endMarker(parent));
}

function between(edges: SceneEdge[], source: string, target: string): SceneEdge[] {
  const found = edges.filter((edge) => edge.source === source && edge.target === target);
  const usual = found.find((edge) => !edge.fallback) ?? found[0];
  return usual ? [usual] : [];
}
