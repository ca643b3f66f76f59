/** Everything one can do to the draft by a key or a button, with its keys: what the sheet of keys lists. */
import { align, arrange, distribute } from "../edit/arrange";
import { copyNodes, pasteNodes, readClip } from "../edit/clipboard";
import { isFrame, isPlaced, readWayId } from "../edit/document";
import { addNote, groupNodes, removeNotes } from "../edit/notes";
import { removeNodes, removeWayById } from "../edit/remove";
import { plural } from "../graph/kinds";
import { newId } from "../talk/newId";
import { chosenNodes, type Editor, isSilent } from "./editor";
import { noteIdOf, noteNodeId } from "./useSelection";

export interface Command {
  id: string;
  label: string;
  /** "Mod" is Ctrl, on a Mac the command key. The first is shown on buttons. */
  keys: string[];
  group: "Edit" | "Arrange" | "Look" | "Move about";
  enabled: boolean;
  run(): void;
  /** Known from the browser's own event, such as copy: listed, but not listened for. */
  native?: boolean;
}

export interface Wishes {
  help(): void;
  find(): void;
  showTask(): void;
}

export function editCommands(editor: Editor): Command[] {
  const { session, state, selection, editable, doc } = editor;
  const { done, undone } = state.history;
  const names = chosenNodes(editor);
  const any = editable && selection.chosen.size > 0;
  const group = "Edit";
  return [
    {
      id: "undo",
      label: done.length ? `Undo: ${done.at(-1)?.label}` : "Undo",
      keys: ["Mod+Z"],
      group,
      enabled: editable && done.length > 0,
      run: () => session.undo(),
    },
    {
      id: "redo",
      label: undone.length ? `Redo: ${undone.at(-1)?.label}` : "Redo",
      keys: ["Mod+Shift+Z", "Mod+Y"],
      group,
      enabled: editable && undone.length > 0,
      run: () => session.redo(),
    },
    {
      id: "delete",
      label: "Delete what is chosen",
      keys: ["Delete", "Backspace"],
      group,
      enabled: any || (editable && selection.way !== null),
      run: () => removeChosen(editor),
    },
    {
      id: "duplicate",
      label: "Duplicate",
      keys: ["Mod+D"],
      group,
      enabled: editable && names.length > 0,
      run: () => paste(editor, copyNodes(doc, names), "Duplicate"),
    },
    { id: "copy", label: "Copy", keys: ["Mod+C"], group, enabled: any, run() {}, native: true },
    { id: "cut", label: "Cut", keys: ["Mod+X"], group, enabled: any, run() {}, native: true },
    {
      id: "paste",
      label: "Paste, also from another task",
      keys: ["Mod+V"],
      group,
      enabled: editable,
      run() {},
      native: true,
    },
    {
      id: "all",
      label: "Choose everything",
      keys: ["Mod+A"],
      group,
      enabled: doc.nodes.size > 0,
      run: () => selection.choose([...doc.nodes.keys(), ...doc.notes.map((n) => noteNodeId(n.id))]),
    },
    {
      id: "note",
      label: "Add a note",
      keys: ["N"],
      group,
      enabled: editable,
      run: () => note(editor),
    },
    {
      id: "group",
      label: "Group what is chosen",
      keys: ["Mod+G"],
      group,
      enabled: editable && names.length > 0,
      run: () => edit(editor, "Group", groupNodes(doc, newId(), names)),
    },
    {
      id: "ungroup",
      label: "Dissolve the group",
      keys: ["Mod+Shift+G"],
      group,
      enabled: editable && framesOf(editor).length > 0,
      run: () => edit(editor, "Dissolve group", removeNotes(doc, framesOf(editor))),
    },
  ];
}

function edit(editor: Editor, label: string, ops: Parameters<Editor["edit"]>[1]) {
  editor.edit(label, ops);
}

/** Frames that are chosen, or that hold something chosen. */
function framesOf({ doc, selection }: Editor): string[] {
  const { chosen } = selection;
  return doc.notes
    .filter(isFrame)
    .filter((note) => chosen.has(noteNodeId(note.id)) || note.members.some((n) => chosen.has(n)))
    .map((note) => note.id);
}

function note(editor: Editor) {
  const id = newId();
  editor.edit("Add note", addNote(id, editor.middle()));
  editor.selection.select(noteNodeId(id));
}

