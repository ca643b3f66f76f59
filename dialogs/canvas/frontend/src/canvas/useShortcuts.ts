import { type RefObject, useEffect, useRef } from "react";

interface Shortcuts {
  searchBox: RefObject<HTMLInputElement | null>;
  onEscape: (typing: boolean) => void;
}

/** Find with Ctrl/Cmd+F or "/"; Escape closes what was opened last. */
export function useShortcuts({ searchBox, onEscape }: Shortcuts) {
  const newest = useRef(onEscape);
  newest.current = onEscape;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const find = event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey);
      if (find || (event.key === "/" && !isTyping(event.target))) {
        event.preventDefault();
        searchBox.current?.focus();
        searchBox.current?.select();
      } else if (event.key === "Escape" && !event.defaultPrevented && !inDialog(event.target)) {
        newest.current(isTyping(event.target));
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [searchBox]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")
  );
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog") !== null;
}
