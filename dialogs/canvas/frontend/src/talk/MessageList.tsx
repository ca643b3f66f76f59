import { useEffect, useRef } from "react";
import type { Attached } from "../wire/talk";
import type { Conversation, Turn } from "./conversation";
import { PendingView } from "./PendingView";
import { TurnView } from "./TurnView";
import type { Talk } from "./useConversation";

interface Props {
  talk: Talk;
  suggestions: string[];
  chosen: string | null;
  onSay: (text: string) => void;
  /** The chat's address, beside which files are. */
  messages: string;
  onTakeBack: (text: string, files: Attached[]) => void;
  onInspect: (key: string) => void;
  onAgain: (turn: Turn) => void;
}

export function MessageList(props: Props) {
  const { talk, suggestions, chosen, messages, onSay, onTakeBack, onInspect, onAgain } = props;
  const { conversation } = talk;
  const list = useScrollToNewest(conversation);
  const last = conversation.turns.at(-1);
  const empty = !last && !conversation.pending;
  return (
    <div
      className="dc-messages"
      role="log"
      aria-live="polite"
      aria-relevant="additions"
      aria-label="Conversation"
      ref={list}
    >
      {empty && !talk.busy && !talk.trouble && <Welcome suggestions={suggestions} onSay={onSay} />}
      {conversation.turns.map((turn) => (
        <TurnView
          key={turn.key}
          turn={turn}
          messages={messages}
          answerable={turn === last && !conversation.pending}
          chosen={turn.key === chosen}
          onQuickReply={onSay}
          onInspect={() => onInspect(turn.key)}
          onAgain={turn.text || turn.trace?.files ? () => onAgain(turn) : null}
        />
      ))}
      {conversation.pending && (
        <PendingView
          pending={conversation.pending}
          talk={talk}
          messages={messages}
          onTakeBack={onTakeBack}
        />
      )}
    </div>
  );
}

function Welcome({ suggestions, onSay }: { suggestions: string[]; onSay: (text: string) => void }) {
  return (
    <div className="dc-welcome">
      <p>Say something, as a person would who uses this assistant.</p>
      <fieldset className="dc-quick" aria-label="Things to say">
        {suggestions.map((text) => (
          <button type="button" key={text} onClick={() => onSay(text)}>
            {text}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

function useScrollToNewest(conversation: Conversation) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when something was added
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [conversation.turns.length, conversation.pending]);
  return list;
}
