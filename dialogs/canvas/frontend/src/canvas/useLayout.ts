import { useEffect, useState } from "react";
import { type Layout, layOut } from "../graph/layout";
import type { GraphModel } from "../graph/model";
import type { Scene } from "../graph/scene";

export interface LaidOut {
  scene: Scene;
  layout: Layout;
}

/** Scene and layout change together: the old picture stays until the new one is ready. */
export function useLayout(scene: Scene, model: GraphModel): LaidOut | null {
  const [laidOut, setLaidOut] = useState<LaidOut | null>(null);
  useEffect(() => {
    let wanted = true;
    void fontsReady()
      .then(() => layOut(scene, model))
      .then((layout) => wanted && setLaidOut({ scene, layout }));
    return () => {
      wanted = false;
    };
  }, [scene, model]);
  return laidOut;
}

/** Widths are measured in the page's font; a font that never comes must not stop the drawing. */
async function fontsReady(): Promise<void> {
  const patience = new Promise<void>((resolve) => setTimeout(resolve, 400));
  await Promise.race([document.fonts?.ready.then(() => undefined) ?? patience, patience]);
}
