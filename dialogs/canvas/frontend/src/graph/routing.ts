/** A line from below one box to above another, in right angles. */
import type { Box, Point } from "./layout";
import { labelSize } from "./sizes";

/** Which of several lines that leave one box. */
export interface Slot {
  index: number;
  count: number;
}

const CLEAR = 22;
const STAGGER = 9;

export function route(from: Box, to: Box, { index, count }: Slot): Point[] {
  const spread = Math.min(from.width * 0.5, 28 * (count - 1));
  const aside = count > 1 ? (index / (count - 1) - 0.5) * spread : 0;
  const start = { x: from.x + from.width / 2 + aside, y: from.y + from.height };
  const end = { x: to.x + to.width / 2, y: to.y };
  return end.y - start.y >= CLEAR
    ? straightDown(start, end, index)
    : roundAbout(start, end, from, to);
}

function straightDown(start: Point, end: Point, index: number): Point[] {
  if (Math.abs(start.x - end.x) < 1) return [start, end];
  const gap = end.y - start.y;
  const y = start.y + Math.min(gap - 10, Math.max(10, gap * 0.4 + index * STAGGER));
  return [start, { x: start.x, y }, { x: end.x, y }, end];
}

/** Back up, or to what is beside: past the nearer side of both boxes. */
function roundAbout(start: Point, end: Point, from: Box, to: Box): Point[] {
  const right = Math.max(from.x + from.width, to.x + to.width) + CLEAR;
  const left = Math.min(from.x, to.x) - CLEAR;
  const far = (x: number) => Math.abs(x - start.x) + Math.abs(x - end.x);
  const apart = from.x + from.width + 2 * CLEAR < to.x || to.x + to.width + 2 * CLEAR < from.x;
  const between = from.x < to.x ? (from.x + from.width + to.x) / 2 : (to.x + to.width + from.x) / 2;
  const x = apart ? between : far(right) <= far(left) ? right : left;
  const [below, above] = [start.y + CLEAR, end.y - CLEAR];
  return [
    start,
    { x: start.x, y: below },
    { x, y: below },
    { x, y: above },
    { x: end.x, y: above },
    end,
  ];
}

/** In the middle of the line's length; of several lines that run together each a bit further. */
export function labelOf(
  points: readonly Point[],
  label: string,
  { index, count }: Slot = { index: 0, count: 1 },
): Box | null {
  if (!label) return null;
  const size = labelSize(label);
  const at = along(points, count > 1 ? 0.36 + (0.36 * index) / (count - 1) : 0.5);
  return { x: at.x - size.width / 2, y: at.y - size.height / 2, ...size };
}

function along(points: readonly Point[], part: number): Point {
  const lengths = points.slice(1).map((point, index) => distance(points[index] as Point, point));
  let left = lengths.reduce((sum, length) => sum + length, 0) * part;
  for (const [index, length] of lengths.entries()) {
    const [from, to] = [points[index] as Point, points[index + 1] as Point];
    if (left <= length && length > 0) {
      const share = left / length;
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
    }
    left -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

export function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

/** How far a point is from a line: what is dropped near enough is dropped on it. */
export function distanceToLine(point: Point, line: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 1; index < line.length; index += 1) {
    const [a, b] = [line[index - 1] as Point, line[index] as Point];
    least = Math.min(least, distanceToPart(point, a, b));
  }
  return least;
}

function distanceToPart(point: Point, a: Point, b: Point): number {
  const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  const along = (point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y);
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, along / length));
  return distance(point, { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });
}
