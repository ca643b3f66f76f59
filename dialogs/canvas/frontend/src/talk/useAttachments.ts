import { useRef, useState } from "react";
import { wordsOf } from "../shared/Notice";
import { uploadFile } from "../wire/api";
import type { Attached } from "../wire/talk";
import { newId } from "./newId";

/** A file that was chosen: on its way to the server, kept there, or refused with the reason. */
export interface Chosen {
  key: string;
  name: string;
  size: number;
  kept: Attached | null;
  failure: string | null;
}

export interface Attachments {
  chosen: Chosen[];
  /** Whether all of them can be sent with a message now. */
  ready: boolean;
  add(files: Iterable<File>): void;
  remove(key: string): void;
  /** Files that the server has already, as after a turn is tried again. */
  put(files: Attached[]): void;
  /** What goes with the message; nothing is chosen then. */
  take(): Attached[];
}

/** As many as the server takes with one message. */
const MOST = 10;
/** The server refuses what is larger, too; saying so here spares sending it. */
const MOST_BYTES = 10 * 1024 * 1024;

export function useAttachments(messages: string): Attachments {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  // Two files at once must not see the same list.
  const latest = useRef(chosen);
  const set = (next: Chosen[]) => {
    latest.current = next;
    setChosen(next);
  };
  const settle = (key: string, outcome: Partial<Chosen>) =>
    set(latest.current.map((one) => (one.key === key ? { ...one, ...outcome } : one)));

  const add = (file: File) => {
    const entry = begun(file);
    set([...latest.current, entry]);
    if (entry.failure) return;
    uploadFile(messages, file).then(
      (kept) => settle(entry.key, { kept }),
      (failure) => settle(entry.key, { failure: wordsOf(failure) }),
    );
  };
  return {
    chosen,
    ready: chosen.every(({ kept }) => kept !== null),
    add(files) {
      for (const file of [...files].slice(0, MOST - latest.current.length)) add(file);
    },
    remove: (key) => set(latest.current.filter((one) => one.key !== key)),
    put: (files) => set(files.map(known)),
    take() {
      const kept = latest.current.flatMap((one) => one.kept ?? []);
      set([]);
      return kept;
    },
  };
}

function begun(file: File): Chosen {
  const { name, size } = file;
  return { key: newId(), name, size, kept: null, failure: refusal(file) };
}

function known(kept: Attached): Chosen {
  return { key: newId(), name: kept.name, size: kept.size, kept, failure: null };
}

function refusal({ name, size }: File): string | null {
  if (size === 0) return `“${name}” is empty. It was not attached; choose another file.`;
  if (size <= MOST_BYTES) return null;
  return `“${name}” is larger than 10 MB. It was not attached; choose a smaller one.`;
}

export function sizeInWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
