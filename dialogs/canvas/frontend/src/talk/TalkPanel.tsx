import { MessageSquarePlus, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Notice, SignInAgain, wordsOf } from "../shared/Notice";
import { Composer } from "./Composer";
import type { Turn } from "./conversation";
import { DebugPanel } from "./debug/DebugPanel";
import { MessageList } from "./MessageList";
import { type Talk, useConversation } from "./useConversation";

export interface TalkPanelProps {
  messages: string;
  task: string | number | null;
  title: string;
  suggestions?: string[];
  /** The turn whose path is to be shown, newest unless another was chosen. */
  onTurn?: (turn: Turn | null) => void;
  onShowNode?: (name: string) => void;
  onClose?: () => void;
}

export function TalkPanel(props: TalkPanelProps) {
  const talk = useConversation(props.messages, props.task);
  const [tab, setTab] = useState<"chat" | "debug">("chat");
  const [text, setText] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const { turn, choose } = useChosenTurn(talk, props.onTurn);
  const focus = () => input.current?.focus({ preventScroll: true });
  useEffect(() => input.current?.focus({ preventScroll: true }), []);

  const say = (words: string) => {
    const sent = talk.send(words);
    if (sent) choose(null);
    focus();
    return sent;
  };
  const inspect = (key: string) => {
    choose(key);
    setTab("debug");
  };
  const restart = () => {
    talk.restart();
    setTab("chat");
    focus();
  };

  return (
    <section className="dc-talk" data-tab={tab} aria-label="Talk to Bot">
      <TalkHeader {...props} tab={tab} onTab={setTab} onRestart={restart} />
      <div className="dc-talk-body">
        <div className="dc-chat">
          <Trouble talk={talk} />
          <MessageList
            talk={talk}
            suggestions={props.suggestions ?? []}
            chosen={turn?.key ?? null}
            onSay={say}
            onTakeBack={(words) => {
              setText(words);
              focus();
            }}
            onInspect={inspect}
          />
          <Composer
            text={text}
            input={input}
            waits={talk.busy || talk.conversation.pending !== null}
            onText={setText}
            onSend={() => say(text) && setText("")}
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

interface HeaderProps extends TalkPanelProps {
  tab: "chat" | "debug";
  onTab: (tab: "chat" | "debug") => void;
  onRestart: () => void;
}

function TalkHeader({ title, tab, onTab, onRestart, onClose }: HeaderProps) {
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
