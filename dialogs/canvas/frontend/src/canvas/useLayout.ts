import { useEffect, useMemo, useRef, useState } from "react";
import { type Doc, isPlaced, type Place } from "../edit/document";
import { type Layout, layOut, toElk } from "../graph/layout";
import { layoutEngine } from "../graph/layoutWorker";
import type { GraphModel } from "../graph/model";
import { placeByHand } from "../graph/placing";
import type { Scene } from "../graph/scene";

export interface LaidOut {
  scene: Scene;
  layout: Layout;
}

interface Drawing {
  scene: Scene;
  model: GraphModel;
}

/**
 * By the author's places where there are some, else by the layout engine. `moved` are the places
 * of a drag under way. Scene and layout change together: the old picture stays until the new one is ready.
 */
export function useLayout(
  scene: Scene,
  model: GraphModel,
  doc: Doc,
  moved: ReadonlyMap<string, Place> | null,
): LaidOut | null {
  const byHand = moved !== null || isPlaced(doc);
  const arranged = useArranged(scene, model, byHand);
  const placed = useMemo(() => {
    if (!byHand) return null;
    const places = new Map<string, Place>();
    for (const node of doc.nodes.values()) if (node.position) places.set(node.name, node.position);
    for (const [id, place] of moved ?? []) places.set(id, place);
    return { scene, layout: placeByHand(scene, model, places) };
  }, [byHand, scene, model, doc.nodes, moved]);
  return placed ?? arranged;
}

/** One layout at a time; what changed meanwhile is arranged next, and only its newest state. */
function useArranged(scene: Scene, model: GraphModel, rest: boolean): LaidOut | null {
  const [laidOut, setLaidOut] = useState<LaidOut | null>(null);
  const wanted = useRef<Drawing | null>(null);
  const busy = useRef(false);
  const done = useRef("");
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  useEffect(() => {
    if (rest) return;
    wanted.current = { scene, model };
    if (busy.current) return;
    const work = async () => {
      busy.current = true;
      await fontsReady();
      while (wanted.current && mounted.current) {
        const drawing: Drawing = wanted.current;
        wanted.current = null;
        // Most edits move nothing: then the picture of before will do.
        const asked = JSON.stringify(toElk(drawing.scene, drawing.model));
        if (asked === done.current) continue;
        done.current = asked;
        const layout = await layOut(drawing.scene, drawing.model, layoutEngine());
        if (mounted.current) setLaidOut({ scene: drawing.scene, layout });
      }
      busy.current = false;
    };
    void work();
  }, [scene, model, rest]);
  return laidOut;
}

/** Widths are measured in the page's font; a font that never comes must not stop the drawing. */
async function fontsReady(): Promise<void> {
  const patience = new Promise<void>((resolve) => setTimeout(resolve, 400));
  await Promise.race([document.fonts?.ready.then(() => undefined) ?? patience, patience]);
}
