/** Which node lies next in a direction: what the arrow keys do. */
import type { Box } from "./layout";

export type Direction = "up" | "down" | "left" | "right";

export function neighbour(
  boxes: ReadonlyMap<string, Box>,
  from: string,
  direction: Direction,
): string | null {
  const start = boxes.get(from);
  if (!start) return null;
  let best: { id: string; cost: number } | null = null;
  for (const [id, box] of boxes) {
    const cost = id === from ? null : costOf(start, box, direction);
    if (cost !== null && (!best || cost < best.cost)) best = { id, cost };
  }
  return best?.id ?? null;
}

/** Sideways distance counts double: "down" should mean straight down where it can. */
function costOf(start: Box, box: Box, direction: Direction): number | null {
  const dx = box.x + box.width / 2 - (start.x + start.width / 2);
  const dy = box.y + box.height / 2 - (start.y + start.height / 2);
  const [ahead, aside] = {
    up: [-dy, dx],
    down: [dy, dx],
    left: [-dx, dy],
    right: [dx, dy],
  }[direction] as [number, number];
  const beside = ahead <= 4 || Math.abs(aside) > 3 * ahead;
  return beside ? null : ahead + 2 * Math.abs(aside);
}
