/** Undo and redo without limit. A gesture, such as typing one title, is one step. */
import { applyAll } from "./apply";
import type { Doc } from "./document";
import { invertAll } from "./invert";
import type { Op } from "./ops";
import { squash } from "./squash";

export interface Step {
  /** What was done, for the button's title: "Delete 2 nodes". */
  label: string;
  ops: Op[];
  inverse: Op[];
  gesture: string | null;
  at: number;
}

export interface History {
  done: readonly Step[];
  undone: readonly Step[];
}

export const NO_HISTORY: History = { done: [], undone: [] };

/** Pauses longer than this end a gesture, in milliseconds. */
const PAUSE = 2000;

export interface Edit {
  label: string;
  ops: Op[];
  /** Edits of one gesture in a row are undone together. */
  gesture?: string;
}

/** Records an edit of `doc`; what was undone before it is forgotten. */
export function record(history: History, doc: Doc, edit: Edit, now: number): History {
  const inverse = invertAll(doc, edit.ops);
  const last = history.done.at(-1);
  const step: Step = { ...edit, gesture: edit.gesture ?? null, inverse, at: now };
  if (last && edit.gesture && last.gesture === edit.gesture && now - last.at <= PAUSE) {
    const whole = {
      ...last,
      ops: squash([...last.ops, ...edit.ops]),
      inverse: squash([...inverse, ...last.inverse]),
      at: now,
    };
    return { done: [...history.done.slice(0, -1), whole], undone: [] };
  }
  return { done: [...history.done, step], undone: [] };
}

export interface Travelled {
  history: History;
  doc: Doc;
  ops: Op[];
  label: string;
}

/**
 * The ops that take the last step back. Their own inverse is worked out anew, for others may have
 * edited the draft since the step was done.
 */
export function undo(history: History, doc: Doc): Travelled | null {
  const step = history.done.at(-1);
  if (!step) return null;
  const redone = invertAll(doc, step.inverse);
  const back: Step = { ...step, ops: redone, gesture: null };
  return {
    history: { done: history.done.slice(0, -1), undone: [...history.undone, back] },
    doc: applyAll(doc, step.inverse),
    ops: step.inverse,
    label: step.label,
  };
}

export function redo(history: History, doc: Doc): Travelled | null {
  const step = history.undone.at(-1);
  if (!step) return null;
  const again: Step = { ...step, inverse: invertAll(doc, step.ops), gesture: null };
  return {
    history: { done: [...history.done, again], undone: history.undone.slice(0, -1) },
    doc: applyAll(doc, step.ops),
    ops: step.ops,
    label: step.label,
  };
}
