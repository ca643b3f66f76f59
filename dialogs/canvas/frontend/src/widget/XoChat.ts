/** The element <xo-chat>: a chat with one App, put into any page (docs/guide/embedding.md). */
import { Client } from "./client";
import { Conversations } from "./conversations";
import { PageMemory } from "./memory";
import { Session } from "./Session";
import { EMPTY, type State } from "./state";
import { type GetToken, Tokens } from "./tokens";
import { button, icon, SHAPES } from "./view/dom";
import { Panel, type PanelActs } from "./view/Panel";
import STYLE from "./view/style.css?inline";
import { ENGLISH, fill, type Words, wordsOf } from "./words";

/** Where this script came from is where the API is, unless the page says otherwise. */
const HOME = new URL((document.currentScript as HTMLScriptElement | null)?.src || document.baseURI)
  .origin;

export class XoChat extends HTMLElement {
  static readonly observedAttributes = ["app", "server", "person", "layout", "lang"];

  #source: GetToken | null = null;
  #ownWords: Partial<Words> = {};
  #servedWords: Partial<Words> = {};
  /** Until it is shown, which may take a language's words. */
  #ready: Promise<void> = Promise.resolve();
  readonly #root: ShadowRoot;
  #session: Session | null = null;
  #panel: Panel | null = null;
  #launcher: HTMLButtonElement | null = null;
  #seen = 0;
  #building = false;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open", delegatesFocus: true });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** Gives a token for the person who looks at the page; the attribute `token-url` can take its place. */
  set getToken(source: GetToken | null) {
    this.#source = source;
    this.#rebuild();
  }

  get getToken(): GetToken | null {
    return this.#source;
  }

  /** Words of the page's own, all or some; they go before those of the language. */
  set words(words: Partial<Words>) {
    this.#ownWords = words;
    this.#rebuild();
  }

  get words(): Words {
    return { ...ENGLISH, ...this.#servedWords, ...this.#ownWords };
  }

  connectedCallback(): void {
    this.#adoptEarly("getToken");
    this.#adoptEarly("words");
    document.addEventListener("visibilitychange", this.#onSeen);
    window.addEventListener("online", this.#onSeen);
    window.addEventListener("focus", this.#onSeen);
    this.#rebuild();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#onSeen);
    window.removeEventListener("online", this.#onSeen);
    window.removeEventListener("focus", this.#onSeen);
    this.#session?.close();
    this.#session = null;
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after) this.#rebuild();
  }

  /** Opens the chat where it is a bubble. */
  open(): void {
    void this.#ready.then(() => this.#toggle(true));
  }

  close(): void {
    void this.#ready.then(() => this.#toggle(false));
  }

  /** Says something for the person, as if typed. */
  say(text: string): void {
    void this.#ready.then(() => this.#session?.say(text));
  }

  readonly #onSeen = (): void => {
    if (document.visibilityState === "visible") this.#session?.wake();
    else this.#session?.rest();
  };

  /** A property that was set before this script had defined the element. */
  #adoptEarly(name: "getToken" | "words"): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, value);
  }

  /** Once for all that a page sets in the same moment. */
  #rebuild(): void {
    if (!this.isConnected || this.#building) return;
    this.#building = true;
    this.#ready = this.#learn().then(() => {
      this.#building = false;
      if (this.isConnected) this.#build();
    });
  }

  /** Gets the words of the element's language; once more where that changed meanwhile. */
  async #learn(): Promise<void> {
    let learned: string | undefined;
    while (learned !== this.#language) {
      learned = this.#language;
      this.#servedWords = await wordsOf(this.#server, learned);
    }
  }

  get #language(): string {
    return this.lang || document.documentElement.lang;
  }

  get #server(): string {
    return (this.getAttribute("server") || HOME).replace(/\/+$/, "");
  }

  #build(): void {
    this.#session?.close();
    const isBubble = this.getAttribute("layout") === "bubble";
    const app = this.getAttribute("app") ?? "";
    const server = this.#server;
    this.#session = this.#connect(server, app);
    this.#panel = new Panel(this.#acts(isBubble), {
      title: this.getAttribute("name") ?? "",
      greeting: this.getAttribute("greeting") ?? "",
      suggestions: (this.getAttribute("suggestions") ?? "")
        .split("|")
        .map((one) => one.trim())
        .filter(Boolean),
    });
    this.#launcher = isBubble ? this.#makeLauncher() : null;
    this.#root.replaceChildren(...(this.#launcher ? [this.#launcher] : []), this.#panel.element);
    this.#panel.element.hidden = isBubble;
    const fault = this.#fault(app, server);
    if (fault) this.#panel.refuse(fill(this.words.notSetUp, { reason: fault }));
    else void this.#session.restore();
  }

  #fault(app: string, server: string): string | null {
    if (!/^[-\w]+$/.test(app)) return "the attribute app must be the App's short name.";
    if (!URL.canParse(server)) return "the attribute server must be an address.";
    if (!this.#source && !this.getAttribute("token-url"))
      return "give it getToken, or the attribute token-url.";
    return null;
  }

  #connect(server: string, app: string): Session {
    const words = () => this.words;
    const tokens = new Tokens(() => this.#askForToken());
    const base = `${server}/api/v1/apps/${app}/`;
    const conversations = new Conversations(new Client(base, tokens, words));
    const memory = new PageMemory(server, app, this.getAttribute("person") ?? "");
    return new Session(conversations, memory, words, (state) => this.#show(state));
  }

  async #askForToken() {
    if (this.#source) return this.#source();
    const address = this.getAttribute("token-url") ?? "";
    const answer = await fetch(address, { method: "POST", credentials: "same-origin" });
    if (!answer.ok) throw new Error(`The page's server answered ${answer.status}.`);
    return answer.json();
  }

  #acts(isBubble: boolean): PanelActs {
    const session = this.#session as Session;
    return {
      words: this.words,
      say: (text, files) => session.say(text, files),
      upload: (file) => session.upload(file),
      retry: () => session.retry(),
      drop: (id) => session.drop(id),
      restart: () => session.restartConversation(),
      read: () => void session.read(),
      close: isBubble ? () => this.close() : null,
    };
  }

  #show(state: State): void {
    this.#panel?.show(state);
    const replies = state.turns.reduce((sum, turn) => sum + turn.replies.length, 0);
    if (this.#panel?.element.hidden && state !== EMPTY && replies > this.#seen && !state.loading) {
      this.#launcher?.classList.toggle("news", this.#seen > 0);
    }
    this.#seen = replies;
    this.dispatchEvent(
      new CustomEvent("xo-chat-change", {
        detail: { status: state.status, conversation: state.id },
      }),
    );
  }

  #makeLauncher(): HTMLButtonElement {
    const made = button("", () => this.open(), {
      class: "launcher",
      part: "launcher",
      "aria-label": this.words.open,
    });
    made.append(icon(SHAPES.chat));
    return made;
  }

  #toggle(open: boolean): void {
    if (!this.#panel || !this.#launcher) return;
    this.#panel.element.hidden = !open;
    this.#launcher.hidden = open;
    this.#launcher.classList.remove("news");
    if (open) this.#panel.focus();
    else this.#launcher.focus();
  }
}
