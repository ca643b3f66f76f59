/**
 * What is to be drawn, before anyone knows where: the nodes that can be seen with the containers
 * that are closed now, the markers where paths end, and the edges between them.
 */
import type { Kind } from "../wire/canvas";
import {
  firstOf,
  type GraphModel,
  type GraphNode,
  type GraphTransition,
  targetNode,
} from "./model";

export interface SceneNode {
  id: string;
  kind: Kind | "end" | "nowhere" | "action_start" | "action_end";
  /** The open container it is drawn in. */
  parent: string | null;
  open: boolean;
}

export interface SceneEdge {
  id: string;
  source: string;
  target: string;
  label: string;
  fallback: boolean;
}

export interface Scene {
  nodes: SceneNode[];
  edges: SceneEdge[];
}

export const startMarker = (container: string) => `start:${container}`;
export const exitMarker = (container: string) => `exit:${container}`;
export const endMarker = (source: string) => `end:${source}`;
export const nowhereMarker = (source: string) => `nowhere:${source}`;

export function buildScene(model: GraphModel, closed: ReadonlySet<string>): Scene {
  const scene: Scene = { nodes: [], edges: [] };
  const isOpen = (node: GraphNode) => isContainer(node) && !closed.has(node.id);
  for (const node of model.nodes.values()) {
    const parent = node.parent ? model.nodes.get(node.parent) : undefined;
    addWaysAcross(scene, model, node);
    if (parent && !isOpen(parent)) continue;
    scene.nodes.push({ id: node.id, kind: node.kind, parent: node.parent, open: isOpen(node) });
    addWaysOut(scene, model, node);
    if (isOpen(node)) addEntry(scene, model, node);
  }
  const isMarker = (node: SceneNode) => Number(!model.nodes.has(node.id));
  // The layout keeps this order from left to right: what goes on first, then what ends.
  scene.nodes.sort((a, b) => isMarker(a) - isMarker(b));
  return scene;
}

/** An empty bot action is one too: there has to be somewhere to put what it will do. */
export function isContainer(node: GraphNode): boolean {
  return node.kind === "bot_action" || node.children.length > 0;
}

/**
 * A way into or out of a container is drawn from or to the container, and names the inner node:
 * so it is there when the container is closed, and never cuts through its neighbours.
 */
function addWaysAcross(scene: Scene, model: GraphModel, node: GraphNode) {
  for (const way of model.outgoing.get(node.id) ?? []) {
    if (!leavesContainer(model, way)) continue;
    const target = targetNode(way) as string;
    scene.edges.push({
      ...edge(way, model.nodes.get(target)?.parent ?? target),
      source: node.parent ?? node.id,
      label: node.parent ? [node.title, way.label].filter(Boolean).join(": ") : way.label,
    });
  }
}

function leavesContainer(model: GraphModel, way: GraphTransition): boolean {
  const target = targetNode(way);
  if (target === null) return false;
  return model.nodes.get(target)?.parent !== model.nodes.get(way.source)?.parent;
}

function addWaysOut(scene: Scene, model: GraphModel, node: GraphNode) {
  const ways = model.outgoing.get(node.id) ?? [];
  for (const way of ways) {
    if (!leavesContainer(model, way)) scene.edges.push(edge(way, ensureTarget(scene, node, way)));
  }
  if (node.parent && !ways.some((way) => !way.fallback)) {
    const target = ensureMarker(scene, exitMarker(node.parent), "action_end", node.parent);
    const id = `x${node.id}`;
    scene.edges.push({ id, source: node.id, target, label: "", fallback: false });
  }
}

function edge(way: GraphTransition, target: string): SceneEdge {
  return { id: way.id, source: way.source, target, label: way.label, fallback: way.fallback };
}

function ensureTarget(scene: Scene, node: GraphNode, way: GraphTransition): string {
  switch (way.target.to) {
    case "node":
      return way.target.node;
    case "end":
      return ensureMarker(scene, endMarker(node.id), "end", node.parent);
    case "end_of_action":
      return ensureMarker(scene, exitMarker(node.parent ?? ""), "action_end", node.parent);
    case "nowhere":
      return ensureMarker(scene, nowhereMarker(node.id), "nowhere", node.parent);
  }
}

function ensureMarker(
  scene: Scene,
  id: string,
  kind: SceneNode["kind"],
  parent: string | null,
): string {
  if (!scene.nodes.some((node) => node.id === id)) {
    scene.nodes.push({ id, kind, parent, open: false });
  }
  return id;
}

function addEntry(scene: Scene, model: GraphModel, container: GraphNode) {
  const first = firstOf(model, container);
  if (!first) return;
  const source = ensureMarker(scene, startMarker(container.id), "action_start", container.id);
  const id = `s${container.id}`;
  scene.edges.push({ id, source, target: first, label: "", fallback: false });
}
