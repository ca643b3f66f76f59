/** The chat's lines. An element stays the same as long as its line does, so that readers hear each line once. */
import type { State } from "../state";
import { button, el, icon, SHAPES } from "./dom";
import { type Item, itemsOf } from "./items";
import { replyElement, type Says } from "./reply";

/** Pixels from the end within which a person counts as reading the newest line. */
const NEAR = 80;

export interface ThreadActs extends Says {
  retry(): void;
  drop(id: string): void;
}

export class Thread {
  readonly #acts: ThreadActs;
  readonly element: HTMLElement;
  readonly #lines = new Map<string, HTMLElement>();
  readonly #intro: HTMLElement;

  constructor(acts: ThreadActs, greeting: string, suggestions: string[]) {
    this.#acts = acts;

    this.element = el("div", {
      class: "thread",
      role: "log",
      "aria-live": "polite",
      tabindex: "0",
    });
    this.element.setAttribute("aria-label", acts.words.conversation);
    this.#intro = el("div", { class: "intro" });
    if (greeting) this.#intro.append(replyElement({ text: greeting }, acts));
    if (suggestions.length > 0) {
      const quick_replies = suggestions.map((text) => ({ title: text, value: text }));
      const taps = replyElement({ text: "", quick_replies }, acts).querySelector(".taps");
      if (taps) this.#intro.append(taps);
    }
    this.element.append(this.#intro);
  }

  show(state: State): void {
    const box = this.element;
    const follows = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    // Old lines that are shown again are not news.
    box.setAttribute("aria-busy", String(state.loading));
    const items = itemsOf(state);
    this.#intro.classList.toggle("retired", items.length > 0);
    const wanted = new Set(items.map(({ key }) => key));
    for (const [key, line] of this.#lines) {
      if (wanted.has(key)) continue;
      line.remove();
      this.#lines.delete(key);
    }
    let before: Element = this.#intro;
    let mine = false;
    for (const item of items) {
      const known = this.#lines.get(item.key);
      const line = known ?? this.#made(item);
      if (!known && item.kind === "you") mine = true;
      if (item.kind === "reply") line.classList.toggle("retired", item.retired);
      if (item.kind === "typing") line.classList.toggle("slow", item.slow);
      if (before.nextElementSibling !== line) before.after(line);
      before = line;
    }
    if (follows || mine) box.scrollTop = box.scrollHeight;
  }

  #made(item: Item): HTMLElement {
    const line = this.#lineOf(item);
    this.#lines.set(item.key, line);
    return line;
  }

  #lineOf(item: Item): HTMLElement {
    const { words } = this.#acts;
    switch (item.kind) {
      case "you":
        return this.#you(item.text, item.files);
      case "reply":
        return replyElement(item.reply, this.#acts);
      case "failure":
        return this.#failure(item.pending);
      case "ended":
        return el("p", { class: "note" }, words.ended);
      case "typing":
        return el(
          "div",
          { class: "line bot typing", "aria-hidden": "true" },
          el("div", { class: "bubble dots" }, el("i"), el("i"), el("i")),
          el("p", { class: "note wait" }, words.slow),
        );
    }
  }

  #you(text: string, files: string[]): HTMLElement {
    const bubble = el("div", { class: "bubble", part: "bubble", dir: "auto" });
    bubble.append(el("span", { class: "hidden" }, `${this.#acts.words.you}: `), text);
    for (const name of files) bubble.append(el("span", { class: "file" }, icon(SHAPES.clip), name));
    return el("div", { class: "line you" }, bubble);
  }

  #failure({ id, failure }: { id: string; failure: string | null }): HTMLElement {
    const { words } = this.#acts;
    return el(
      "div",
      { class: "failure", role: "alert" },
      el("p", {}, failure),
      el(
        "div",
        { class: "taps" },
        button(words.again, () => this.#acts.retry()),
        button(words.drop, () => this.#acts.drop(id)),
      ),
    );
  }
}
