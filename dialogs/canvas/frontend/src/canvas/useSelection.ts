import { useCallback, useEffect, useState } from "react";
import type { GraphModel } from "../graph/model";
import type { Turn } from "../talk/conversation";
import type { Containers } from "./useContainers";

/** A wish to see a node; every wish is a new object. */
export interface Glance {
  id: string;
}

/** Which node is chosen, and which one is to be brought into view. */
export function useSelection(model: GraphModel, containers: Containers, turn: Turn | null) {
  const [selected, select] = useState<string | null>(null);
  const [glance, setGlance] = useState<Glance | null>(null);
  const { reveal, drawn } = containers;
  /** Chooses a node by id or name, wherever it is. */
  const show = useCallback(
    (ref: string) => {
      const id = model.resolve(ref);
      if (!id) return;
      reveal(id);
      select(id);
      setGlance({ id });
    },
    [model, reveal],
  );
  useEffect(() => {
    const id = model.resolve(turn?.trace?.steps?.at(-1)?.node);
    if (id) setGlance({ id: drawn(id) });
  }, [turn, model, drawn]);
  return { selected, select, glance, show };
}
