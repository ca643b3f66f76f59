import { useCallback, useEffect, useMemo, useState } from "react";
import type { GraphModel } from "../graph/model";
import type { Turn } from "../talk/conversation";
import type { Containers } from "./useContainers";

/** A wish to see a node; every wish is a new object. */
export interface Glance {
  id: string;
}

export interface Selection {
  /** Nodes by id, notes as "note:ID". */
  chosen: ReadonlySet<string>;
  /** The one node whose properties are shown. */
  selected: string | null;
  /** The way that is chosen on the canvas. */
  way: string | null;
  glance: Glance | null;
  /** Chooses one node, or nothing. */
  select(id: string | null): void;
  choose(ids: Iterable<string>): void;
  chooseWay(id: string | null): void;
  /** Chooses a node by id or name, wherever it is, and brings it into view. */
  show(ref: string): void;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Which nodes are chosen, and which one is to be brought into view. */
export function useSelection(
  model: GraphModel,
  containers: Containers,
  turn: Turn | null,
): Selection {
  const [chosen, setChosen] = useState(NOTHING);
  const [way, setWay] = useState<string | null>(null);
  const [glance, setGlance] = useState<Glance | null>(null);
  const { reveal, drawn } = containers;
  const choose = useCallback((ids: Iterable<string>) => {
    const next = new Set(ids);
    setWay(null);
    setChosen((now) => (sameSet(now, next) ? now : next));
  }, []);
  const select = useCallback((id: string | null) => choose(id ? [id] : []), [choose]);
  const chooseWay = useCallback((id: string | null) => {
    setChosen(NOTHING);
    setWay(id);
  }, []);
  const show = useCallback(
    (ref: string) => {
      const id = model.resolve(ref) ?? ref;
      reveal(id);
      select(id);
      setGlance({ id });
    },
    [model, reveal, select],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: an edit is no reason to look back at the turn
  useEffect(() => {
    const id = model.resolve(turn?.trace?.steps?.at(-1)?.node);
    if (id) setGlance({ id: drawn(id) });
  }, [turn]);
  return useMemo(() => {
    const only = chosen.size === 1 ? [...chosen][0] : undefined;
    const selected = only !== undefined && model.nodes.has(only) ? only : null;
    return { chosen, selected, way, glance, select, choose, chooseWay, show };
  }, [chosen, way, glance, model, select, choose, chooseWay, show]);
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((id) => other.has(id));
}

const NOTE = "note:";

export function noteIdOf(id: string): string | null {
  return id.startsWith(NOTE) ? id.slice(NOTE.length) : null;
}

export function noteNodeId(id: string): string {
  return `${NOTE}${id}`;
}
