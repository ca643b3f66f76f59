/**
 * One author at one draft: the document, its history, and the edits on their way to the server.
 * What is seen is always the saved draft with the unsaved edits on top.
 */
import type { CanvasData, Problem, TaskInfo } from "../wire/canvas";
import {
  type Changes,
  type Clash,
  codeOf,
  EditConflict,
  type Person,
  type Saved,
  type SentEdit,
} from "../wire/edits";
import { Failure } from "../wire/http";
import { applyAll } from "./apply";
import { type Doc, documentOf } from "./document";
import { type Edit, type History, NO_HISTORY, record, redo, type Travelled, undo } from "./history";
import type { Op } from "./ops";
import { revive, slim, yieldTo } from "./rebase";
import { squash } from "./squash";

export type Saving =
  | { is: "saved" | "waiting" | "saving" }
  /** Tried again by itself, and when asked. */
  | { is: "failed"; failure: unknown }
  /** The server will not have it: it has to be loaded anew. */
  | { is: "refused"; failure: unknown }
  | { is: "clashing"; clashes: Clash[]; words: string };

export interface SessionState {
  doc: Doc;
  history: History;
  saving: Saving;
  problems: readonly Problem[];
  uses: Readonly<Record<string, number>>;
  state: TaskInfo["state"];
  people: readonly Person[];
  /** Something to be told once: what an undo did, what others changed. */
  notice: string | null;
}

export interface Transport {
  save(edit: SentEdit): Promise<Saved>;
  changes(since: number): Promise<Changes>;
  reload(): Promise<CanvasData>;
}

export interface Told {
  revision: number;
  problems: readonly Problem[];
  state?: TaskInfo["state"] | undefined;
}

export interface SessionOptions {
  client: string;
  newId: () => string;
  /** Milliseconds without an edit before it is sent. */
  patience?: number;
  now?: () => number;
}

const PATIENCE = 600;
const RETRY = { first: 2_000, most: 30_000 };

export class Session {
  private current: SessionState;
  private readonly listeners = new Set<() => void>();
  /** The draft as the server has it at `revision`. */
  private saved: Doc;
  private revision: number;
  private queue: Op[] = [];
  private inflight: SentEdit | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retryIn = RETRY.first;
  private sending: Promise<void> | null = null;

