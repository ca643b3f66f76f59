/** The chat as one sees it: a heading, the lines, what is wrong if anything is, and where to write. */
import type { State } from "../state";
import type { FileRef } from "../wire";
import { Composer } from "./Composer";
import { button, el, iconButton, SHAPES } from "./dom";
import { Thread, type ThreadActs } from "./Thread";

export interface PanelActs extends ThreadActs {
  say(text: string, files?: FileRef[]): void;
  upload(file: File): Promise<FileRef>;
  restart(): void;
  read(): void;
  /** Only where the chat can be closed. */
  close: (() => void) | null;
}

export interface Look {
  title: string;
  greeting: string;
  suggestions: string[];
}

export class Panel {
  readonly #acts: PanelActs;
  readonly element: HTMLElement;
  readonly #thread: Thread;
  readonly #composer: Composer;
  readonly #trouble: HTMLElement;
  readonly #status: HTMLElement;
  #told = "";

  constructor(acts: PanelActs, { title, greeting, suggestions }: Look) {
    this.#acts = acts;

    const { words } = acts;
    const say = (text: string) => {
      acts.say(text);
      this.focus();
    };
    this.#thread = new Thread({ ...acts, say }, greeting, suggestions);
    this.#composer = new Composer(acts);
    this.#trouble = el("div", { class: "trouble", role: "alert" });
    this.#status = el("p", { class: "hidden", role: "status" });
    const restart = () => {
      acts.restart();
      this.focus();
    };
    const header = el(
      "header",
      { part: "header" },
      el("h2", {}, title || words.title),
      iconButton(words.restart, SHAPES.restart, restart),
      acts.close && iconButton(words.close, SHAPES.close, acts.close),
    );
    this.element = el(
      "section",
      { class: "panel", part: "panel", "aria-label": title || words.title },
      header,
      this.#trouble,
      this.#thread.element,
      this.#status,
      this.#composer.element,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && acts.close) acts.close();
    });
  }

  focus(): void {
    this.#composer.focus();
  }

  show(state: State): void {
    this.#thread.show(state);
    this.#say(state);
    const told = state.trouble ?? "";
    if (told === this.#told) return;
    this.#told = told;
    const parts = this.#told
      ? [
          el("p", {}, this.#told),
          el(
            "div",
            { class: "taps" },
            button(this.#acts.words.again, () => this.#acts.read()),
          ),
        ]
      : [];
    this.#trouble.replaceChildren(...parts);
  }

  /** A chat that cannot begin: the reason is for whoever sets up the page. */
  refuse(reason: string): void {
    this.#trouble.replaceChildren(el("p", {}, reason));
  }

  /** Told to screen readers; others see the dots. */
  #say(state: State): void {
    const { words } = this.#acts;
    const works = state.pending[0] && !state.pending[0].failure;
    const text = state.loading
      ? words.loading
      : works
        ? state.slow
          ? words.slow
          : words.typing
        : "";
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }
}
