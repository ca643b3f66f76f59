/** What every part of the editor works with. */
import { createContext, useContext } from "react";
import type { Areas } from "../edit/arrange";
import type { Doc, Place } from "../edit/document";
import type { Op } from "../edit/ops";
import type { Session, SessionState } from "../edit/session";
import type { GraphModel } from "../graph/model";
import type { CanvasData, KindInfo } from "../wire/canvas";
import type { Selection } from "./useSelection";

export interface Editor {
  data: CanvasData;
  session: Session;
  state: SessionState;
  doc: Doc;
  model: GraphModel;
  selection: Selection;
  editable: boolean;
  /** Where everything is drawn now. */
  areas(): Areas;
  /** The middle of what is in view, in canvas units. */
  middle(): Place;
  edit(label: string, ops: Op[], gesture?: string): void;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("there is no editor around this");
  return editor;
}

export function kindOf(data: CanvasData, kind: string): KindInfo | undefined {
  return data.kinds?.[kind];
}

export function isSilent(data: CanvasData, kind: string): boolean {
  return kindOf(data, kind)?.silent ?? false;
}

/** Only what can be drawn: the node names among what is chosen. */
export function chosenNodes({ selection, doc }: Pick<Editor, "selection" | "doc">): string[] {
  return [...selection.chosen].filter((id) => doc.nodes.has(id));
}