  constructor(
    data: CanvasData,
    private readonly transport: Transport,
    private readonly options: SessionOptions,
  ) {
    this.saved = documentOf(data);
    this.revision = data.revision ?? 0;
    this.current = {
      doc: this.saved,
      history: NO_HISTORY,
      saving: { is: "saved" },
      problems: data.problems,
      uses: data.uses ?? {},
      state: data.task.state,
      people: [],
      notice: null,
    };
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly read = (): SessionState => this.current;

  get client(): string {
    return this.options.client;
  }

  /** The revision that others' edits are counted from. */
  get at(): number {
    return this.revision;
  }

  get unsaved(): boolean {
    return this.queue.length > 0 || this.inflight !== null;
  }

  edit(edit: Edit): void {
    const { doc, history } = this.current;
    const ops = slim(doc, edit.ops);
    if (ops.length === 0) return;
    const now = this.options.now?.() ?? Date.now();
    const next = record(history, doc, { ...edit, ops }, now);
    this.take(ops, { history: next, doc: applyAll(doc, ops), notice: null });
  }

  undo(): void {
    this.travel(undo(this.current.history, this.current.doc), "Undone");
  }

  redo(): void {
    this.travel(redo(this.current.history, this.current.doc), "Done again");
  }

  private travel(travelled: Travelled | null, did: string): void {
    if (!travelled) return;
    const { history, doc, ops, label } = travelled;
    const needed = slim(this.current.doc, ops);
    this.take(needed, { history, doc, notice: `${did}: ${label}` });
  }

  private take(ops: Op[], change: Partial<SessionState>): void {
    this.queue = squash([...this.queue, ...ops]);
    const idle = this.current.saving.is === "saved";
    this.set({ ...change, ...(idle && this.unsaved ? { saving: { is: "waiting" } } : {}) });
    this.schedule(this.options.patience ?? PATIENCE);
  }

  dismissNotice(): void {
    if (this.current.notice) this.set({ notice: null });
  }

  tell(notice: string): void {
    this.set({ notice });
  }

  /** Sends what is unsaved now; true when the server has everything. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    while (this.unsaved) {
      await (this.sending ?? this.send());
      const { is } = this.current.saving;
      if (is === "failed" || is === "refused" || is === "clashing") return false;
    }
    return true;
  }

  private schedule(after: number): void {
    clearTimeout(this.timer);
    const { is } = this.current.saving;
    if (!this.unsaved || is === "clashing" || is === "refused") return;
    this.timer = setTimeout(() => void this.send(), after);
  }

  private send(): Promise<void> {
    this.sending ??= this.sendNow().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async sendNow(): Promise<void> {
    this.inflight ??= this.nextEdit();
    if (!this.inflight) return;
    this.set({ saving: { is: "saving" } });
    try {
      this.accept(await this.transport.save(this.inflight), this.inflight);
    } catch (failure) {
      this.fail(failure);
    }
  }

  private nextEdit(): SentEdit | null {
    if (this.queue.length === 0) return null;
    const { client, newId } = this.options;
    const edit = { base: this.revision, client, edit_id: newId(), ops: this.queue };
    this.queue = [];
    return edit;
  }

  private accept(answer: Saved, edit: SentEdit): void {
    // A renaming is told exactly: the server's word goes before our own guess.
    const exactly = edit.ops.flatMap((op, at) => [op, ...(answer.applied[at]?.ops ?? [])]);
    this.saved = applyAll(applyAll(this.saved, answer.others), exactly);
    this.revision = answer.revision;
    this.inflight = null;
    this.retryIn = RETRY.first;
    this.set({
      doc: applyAll(this.saved, this.queue),
      saving: { is: this.queue.length > 0 ? "waiting" : "saved" },
      problems: answer.problems,
      uses: answer.uses ?? this.current.uses,
      state: answer.state ?? "changed",
    });
    this.schedule(this.options.patience ?? PATIENCE);
  }

  private fail(failure: unknown): void {
    if (failure instanceof EditConflict) this.clash(failure);
    else this.keepTrying(failure);
  }

  private keepTrying(failure: unknown): void {
    const status = failure instanceof Failure ? failure.status : 400;
    const lasting = status !== null && status >= 400 && status < 500 && status !== 429;
    this.set({ saving: { is: lasting ? "refused" : "failed", failure } });
    if (lasting) return;
    this.schedule(this.retryIn);
    this.retryIn = Math.min(RETRY.most, this.retryIn * 2);
  }

  /** Tries again at once; of what was refused only a sign-in can have changed the answer. */
  retry(): void {
    this.retryIn = RETRY.first;
    if (this.current.saving.is === "refused") this.set({ saving: { is: "waiting" } });
    this.schedule(0);
  }

  private clash({ revision, others, clashes, message }: EditConflict): void {
    this.queue = [...(this.inflight?.ops ?? []), ...this.queue];
    this.inflight = null;
    this.before = this.saved;
    this.saved = applyAll(this.saved, others);
    this.revision = revision;
    this.set({ saving: { is: "clashing", clashes, words: message } });
  }

  /** The saved draft before the others' edits that mine clashed with. */
  private before: Doc | null = null;

  /** For each clash whether mine is to stand; then everything is sent again. */
  settle(mine: readonly boolean[]): void {
    const { saving } = this.current;
    if (saving.is !== "clashing") return;
    const revived: Op[] = [];
    let queue = this.queue;
    saving.clashes.forEach((clash, at) => {
      if (!mine[at]) queue = yieldTo(queue, clash);
      else if (this.before) revived.push(...revive(this.before, this.saved, clash));
    });
    this.queue = slim(this.saved, [...revived, ...queue]);
    this.before = null;
    this.set({
      doc: applyAll(this.saved, this.queue),
      saving: { is: this.queue.length > 0 ? "waiting" : "saved" },
    });
    this.schedule(0);
  }

  /** Takes what others saved; while an edit of ours is under way its answer will bring it. */
  async catchUp(): Promise<void> {
    const since = this.revision;
    const changes = await this.transport.changes(since);
    this.setPeople(changes.others);
    if (this.unsaved || this.revision !== since || changes.revision === since) return;
    if (changes.reload) return this.load(await this.transport.reload());
    this.saved = applyAll(this.saved, changes.ops);
    this.revision = changes.revision;
    this.set({
      doc: this.saved,
      problems: changes.problems ?? this.current.problems,
      state: changes.state ?? this.current.state,
    });
  }

  /** An edit that the server made at our wish, such as discarding changes: known there already. */
  absorb(label: string, ops: readonly Op[], told: Told): void {
    const { doc, history } = this.current;
    const next = record(history, doc, { label, ops: [...ops] }, this.options.now?.() ?? Date.now());
    this.saved = applyAll(this.saved, ops);
    this.revision = told.revision;
    this.set({
      doc: applyAll(this.saved, this.queue),
      history: next,
      problems: told.problems,
      state: told.state ?? "published",
    });
  }

  setPeople(people: readonly Person[]): void {
    if (JSON.stringify(people) !== JSON.stringify(this.current.people)) this.set({ people });
  }

  /** The draft anew from the server; unsaved edits are kept on top if `keep` says so. */
  load(data: CanvasData, keep = false): void {
    const pending = keep ? [...(this.inflight?.ops ?? []), ...this.queue] : [];
    this.inflight = null;
    this.saved = documentOf(data);
    this.revision = data.revision ?? 0;
    this.queue = slim(this.saved, pending);
    this.set({
      doc: applyAll(this.saved, this.queue),
      saving: { is: this.queue.length > 0 ? "waiting" : "saved" },
      problems: data.problems,
      uses: data.uses ?? {},
      state: data.task.state,
    });
    this.schedule(0);
  }

  /** Whether a refusal means that the draft moved on too far to merge. */
  get tooOld(): boolean {
    const { saving } = this.current;
    return saving.is === "refused" && codeOf(saving.failure) === "too_old";
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private set(change: Partial<SessionState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener();
  }
}
