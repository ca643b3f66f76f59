import { ListChecks, MessageSquarePlus, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Notice, SignInAgain, wordsOf } from "../shared/Notice";
import type { Attached } from "../wire/talk";
import { Composer } from "./Composer";
import type { Turn } from "./conversation";
import { DebugPanel } from "./debug/DebugPanel";
import { MessageList } from "./MessageList";
import { useAttachments } from "./useAttachments";
import { type Talk, useConversation } from "./useConversation";
import { type Recorder, useRecorder } from "./useRecorder";

export interface TalkPanelProps {
  messages: string;
  task: string | number | null;
  title: string;
  suggestions?: string[];
  /** The turn whose path is to be shown, newest unless another was chosen. */
  onTurn?: (turn: Turn | null) => void;
  onShowNode?: (name: string) => void;
  onClose?: () => void;
  /** What has to be done before a message can be answered: saving the draft. */
  beforeSend?: (() => Promise<unknown>) | undefined;
}

export function TalkPanel(props: TalkPanelProps) {
  const talk = useConversation(props.messages, props.task, props.beforeSend);
  const [tab, setTab] = useState<"chat" | "debug">("chat");
  const [text, setText] = useState("");
  const attachments = useAttachments(props.messages);
  const input = useRef<HTMLInputElement>(null);
  const { turn, choose } = useChosenTurn(talk, props.onTurn);
  const recorder = useRecorder(props.messages, talk.conversation);
  const [failure, setFailure] = useState<unknown>(null);
  const focus = () => input.current?.focus({ preventScroll: true });
  useEffect(() => input.current?.focus({ preventScroll: true }), []);

  const say = (words: string, files: Attached[] = []) => {
    const sent = talk.send(words, files);
    if (sent) choose(null);
    focus();
    return sent;
  };
  const compose = (words: string, files: Attached[]) => {
    setText(words);
    attachments.put(files);
  };
  const send = () => {
    if (talk.busy || talk.conversation.pending) return;
    if (say(text, attachments.take())) setText("");
  };
  const inspect = (key: string) => {
    choose(key);
    setTab("debug");
  };
  const again = async (which: Turn) => {
    setFailure(null);
    try {
      const before = await talk.again(which);
      if (before) compose(before.text, before.attachments ?? []);
    } catch (trouble) {
      setFailure(trouble);
    }
    choose(null);
    focus();
  };
  const restart = () => {
    setFailure(null);
    talk.restart();
    setTab("chat");
    focus();
  };

  return (
    <section className="dc-talk" data-tab={tab} aria-label="Talk to Bot">
      <TalkHeader {...props} tab={tab} recorder={recorder} onTab={setTab} onRestart={restart} />
      <div className="dc-talk-body">
        <div className="dc-chat">
          <Trouble talk={talk} />
          {failure !== null && <Notice>{wordsOf(failure)}</Notice>}
          <Recorded recorder={recorder} />
          <MessageList
            talk={talk}
            suggestions={props.suggestions ?? []}
            chosen={turn?.key ?? null}
            onSay={say}
            messages={props.messages}
            onTakeBack={(words, files) => {
              compose(words, files);
              focus();
            }}
            onInspect={inspect}
            onAgain={again}
          />
          <Composer
            text={text}
            input={input}
            waits={talk.busy || talk.conversation.pending !== null}
            attachments={attachments}
            onText={setText}
            onSend={send}
          />
        </div>
        <DebugPanel turn={turn} onShowNode={props.onShowNode} />
      </div>
    </section>
  );
}

function useChosenTurn(talk: Talk, onTurn: TalkPanelProps["onTurn"]) {
  const [chosen, choose] = useState<string | null>(null);
  const { turns } = talk.conversation;
  const turn = turns.find((one) => one.key === chosen) ?? turns.at(-1) ?? null;
  useEffect(() => onTurn?.(turn), [onTurn, turn]);
  return { turn, choose };
}

function Trouble({ talk }: { talk: Talk }) {
  if (!talk.trouble) return null;
  return (
    <Notice
      action={
        <>
          <button type="button" className="dc-button" onClick={talk.reload}>
            Try again
          </button>
          <SignInAgain failure={talk.trouble} />
        </>
      }
    >
      {wordsOf(talk.trouble)}
    </Notice>
  );
}

function Recorded({ recorder }: { recorder: Recorder }) {
  if (recorder.failure) return <Notice>{wordsOf(recorder.failure)}</Notice>;
  if (!recorder.test) return null;
  return (
    <Notice
      tone="good"
      action={
        <a className="dc-button" href={recorder.test.url}>
          Open the test
        </a>
      }
    >
      This conversation is now the test “{recorder.test.name}”. It runs before each publishing.
    </Notice>
  );
}

interface HeaderProps extends TalkPanelProps {
  tab: "chat" | "debug";
  recorder: Recorder;
  onTab: (tab: "chat" | "debug") => void;
  onRestart: () => void;
}

function TalkHeader({ title, tab, recorder, onTab, onRestart, onClose }: HeaderProps) {
  return (
    <header className="dc-talk-header">
      <h2>{title}</h2>
      <div className="dc-tabs">
        {(["chat", "debug"] as const).map((name) => (
          <button type="button" key={name} aria-pressed={tab === name} onClick={() => onTab(name)}>
            {name === "chat" ? "Chat" : "Debug"}
          </button>
        ))}
      </div>
      <button
        type="button"
        className="dc-icon"
        disabled={!recorder.record}
        onClick={() => void recorder.record?.()}
        title="Record as test"
        aria-label="Record as test"
      >
        <ListChecks size={17} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="dc-icon"
        onClick={onRestart}
        title="New conversation"
        aria-label="New conversation"
      >
        <MessageSquarePlus size={17} aria-hidden="true" />
      </button>
      {onClose && (
        <button
          type="button"
          className="dc-icon"
          onClick={onClose}
          title="Close"
          aria-label="Close Talk to Bot"
        >
          <X size={17} aria-hidden="true" />
        </button>
      )}
    </header>
  );
}
