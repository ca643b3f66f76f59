/** Where a person writes: grows with the text, sends on Enter, takes files. */
import type { FileRef } from "../wire";
import { fill, type Words } from "../words";
import { el, iconButton, SHAPES } from "./dom";

/** As the API takes it: bytes of a file, files of a message, characters. */
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_FILES = 10;
const MOST_CHARACTERS = 10_000;

export interface ComposerActs {
  words: Words;
  say(text: string, files: FileRef[]): void;
  upload(file: File): Promise<FileRef>;
}

export class Composer {
  readonly #acts: ComposerActs;
  readonly element: HTMLElement;
  readonly #input: HTMLTextAreaElement;
  readonly #picked: HTMLElement;
  readonly #notice: HTMLElement;
  #files: FileRef[] = [];
  #uploading = 0;

  constructor(acts: ComposerActs) {
    this.#acts = acts;

    const { words } = acts;
    this.#input = el("textarea", {
      rows: "1",

      "aria-label": words.message,
      placeholder: words.placeholder,
      maxlength: String(MOST_CHARACTERS),
      enterkeyhint: "send",
      dir: "auto",
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#input.addEventListener("input", () => this.#fit());
    this.#picked = el("ul", { class: "files" });
    this.#notice = el("p", { class: "notice", role: "alert" });
    const chooser = el("input", {
      type: "file",
      multiple: true,
      class: "hidden",
      tabindex: "-1",
      "aria-hidden": "true",
    });
    chooser.addEventListener("change", () => {
      void this.#attach([...(chooser.files ?? [])]);
      chooser.value = "";
    });
    const row = el(
      "div",
      { class: "row" },
      chooser,
      iconButton(words.attach, SHAPES.clip, () => chooser.click()),
      this.#input,
      iconButton(words.send, SHAPES.send, () => this.#send()),
    );
    row.lastElementChild?.classList.add("send");
    this.element = el("div", { class: "composer" }, this.#notice, this.#picked, row);
    this.#takesDrops();
  }

  focus(): void {
    this.#input.focus({ preventScroll: true });
  }

  #send(): void {
    const text = this.#input.value.trim();
    if ((!text && this.#files.length === 0) || this.#uploading > 0) return;
    this.#acts.say(text, this.#files);
    this.#input.value = "";
    this.#files = [];
    this.#tell("");
    this.#showFiles();
    this.#fit();
    this.focus();
  }

  async #attach(files: File[]): Promise<void> {
    this.#tell("");
    for (const file of files.slice(0, MOST_FILES - this.#files.length)) {
      if (file.size > MOST_BYTES) this.#tell(fill(this.#acts.words.tooBig, { name: file.name }));
      else await this.#upload(file);
    }
    this.focus();
  }

  async #upload(file: File): Promise<void> {
    this.#uploading += 1;
    this.#showFiles(fill(this.#acts.words.uploading, { name: file.name }));
    try {
      this.#files.push(await this.#acts.upload(file));
    } catch (trouble) {
      const why = trouble instanceof Error ? ` ${trouble.message}` : "";
      this.#tell(fill(this.#acts.words.notUploaded, { name: file.name }) + why);
    }
    this.#uploading -= 1;
    this.#showFiles();
  }

  #showFiles(underWay = ""): void {
    const { words } = this.#acts;
    const chips = this.#files.map((file) => {
      const remove = () => {
        this.#files = this.#files.filter((one) => one !== file);
        this.#showFiles();
        this.focus();
      };
      const cross = iconButton(fill(words.remove, { name: file.name }), SHAPES.close, remove);
      return el("li", {}, el("span", { dir: "auto" }, file.name), cross);
    });
    this.#picked.replaceChildren(
      ...chips,
      ...(underWay ? [el("li", { role: "status" }, underWay)] : []),
    );
  }

  #takesDrops(): void {
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.#attach([...(event.dataTransfer?.files ?? [])]);
    });
    this.#input.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void this.#attach(files);
    });
  }

  #tell(text: string): void {
    this.#notice.textContent = text;
  }

  #fit(): void {
    this.#input.style.blockSize = "auto";
    this.#input.style.blockSize = `${Math.min(this.#input.scrollHeight, 140)}px`;
  }
}
