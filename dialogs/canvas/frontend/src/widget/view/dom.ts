/** Elements made by hand: text always goes in as text, so nothing that was said can become markup. */

type Child = Node | string | null | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | null | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (typeof value === "string") made.setAttribute(name, value);
  }
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

export function button(label: string, act: () => void, attributes: Record<string, string> = {}) {
  const made = el("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", act);
  return made;
}

/** A button that shows a drawing and says its name. */
export function iconButton(name: string, shape: string, act: () => void) {
  const made = el("button", {
    type: "button",
    class: "icon",
    "aria-label": name,
    title: name,
  });
  made.append(icon(shape));
  made.addEventListener("click", act);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(shape: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", shape);
  svg.append(path);
  return svg;
}

/** Outlines on a square of 24. */
export const SHAPES = {
  chat: "M21 12a8 8 0 0 1-8 8H4l2.3-2.9A8 8 0 1 1 21 12Z",
  close: "M6 6l12 12M18 6 6 18",
  restart: "M20 11a8 8 0 1 0-2.3 5.7M20 4v7h-7",
  send: "M4 12 20 4l-5 16-3.5-6.5L4 12Zm7.5 1.5L20 4",
  clip: "m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.4 17a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  open: "M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5",
};

/** A link that leaves the chat where it is. */
export function outward(address: string, label: string, newTab: string) {
  const link = el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
  link.append(el("span", { class: "hidden" }, ` (${newTab})`));
  return link;
}