export function removeChosen(editor: Editor): void {
  const { doc, selection } = editor;
  if (selection.way) {
    const way = readWayId(selection.way);
    editor.edit("Delete connection", removeWayById(doc, selection.way));
    selection.select(way?.source ?? null);
    return;
  }
  const names = chosenNodes(editor);
  const notes = [...selection.chosen].flatMap((id) => noteIdOf(id) ?? []);
  const what = names.length ? plural(names.length, "node") : plural(notes.length, "note");
  editor.edit(`Delete ${what}`, [...removeNodes(doc, names), ...removeNotes(doc, notes)]);
  selection.select(null);
}

export function copyText(editor: Editor): string | null {
  const names = chosenNodes(editor);
  return names.length ? copyNodes(editor.doc, names) : null;
}

/** True if the text was nodes; what is chosen afterwards is what was pasted. */
export function paste(editor: Editor, text: string, label = "Paste"): boolean {
  const clip = readClip(text);
  if (!clip) return false;
  const only = chosenNodes(editor).length === 1 ? editor.selection.selected : null;
  const into = only && editor.doc.nodes.get(only)?.kind === "bot_action" ? only : null;
  const parent = label === "Paste" ? into : (editor.doc.nodes.get(only ?? "")?.parent ?? null);
  const silent = (kind: string) => isSilent(editor.data, kind);
  const { ops, names } = pasteNodes(editor.doc, clip, { parent, silent });
  // Among nodes that the layout places, a place from elsewhere would stop the layout.
  const placed = isPlaced(editor.doc);
  const fitting = placed
    ? ops
    : ops.map((op) =>
        op.op === "add_node" ? { ...op, node: { ...op.node, position: null } } : op,
      );
  editor.edit(`${label} ${plural(names.length, "node")}`, fitting);
  editor.selection.choose(names);
  return true;
}

export function arrangeCommands(editor: Editor): Command[] {
  const { doc, editable } = editor;
  const names = chosenNodes(editor);
  const several = editable && names.length > 1;
  const group = "Arrange";
  const alignment = (id: Parameters<typeof align>[2], label: string, key: string): Command => ({
    id,
    label,
    keys: [`Alt+${key}`],
    group,
    enabled: several,
    run: () => editor.edit(label, align(doc, names, id, editor.areas())),
  });
  const spread = (along: "x" | "y", label: string, key: string): Command => ({
    id: `spread-${along}`,
    label,
    keys: [`Alt+${key}`],
    group,
    enabled: editable && names.length > 2,
    run: () => editor.edit(label, distribute(doc, names, along, editor.areas())),
  });
  return [
    {
      id: "arrange",
      label: "Arrange everything automatically",
      keys: ["Alt+A"],
      group,
      enabled: editable && isPlaced(doc),
      run: () => editor.edit("Arrange", arrange(doc)),
    },
    alignment("left", "Align left edges", "L"),
    alignment("centre", "Align centres", "C"),
    alignment("right", "Align right edges", "R"),
    alignment("top", "Align tops", "T"),
    alignment("middle", "Align middles", "M"),
    alignment("bottom", "Align bottoms", "B"),
    spread("x", "Distribute across", "H"),
    spread("y", "Distribute down", "V"),
  ];
}

export function lookCommands({ selection, doc }: Editor, wishes: Wishes): Command[] {
  const group = "Look";
  return [
    {
      id: "find",
      label: "Find nodes, texts and variables",
      keys: ["Mod+F", "/"],
      group,
      enabled: true,
      run: wishes.find,
    },
    {
      id: "task",
      label: "The task itself: title, description, start",
      keys: ["T"],
      group,
      enabled: true,
      run: wishes.showTask,
    },
    { id: "help", label: "These keys", keys: ["?"], group, enabled: true, run: wishes.help },
    {
      id: "start",
      label: "Go to the start",
      keys: ["Home"],
      group,
      enabled: doc.nodes.size > 0,
      run: () => doc.task.start && selection.show(doc.task.start),
    },
  ];
}

/** Keys that React Flow or a part of the page listens for. */
export const FURTHER_KEYS: [string, string][] = [
  ["Arrow keys", "Go from node to node"],
  ["Shift + arrow keys", "Move what is chosen"],
  ["Tab", "Next node, in reading order"],
  ["Enter", "Go to the properties"],
  ["Space", "Open or close a bot action"],
  ["Escape", "Back to the canvas; close what is open"],
  ["Ctrl + click", "Choose one more"],
  ["Shift + drag", "Choose by a frame"],
];
