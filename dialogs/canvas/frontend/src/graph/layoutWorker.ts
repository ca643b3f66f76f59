/** The layout engine in a worker: a large dialog is arranged while the page stays responsive. */
import ELK, { type ELK as Engine } from "elkjs/lib/elk-api.js";

let engine: Engine | null = null;

/** Its script lies beside the page's own and is named by the page. */
export function layoutEngine(): Engine {
  if (engine) return engine;
  const url = document.querySelector<HTMLElement>("[data-layout]")?.dataset.layout;
  if (!url) throw new Error("the page does not say where its layout script is");
  engine = new ELK({ workerUrl: url });
  return engine;
}
