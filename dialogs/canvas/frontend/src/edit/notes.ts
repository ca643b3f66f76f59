/** Notes and named frames: kept with the draft, no part of what is published. */
import type { Doc, DocNote, Place } from "./document";
import type { Op } from "./ops";

export const COLOURS = ["yellow", "blue", "green", "pink", "grey"] as const;

export function addNote(id: string, position: Place): Op[] {
  const size = { width: 220, height: 120 };
  const note: DocNote = { id, text: "", position, size, colour: "yellow", members: [] };
  return [{ op: "set_note", note }];
}

/** A node is in one frame at most: it leaves the one it was in. */
export function groupNodes(doc: Doc, id: string, names: readonly string[]): Op[] {
  if (names.length === 0) return [];
  const frame: DocNote = {
    id,
    text: "Group",
    position: { x: 0, y: 0 },
    size: { width: 0, height: 0 },
    colour: "blue",
    members: [...names],
  };
  return [...leaveFrames(doc, new Set(names)), { op: "set_note", note: frame }];
}

/** A frame that nothing is left in goes. */
export function leaveFrames(doc: Doc, names: ReadonlySet<string>): Op[] {
  return doc.notes.flatMap((note): Op[] => {
    const members = note.members.filter((member) => !names.has(member));
    if (members.length === note.members.length) return [];
    if (members.length === 0) return [{ op: "remove_note", id: note.id }];
    return [{ op: "set_note", note: { ...note, members } }];
  });
}

export function changeNote(doc: Doc, id: string, change: Partial<DocNote>): Op[] {
  const note = doc.notes.find((one) => one.id === id);
  return note ? [{ op: "set_note", note: { ...note, ...change } }] : [];
}

export function removeNotes(doc: Doc, ids: readonly string[]): Op[] {
  const present = ids.filter((id) => doc.notes.some((note) => note.id === id));
  return present.map((id) => ({ op: "remove_note", id }));
}
