/** Orthogonal lines with rounded corners, as SVG path data. */
import type { Point } from "./layout";

export function roundedPath(points: readonly Point[], radius = 8): string {
  const [start, ...rest] = points;
  if (!start) return "";
  const parts = [`M${at(start)}`];
  rest.forEach((corner, index) => {
    const before = points[index] as Point;
    const after = rest[index + 1];
    if (!after) parts.push(`L${at(corner)}`);
    else
      parts.push(
        `L${at(near(corner, before, radius))}Q${at(corner)} ${at(near(corner, after, radius))}`,
      );
  });
  return parts.join("");
}

/** A filled head at the end of a line, whichever way it comes in. */
export function arrowHead(points: readonly Point[], length = 8, half = 4.5): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return "";
  const base = near(tip, before, length);
  const aside = { x: ((tip.y - base.y) / length) * half, y: ((tip.x - base.x) / length) * half };
  const left = { x: base.x - aside.x, y: base.y + aside.y };
  const right = { x: base.x + aside.x, y: base.y - aside.y };
  return `M${at(left)}L${at(tip)}L${at(right)}Z`;
}

/** A point a little before each end of a line, where one takes hold of it. */
export function grips(
  points: readonly Point[],
  distance = 12,
): { source: Point; target: Point } | null {
  const [first, second] = points;
  const last = points.at(-1);
  const before = points.at(-2);
  if (!first || !second || !last || !before) return null;
  return { source: near(first, second, distance), target: near(last, before, distance) };
}

/** The point on the way from `corner` to `other` where the bend begins or ends. */
function near(corner: Point, other: Point, radius: number): Point {
  const distance = Math.hypot(other.x - corner.x, other.y - corner.y);
  const share = distance === 0 ? 0 : Math.min(radius, distance / 2) / distance;
  return {
    x: corner.x + (other.x - corner.x) * share,
    y: corner.y + (other.y - corner.y) * share,
  };
}

function at(point: Point): string {
  return `${round(point.x)},${round(point.y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
