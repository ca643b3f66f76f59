import { useEffect, useRef } from "react";

/** Closes what is open on Escape or a press elsewhere. */
export function useDismiss(open: boolean, close: () => void) {
  const frame = useRef<HTMLDivElement>(null);
  const newest = useRef(close);
  newest.current = close;
  useEffect(() => {
    if (!open) return;
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      newest.current();
    };
    const point = (event: PointerEvent) => {
      if (!frame.current?.contains(event.target as Node)) newest.current();
    };
    window.addEventListener("keydown", press, true);
    window.addEventListener("pointerdown", point, true);
    return () => {
      window.removeEventListener("keydown", press, true);
      window.removeEventListener("pointerdown", point, true);
    };
  }, [open]);
  return frame;
}
