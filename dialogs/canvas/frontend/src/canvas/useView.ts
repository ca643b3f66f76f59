import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import type { Box } from "../graph/layout";
import type { LaidOut } from "./useLayout";
import type { Glance } from "./useSelection";

const MARGIN = 32;
/** What the tools at the upper edge cover, in pixels. */
const TOOLBAR = 36;
const FIRST_ZOOM = { least: 0.8, most: 1 };
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250;

/** What part of the graph is looked at: the start first, then what was asked for. */
export function useView(laidOut: LaidOut | null, start: string | null, glance: Glance | null) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const held = useRef<{ id: string; x: number; y: number } | null>(null);
  const opened = useRef(false);
  const wish = useRef<Glance | null>(null);
  const boxes = laidOut?.layout.boxes;

  /** Brings a node into view; what is in view already stays where it is. */
  const show = useCallback(
    (id: string) => {
      const box = boxes?.get(id);
      if (!box) return false;
      const { width, height, transform } = store.getState();
      if (isVisible(box, transform, width, height)) return true;
      const zoom = Math.max(transform[2], FIRST_ZOOM.least);
      const y = box.y + Math.min(box.height, 200) / 2;
      void flow.setCenter(box.x + box.width / 2, y, { zoom, duration: CALM });
      return true;
    },
    [boxes, flow, store],
  );

  /** Keeps a container under the pointer while everything is arranged anew around it. */
  const hold = useCallback(
    (id: string) => {
      const box = boxes?.get(id);
      if (box) held.current = { id, x: box.x, y: box.y };
    },
    [boxes],
  );

  useEffect(() => {
    // An empty draft has no first view: its first node will give it one.
    if (!boxes?.size) return;
    const { width, height } = store.getState();
    if (!opened.current && width > 0) {
      opened.current = true;
      void flow.setViewport(firstView(boxes, start, width, height));
    }
    const was = held.current;
    const now = was && boxes.get(was.id);
    held.current = null;
    if (was && now) {
      const { x, y, zoom } = flow.getViewport();
      const moved = { x: (was.x - now.x) * zoom, y: (was.y - now.y) * zoom };
      void flow.setViewport({ x: x + moved.x, y: y + moved.y, zoom });
    }
  }, [boxes, flow, store, start]);

  // A panel that opens beside the graph takes half of its room from either side.
  const width = useStore((state) => state.width);
  const before = useRef(width);
  useEffect(() => {
    const shift = before.current > 0 && opened.current ? (width - before.current) / 2 : 0;
    before.current = width;
    const { x, y, zoom } = flow.getViewport();
    if (shift) void flow.setViewport({ x: x + shift, y, zoom });
  }, [width, flow]);

  useEffect(() => {
    if (!glance || wish.current === glance) return;
    // The node may be in a container that is being opened: the next layout will have it.
    if (show(glance.id)) wish.current = glance;
  }, [glance, show]);

  return { show, hold };
}

function isVisible(
  box: Box,
  [x, y, zoom]: [number, number, number],
  width: number,
  height: number,
) {
  const left = box.x * zoom + x;
  const top = box.y * zoom + y;
  return (
    left >= 0 &&
    top >= 0 &&
    left + box.width * zoom <= width &&
    top + Math.min(box.height, 64) * zoom <= height
  );
}

/** Readable, and from the top: a tall dialog is not shrunk to fit. */
function firstView(
  boxes: ReadonlyMap<string, Box>,
  start: string | null,
  width: number,
  height: number,
) {
  const all = [...boxes.values()];
  const left = Math.min(...all.map((box) => box.x));
  const right = Math.max(...all.map((box) => box.x + box.width));
  const top = Math.min(...all.map((box) => box.y));
  const bottom = Math.max(...all.map((box) => box.y + box.height));
  const fits = Math.min(
    (width - 2 * MARGIN) / (right - left),
    (height - 2 * MARGIN) / (bottom - top),
  );
  const zoom = Math.min(FIRST_ZOOM.most, Math.max(FIRST_ZOOM.least, fits));
  const wide = (right - left) * zoom > width - 2 * MARGIN;
  const first = wide && start ? boxes.get(start) : undefined;
  const centre = first ? first.x + first.width / 2 : (left + right) / 2;
  return { x: width / 2 - centre * zoom, y: MARGIN + TOOLBAR - top * zoom, zoom };
}
