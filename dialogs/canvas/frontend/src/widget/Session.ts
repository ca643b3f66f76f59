/** One person's chat: delivers messages in order, each until it is answered, and hears what comes by itself. */
import { newId } from "../talk/newId";
import type { Conversations, Told } from "./conversations";
import { Live } from "./live";
import type { Memory } from "./memory";
import * as states from "./state";
import { Trouble } from "./trouble";
import type { FileRef } from "./wire";
import type { Words } from "./words";

/** Milliseconds before each further try; after the last one a person decides. */
const TRIES = [1_000, 4_000, 15_000, 30_000];

export class Session {
  readonly #conversations: Conversations;
  readonly #memory: Memory;
  readonly #words: () => Words;
  readonly #changed: (state: states.State) => void;
  state: states.State = states.EMPTY;
  #delivering = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly #live: Live;

  constructor(
    conversations: Conversations,
    memory: Memory,
    words: () => Words,
    changed: (state: states.State) => void,
  ) {
    this.#conversations = conversations;
    this.#memory = memory;
    this.#words = words;
    this.#changed = changed;

    this.#live = new Live({
      awaits: () => this.state.status === "waiting" || this.state.status === "awaiting",
      stream: (signal) => conversations.events(this.state.id ?? "", this.state.upTo, signal),
      look: () => this.#look(),
    });
  }

  /** Shows what was said before, and goes on with what was not delivered. */
  async restore(): Promise<void> {
    const { conversation, pending } = this.#memory.read();
    this.#set({ ...states.EMPTY, id: conversation, pending, loading: conversation !== null });
    if (conversation) await this.read();
    this.#live.start();
    void this.#deliver();
  }

  /** Reads the conversation from its beginning; where it is not this person's, it is forgotten. */
  async read(): Promise<void> {
    this.#set({ ...this.state, loading: true, trouble: null });
    try {
      await this.#look();
    } catch (trouble) {
      this.#set({ ...this.state, trouble: this.#tell(trouble, this.#words().noConnection) });
    }
    this.#set({ ...this.state, loading: false });
  }

  say(text: string, files: FileRef[] = []): void {
    this.#set(states.withPending(this.state, { id: newId(), text, files, failure: null }));
    void this.#deliver();
  }

  /** Tries again what stopped. */
  retry(): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    const [first] = this.state.pending;
    if (first) this.#set(states.withFailure(this.state, first.id, null));
    void this.#deliver();
  }

  /** Gives up a message that could not be delivered. */
  drop(id: string): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#set(states.without(this.state, id));
    void this.#deliver();
  }

  /** Leaves this conversation; the next message opens another. */
  restartConversation(): void {
    clearTimeout(this.#timer);
    this.#set(states.EMPTY);
  }

  /** The page is seen again, or the network came back: nothing waits for its turn any longer. */
  wake(): void {
    if (this.#closed) return;
    this.#live.restart();
    if (this.state.pending[0]?.failure) this.retry();
  }

  /** The page is not seen: nobody waits for what comes. */
  rest(): void {
    this.#live.stop();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#live.stop();
  }

  upload(file: File): Promise<FileRef> {
    return this.#conversations.upload(file);
  }

  async #look(): Promise<void> {
    const { id, upTo, status } = this.state;
    if (!id) return;
    try {
      const told = await this.#conversations.since(id, upTo, status);
      if (told && this.state.id === id) this.#set(states.merged(this.state, told));
    } catch (trouble) {
      if (!(trouble instanceof Trouble) || trouble.status !== 404) throw trouble;
      if (this.state.id === id) this.#set({ ...states.EMPTY, pending: this.state.pending });
    }
  }

  async #deliver(): Promise<void> {
    const [message] = this.state.pending;
    if (this.#delivering || !message || message.failure || this.#closed) return;
    this.#delivering = true;
    const to = states.addressee(this.state);
    try {
      const told = await this.#conversations.say(to, message, () => this.#slow());
      const wanted = this.state.pending.some(({ id }) => id === message.id);
      if (wanted) this.#answered(told);
    } catch (trouble) {
      this.#failed(message.id, to, trouble);
    } finally {
      this.#delivering = false;
    }
    void this.#deliver();
  }

  #answered(told: Told): void {
    this.#failures = 0;
    this.#set(states.merged(this.state, told));
    const newest = told.turns.at(-1)?.number ?? 0;
    if (newest > this.state.upTo || this.state.status !== "open") this.#live.restart();
  }

  #failed(id: string, to: string | null, trouble: unknown): void {
    if (trouble instanceof Trouble && to && this.#gone(trouble)) {
      const gone = trouble.status === 404 ? states.EMPTY : states.afresh(this.state);
      this.#set({ ...gone, pending: this.state.pending });
      return;
    }
    this.#set(states.withFailure(this.state, id, this.#tell(trouble, this.#words().failed)));
    const passes = trouble instanceof Trouble && trouble.passes;
    const pause = TRIES[this.#failures];
    this.#failures += 1;
    if (!passes || pause === undefined || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#tryAgain(),
      Math.max(pause, (trouble as Trouble).wait ?? 0),
    );
  }

  /** Whether the conversation takes nothing more: deleted, or ended elsewhere. The message then opens another. */
  #gone(trouble: Trouble): boolean {
    return trouble.status === 404 || trouble.code === "conversation_ended";
  }

  #tryAgain(): void {
    const [first] = this.state.pending;
    if (first) this.#set(states.withFailure(this.state, first.id, null));
    void this.#deliver();
  }

  #slow(): void {
    if (!this.state.slow) this.#set({ ...this.state, slow: true });
  }

  #tell(trouble: unknown, otherwise: string): string {
    return trouble instanceof Trouble ? trouble.message : otherwise;
  }

  #set(state: states.State): void {
    if (this.#closed) return;
    this.state = state;
    this.#memory.write({ conversation: state.id, pending: state.pending });
    this.#changed(state);
  }
}
