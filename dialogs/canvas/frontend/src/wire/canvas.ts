/** What the canvas endpoint sends: the draft of one dialog task, as people author it. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const KINDS = [
  "intent",
  "entity",
  "confirmation",
  "message",
  "service",
  "script",
  "logic",
  "bot_action",
] as const;
export type Kind = (typeof KINDS)[number];

export const END = "@end";
export const END_OF_ACTION = "@end_of_action";

/** Rows are referred to by id, documents by name; either may arrive. */
export type Ref = string | number;

export interface WireNode {
  id: Ref;
  name: string;
  kind: string;
  title: string;
  parent: Ref | null;
  properties: JsonObject;
  position?: { x: number; y: number } | null;
}

export interface Criterion {
  subject: string;
  key?: string;
  operator: string;
  value?: Json;
}

export interface Condition {
  match?: "all" | "any";
  criteria: Criterion[];
}

export interface WireTransition {
  id: Ref;
  source: Ref;
  target: Ref | null;
  order?: number;
  condition: Condition | null;
  label?: string | null;
}

export interface Problem {
  node: Ref | null;
  message: string;
}

export interface OperationInfo {
  method: string;
  path: string;
  title?: string;
}

export interface TaskInfo {
  id: Ref;
  name: string;
  title: string;
  description?: string;
  state: "draft" | "published" | "changed";
  version: number | null;
}

export interface CanvasData {
  task: TaskInfo;
  app: { name: string; slug: string };
  nodes: WireNode[];
  transitions: WireTransition[];
  problems: Problem[];
  operations: Record<string, OperationInfo>;
  urls: { back: string; publish: string; talk: string; data: string };
  may: { publish: boolean; talk: boolean };
}
