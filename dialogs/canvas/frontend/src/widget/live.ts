/** Hears what comes by itself: by events while the server has a place for them, else by looking now and then. */
import { EventParser } from "./sse";
import { Trouble } from "./trouble";

/** Milliseconds: between looks while something is awaited, while nothing is, and before another stream. */
export const SOON = 3_000;
export const SELDOM = 30_000;
const AGAIN = 1_000;
/** How long looking takes the stream's place when there was none. */
const WITHOUT = 60_000;

export interface Source {
  /** Whether something is awaited from outside; otherwise a stream would hold a place for nothing. */
  awaits(): boolean;
  stream(signal: AbortSignal): Promise<Response>;
  look(): Promise<void>;
}

export class Live {
  readonly #source: Source;
  #stopping: AbortController | null = null;

  constructor(source: Source) {
    this.#source = source;
  }

  start(): void {
    if (this.#stopping) return;
    this.#stopping = new AbortController();
    void this.#run(this.#stopping.signal);
  }

  stop(): void {
    this.#stopping?.abort();
    this.#stopping = null;
  }

  /** Looks at once, as after coming back from another tab. */
  restart(): void {
    this.stop();
    this.start();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let streamsFrom = 0;
    await this.#look();
    while (!signal.aborted) {
      const awaits = this.#source.awaits();
      if (awaits && Date.now() >= streamsFrom) {
        const pause = await this.#listen(signal);
        if (pause === null) streamsFrom = Date.now() + WITHOUT;
        await sleep(pause ?? AGAIN, signal);
      } else {
        await sleep(awaits ? SOON : SELDOM, signal);
      }
      if (!signal.aborted) await this.#look();
    }
  }

  /** Reads one stream to its end; milliseconds until the next, null where there was none to read. */
  async #listen(signal: AbortSignal): Promise<number | null> {
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener("abort", end);
    try {
      const response = await this.#source.stream(over.signal);
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (!reader) return null;
      const parser = new EventParser();
      while (this.#source.awaits()) {
        const { done, value } = await reader.read();
        if (done) break;
        if (parser.feed(value).length > 0) await this.#look();
      }
      return parser.retry ?? AGAIN;
    } catch (trouble) {
      return trouble instanceof Trouble && trouble.wait === null && trouble.passes
        ? AGAIN * 5
        : null;
    } finally {
      signal.removeEventListener("abort", end);
      over.abort();
    }
  }

  async #look(): Promise<void> {
    // A look that fails is no news: the next one, or the person's next message, tells.
    await this.#source.look().catch(() => undefined);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        done();
      },
      { once: true },
    );
  });
}
