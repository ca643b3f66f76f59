import { useCallback, useMemo, useRef, useState } from "react";
import type { GraphModel } from "../graph/model";
import { buildScene, isContainer, type Scene } from "../graph/scene";

/** More nodes than one can take in at once begin with their containers closed. */
const OPEN_UP_TO = 80;

export interface Containers {
  scene: Scene;
  all: string[];
  closed: ReadonlySet<string>;
  toggle(id: string): void;
  setAll(open: boolean): void;
  /** The node, or the closed container that stands for it. */
  drawn(id: string): string;
  /** Opens the container a node is in, so that it can be seen. */
  reveal(id: string): void;
}

export function useContainers(model: GraphModel): Containers {
  const all = useMemo(
    () => [...model.nodes.values()].filter(isContainer).map(({ id }) => id),
    [model],
  );
  const [closed, setClosed] = useState<ReadonlySet<string>>(
    () => new Set(model.nodes.size > OPEN_UP_TO ? all : []),
  );
  const scene = useMemo(() => buildScene(model, closed), [model, closed]);
  const toggle = useCallback((id: string) => {
    setClosed((now) => (now.has(id) ? without(now, id) : new Set([...now, id])));
  }, []);
  const reveal = useCallback(
    (id: string) => {
      const parent = model.nodes.get(id)?.parent;
      if (parent) setClosed((now) => (now.has(parent) ? without(now, parent) : now));
    },
    [model],
  );
  const now = useRef(closed);
  now.current = closed;
  const drawn = useCallback(
    (id: string) => {
      const parent = model.nodes.get(id)?.parent;
      return parent && now.current.has(parent) ? parent : id;
    },
    [model],
  );
  const setAll = useCallback((open: boolean) => setClosed(new Set(open ? [] : all)), [all]);
  return { scene, all, closed, toggle, setAll, drawn, reveal };
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...set].filter((one) => one !== id));
}
