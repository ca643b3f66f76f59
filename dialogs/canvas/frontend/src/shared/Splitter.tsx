import type { KeyboardEvent, PointerEvent } from "react";

interface Props {
  label: string;
  width: number;
  least: number;
  most: number;
  onWidth: (width: number) => void;
}

/** The draggable left edge of a side panel. */
export function Splitter({ label, width, least, most, onWidth }: Props) {
  const set = (wanted: number) => onWidth(Math.round(Math.min(most, Math.max(least, wanted))));
  const drag = (event: PointerEvent<HTMLElement>) => {
    const from = event.clientX;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => set(width + from - moved.clientX);
    const stop = () => handle.removeEventListener("pointermove", move);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", stop, { once: true });
    handle.addEventListener("pointercancel", stop, { once: true });
  };
  const nudge = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") set(width + 24);
    if (event.key === "ArrowRight") set(width - 24);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves has no element of its own
    <div
      className="dc-splitter"
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={nudge}
    />
  );
}
