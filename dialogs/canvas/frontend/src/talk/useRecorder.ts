import { useState } from "react";
import { recordTest } from "../wire/api";
import type { RecordedTest } from "../wire/talk";
import type { Conversation } from "./conversation";

export interface Recorder {
  /** Makes a test of what was said; nothing while there is nothing to record, or it is under way. */
  record: (() => Promise<void>) | null;
  test: RecordedTest | null;
  failure: unknown;
}

/** What came of recording, with the conversation and its length that it is about. */
interface Outcome {
  of: string;
  test: RecordedTest | null;
  failure: unknown;
}

/** One test of a conversation as it stands; once more has been said, another can be made. */
export function useRecorder(messages: string, conversation: Conversation): Recorder {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const { id, turns, pending } = conversation;
  const now = `${id}/${turns.length}`;
  const current = outcome?.of === now ? outcome : null;
  const able = id !== null && turns.length > 0 && !pending && !busy && !current?.test;

  const record = async () => {
    if (!id) return;
    setBusy(true);
    const found = await recordTest(messages, id).then(
      (test): Outcome => ({ of: now, test, failure: null }),
      (failure: unknown): Outcome => ({ of: now, test: null, failure }),
    );
    setOutcome(found);
    setBusy(false);
  };
  return {
    record: able ? record : null,
    test: current?.test ?? null,
    failure: current?.failure ?? null,
  };
}
