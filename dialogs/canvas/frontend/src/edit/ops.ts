/** The edits there are, as the server takes them (see ../PROTOCOL.md). Nodes are known by name. */
import type { Json, JsonObject } from "../wire/canvas";
import type { DocNode, DocNote, DocWay, Place } from "./document";

export interface AddNode {
  op: "add_node";
  node: Pick<DocNode, "name" | "kind"> & Partial<DocNode>;
}
/** The node and its ways; ways of others that led to it are then not connected. */
export interface RemoveNode {
  op: "remove_node";
  name: string;
}
export interface SetNode {
  op: "set_node";
  name: string;
  title?: string;
  properties?: JsonObject;
  /** Only some of them; null removes one. Others' edits may come like this. */
  properties_patch?: JsonObject;
  position?: Place | null;
  parent?: string | null;
}
/** Also rewrites what mentions the node: ways, properties that name it, `context.NAME`. */
export interface RenameNode {
  op: "rename_node";
  from: string;
  to: string;
}
/** All ways of one source, in the order they are tried. */
export interface SetTransitions {
  op: "set_transitions";
  source: string;
  transitions: DocWay[];
}
export interface SetTask {
  op: "set_task";
  title?: string;
  description?: string;
  start?: string;
  settings?: Json;
}
export interface SetNotes {
  op: "set_notes";
  notes: DocNote[];
}
export interface SetNote {
  op: "set_note";
  note: DocNote;
}
export interface RemoveNote {
  op: "remove_note";
  id: string;
}
export type Op =
  | AddNode
  | RemoveNode
  | SetNode
  | RenameNode
  | SetTransitions
  | SetTask
  | SetNotes
  | SetNote
  | RemoveNote;
