/** One outline per kind, so that kinds are told apart without colour too. */
import type { Kind } from "../wire/canvas";

/** SVG path data that fills a box of this size. */
export function outline(kind: Kind, width: number, height: number): string {
  const w = width - 1;
  const h = height - 1;
  switch (kind) {
    case "intent":
      return rounded(w, h, h / 2);
    case "entity":
      return rounded(w, h, 12);
    case "confirmation":
      return polygon([16, 1], [w - 16, 1], [w, h / 2], [w - 16, h], [16, h], [1, h / 2]);
    case "logic":
      return polygon([14, 1], [w, 1], [w - 14, h], [1, h]);
    case "script":
      return `M1,5Q1,1 5,1H${w - 16}L${w},17V${h - 4}Q${w},${h} ${w - 4},${h}H5Q1,${h} 1,${h - 4}Z`;
    case "message":
      return speechBubble(w, h);
    case "form":
      return rounded(w, h, 12);
    case "agent_transfer":
      return polygon([1, 1], [w - 18, 1], [w, h / 2], [w - 18, h], [1, h]);
    default:
      return rounded(w, h, 4);
  }
}

/** Lines inside the outline: the bars of a service, the folded corner of a script. */
export function inlay(kind: Kind, width: number, height: number): string {
  const w = width - 1;
  const h = height - 1;
  if (kind === "service") return `M7,1V${h}M${w - 6},1V${h}`;
  if (kind === "script") return `M${w - 16},1V17H${w}`;
  if (kind === "dialog") return `M5,5H${w - 4}V${h - 4}H5Z`;
  if (kind === "webhook") return `M7,1V${h}`;
  if (kind === "form") return `M1,14H${w}`;
  if (kind === "bot_action") return `M5,${h + 4}H${w - 4}`;
  return "";
}

function rounded(w: number, h: number, r: number): string {
  return (
    `M${1 + r},1H${w - r}Q${w},1 ${w},${1 + r}V${h - r}Q${w},${h} ${w - r},${h}` +
    `H${1 + r}Q1,${h} 1,${h - r}V${1 + r}Q1,1 ${1 + r},1Z`
  );
}

/** The tail hangs below the box, so that the way on begins at the bubble itself. */
function speechBubble(w: number, h: number): string {
  return (
    `M15,1H${w - 14}Q${w},1 ${w},15V${h - 14}Q${w},${h} ${w - 14},${h}` +
    `H42L26,${h + 9}L28,${h}H15Q1,${h} 1,${h - 14}V15Q1,1 15,1Z`
  );
}

function polygon(...points: [number, number][]): string {
  return `M${points.map((point) => point.join(",")).join("L")}Z`;
}
