/** A reply as elements: its words, its card where something is to be done elsewhere, and what can be tapped. */
import { isWebAddress, pieces } from "../../talk/links";
import type { Page, Reply } from "../wire";
import { fill, type Words } from "../words";
import { button, el, icon, outward, SHAPES } from "./dom";

export interface Says {
  words: Words;
  say(text: string): void;
}

export function replyElement(reply: Reply, { words, say }: Says): HTMLElement {
  const made = el("div", { class: "line bot" });
  const who = reply.agent ? reply.agent.name || words.agent : words.bot;
  const way = wayOf(reply, words);
  const bubble = el("div", { class: "bubble", part: "bubble", dir: "auto" });
  bubble.append(
    el("span", { class: "hidden" }, `${who}: `),
    ...textNodes(reply.text, words, way?.url),
  );
  if (who !== words.bot) made.append(el("span", { class: "who", "aria-hidden": "true" }, who));
  made.append(bubble);
  if (way) made.append(card(way, words, say));
  made.append(...taps(reply, words, say));
  return made;
}

/** Text with its links; one that has a card of its own is named by its host alone. */
export function textNodes(text: string, words: Words, shown?: string | null): Node[] {
  return pieces(text).map(({ text: piece, href }) => {
    if (!href) return document.createTextNode(piece);
    const label = href === shown ? new URL(href).host : piece;
    return outward(href, label, words.newTab);
  });
}

interface Way {
  label: string;
  hint: string;
  /** Null where the page can be used no more. */
  url: string | null;
  expiresAt: string;
}

/** Where a reply sends the person: to authorize, or to a form. */
export function wayOf(reply: Reply, words: Words): Way | null {
  const { authorization_required: asked, form } = reply;
  if (asked) {
    const label = fill(words.authorize, { provider: asked.provider.toUpperCase() });
    const hint = asked.code_needed ? words.codeHint : words.goesOn;
    return { label, hint, ...placeOf(asked) };
  }
  return form ? { label: form.title || words.form, hint: words.goesOn, ...placeOf(form) } : null;
}

function placeOf({ url, expires_at }: Page): Pick<Way, "url" | "expiresAt"> {
  return { url: url && isWebAddress(url) ? url : null, expiresAt: expires_at };
}

function card(way: Way, words: Words, say: (text: string) => void): HTMLElement {
  const made = el("div", { class: "card now" });
  if (way.url) {
    const link = outward(way.url, way.label, words.newTab);
    link.className = "main";
    link.prepend(icon(SHAPES.open));
    made.append(
      link,
      el(
        "p",
        {},
        [words.newTabHint, way.hint, untilWords(way.expiresAt, words)].filter(Boolean).join(" "),
      ),
    );
  } else {
    // Whatever is said while a dialog waits for this is answered with the link.
    const again = button(words.newLink, () => say(words.newLink), {
      class: "main",
    });
    made.append(again, el("p", {}, words.linkGone));
  }
  return made;
}

function untilWords(expiresAt: string, words: Words): string {
  const end = new Date(expiresAt);
  if (Number.isNaN(end.getTime())) return "";
  const locale = words.locale || [];
  const sameDay = end.toDateString() === new Date().toDateString();
  const time = sameDay
    ? end.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" })
    : end.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
  return fill(words.until, { time });
}

function taps(reply: Reply, words: Words, say: (text: string) => void): HTMLElement[] {
  const links = (reply.buttons ?? []).filter(({ url }) => url && isWebAddress(url));
  const spoken = [
    ...(reply.buttons ?? []).filter(({ url }) => !url),
    ...(reply.quick_replies ?? []),
  ];
  const made: HTMLElement[] = [];
  if (links.length > 0) {
    made.push(
      el(
        "div",
        { class: "taps" },
        ...links.map((one) => outward(one.url ?? "", one.title, words.newTab)),
      ),
    );
  }
  if (spoken.length > 0) {
    const group = el("div", { class: "taps now", role: "group", "aria-label": words.choices });
    group.append(
      ...spoken.map((one) => button(one.title, () => say(one.value || one.title), { dir: "auto" })),
    );
    made.push(group);
  }
  return made;
}
