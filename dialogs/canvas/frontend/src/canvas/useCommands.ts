import { type RefObject, useEffect, useMemo, useRef } from "react";
import {
  arrangeCommands,
  type Command,
  copyText,
  editCommands,
  lookCommands,
  paste,
  removeChosen,
} from "./commands";
import type { Editor } from "./editor";
import { focusNode } from "./useArrowKeys";

interface Wishes {
  searchBox: RefObject<HTMLInputElement | null>;
  help(): void;
  showTask(): void;
  escape(typing: boolean): void;
}

/** All commands as they stand now, and their keys at work. */
export function useCommands(editor: Editor, wishes: Wishes): Command[] {
  // biome-ignore lint/correctness/useExhaustiveDependencies: wishes are the same functions anew
  const commands = useMemo(() => {
    const find = () => {
      wishes.searchBox.current?.focus();
      wishes.searchBox.current?.select();
    };
    const { help, showTask } = wishes;
    return [
      ...editCommands(editor),
      ...arrangeCommands(editor),
      ...lookCommands(editor, { help, find, showTask }),
    ];
  }, [editor]);
  const now = useRef({ commands, editor, wishes });
  now.current = { commands, editor, wishes };
  useKeys(now);
  useClipboard(now);
  return commands;
}

type Now = RefObject<{ commands: Command[]; editor: Editor; wishes: Wishes }>;

function useKeys(now: Now) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || inDialog(event.target)) return;
      const typing = isTyping(event.target);
      if (event.key === "Escape") return leave(now, typing);
      const command = now.current.commands.find((one) => one.keys.some((key) => isKey(event, key)));
      // In a field its own keys come first; undo of what was typed is ours all the same.
      if (!command || command.native || (typing && !ALWAYS.has(command.id))) return;
      if (typing && inCode(event.target)) return;
      event.preventDefault();
      if (command.enabled) command.run();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [now]);
}

const ALWAYS = new Set(["find", "undo", "redo"]);

/** From a field back to its node, then out of what is open. */
function leave({ current }: Now, typing: boolean) {
  const { selected } = current.editor.selection;
  const inPanel = document.activeElement?.closest(".dc-side-node");
  if (inPanel && selected) return focusNode(selected);
  current.wishes.escape(typing);
}

function useClipboard(now: Now) {
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const { editor } = now.current;
      const marked = window.getSelection()?.toString();
      const text = isTyping(event.target) || marked ? null : copyText(editor);
      if (!text) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
      if (event.type === "cut" && editor.editable) removeChosen(editor);
    };
    const insert = (event: ClipboardEvent) => {
      const { editor } = now.current;
      if (isTyping(event.target) || !editor.editable) return;
      if (paste(editor, event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", insert);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", insert);
    };
  }, [now]);
}

export function isKey(event: KeyboardEvent, key: string): boolean {
  const parts = key.split("+");
  const last = parts.at(-1) as string;
  const mod = event.ctrlKey || event.metaKey;
  const named = last.length > 1;
  // A sign such as "?" may need Shift to be typed at all.
  const sign = !named && !/[a-z0-9]/i.test(last);
  const same = named ? event.key === last : event.key.toLowerCase() === last.toLowerCase();
  const coded = parts.includes("Alt") && event.code === `Key${last}`;
  return (
    (same || coded) &&
    mod === parts.includes("Mod") &&
    event.altKey === parts.includes("Alt") &&
    (sign || event.shiftKey === parts.includes("Shift"))
  );
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type)) {
    return false;
  }
  return target.matches("input, textarea, select, [contenteditable='true']");
}

/** The code editor has a history of its own for as long as one is in it. */
function inCode(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".cm-editor") !== null;
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog") !== null;
}
