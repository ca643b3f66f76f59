/** What the canvas endpoint sends (see ../../../PROTOCOL.md): the draft of one dialog task, as people author it. */
import type { DocNote } from "../edit/document";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Any kind the server knows; those with a look of their own are in graph/kinds. */
export type Kind = string;

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

/** All or any of its criteria, each a comparison or a group of its own. */
export interface Condition {
  match?: "all" | "any";
  criteria: (Criterion | Condition)[];
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
  code?: string;
  /** The property it is about, if one is meant. */
  property?: string;
}

export interface OperationInfo {
  method: string;
  path: string;
  title?: string;
  description?: string;
  parameters?: Schema;
  body?: Schema | null;
}

export interface TaskInfo {
  id: Ref;
  name: string;
  title: string;
  description?: string;
  start?: string;
  settings?: Json;
  state: "draft" | "published" | "changed";
  version: number | null;
}

/** What a form of the task's settings says besides their schema. */
export interface SettingsForm {
  sections: Record<string, string[]>;
  choices: Record<string, string>;
  /** The settings that hold in the App. */
  app: JsonObject;
}

/** As much of JSON Schema as the forms understand. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  format?: string;
  default?: Json;
  enum?: Json[];
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

export type KindGroup = "inform" | "ask" | "action";

export interface KindInfo {
  title: string;
  group: KindGroup;
  help: string;
  silent: boolean;
  schema: Schema;
  /** Those of a new node. */
  properties: JsonObject;
}

export interface Variable {
  path: string;
  kind: string;
  node: string | null;
  before?: boolean;
}

export interface CanvasData {
  revision?: number;
  task: TaskInfo;
  app: { name: string; slug: string };
  nodes: WireNode[];
  transitions: WireTransition[];
  notes?: Partial<DocNote>[];
  problems: Problem[];
  kinds?: Record<string, KindInfo>;
  entity_types?: Record<string, { title: string; help?: string; properties?: string[] }>;
  providers?: Record<string, { title: string; operations: Record<string, OperationInfo> }>;
  operations: Record<string, OperationInfo>;
  tasks?: { name: string; title: string; state?: string }[];
  profiles?: { name: string; type?: string }[];
  variables?: Variable[];
  uses?: Record<string, number>;
  used_in?: { name: string; title: string }[];
  me?: { name: string };
  settings_schema?: Schema;
  settings_form?: SettingsForm;
  urls: {
    back: string;
    settings?: string;
    publish: string;
    talk: string;
    data: string;
    edits?: string;
    changes?: string;
    presence?: string;
    discard?: string;
    variables?: string;
    test_request?: string;
  };
  may: { publish: boolean; talk: boolean; edit?: boolean };
}
