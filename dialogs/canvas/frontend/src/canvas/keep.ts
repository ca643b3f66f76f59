/** Objects that say the same stay the same object, so that what did not change is not drawn again. */

type Parts = Record<string, unknown>;

export function keeper<T extends { id: string }>(): (next: T[]) => T[] {
  let kept = new Map<string, T>();
  return (next) => {
    const now = new Map<string, T>();
    const list = next.map((item) => {
      const before = kept.get(item.id);
      const same = before && alike(before, item, 3) ? before : item;
      now.set(item.id, same);
      return same;
    });
    kept = now;
    return list;
  };
}

/** Equal to a depth; deeper down only the same object will do. */
export function alike(one: unknown, other: unknown, depth: number): boolean {
  if (Object.is(one, other)) return true;
  if (depth === 0 || !isParts(one) || !isParts(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => alike(one[key], other[key], depth - 1));
}

function isParts(value: unknown): value is Parts {
  return typeof value === "object" && value !== null;
}
