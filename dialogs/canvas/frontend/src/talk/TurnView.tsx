import { Route } from "lucide-react";
import { plural } from "../graph/kinds";
import type { Reply } from "../wire/talk";
import { AuthorizationLink } from "./AuthorizationLink";
import type { Turn } from "./conversation";
import { duration } from "./debug/words";
import { RichText } from "./RichText";

interface Props {
  turn: Turn;
  /** Only the newest replies' buttons still answer a question. */
  answerable: boolean;
  chosen: boolean;
  onQuickReply: (value: string) => void;
  onInspect: () => void;
}

export function TurnView({ turn, answerable, chosen, onQuickReply, onInspect }: Props) {
  return (
    <>
      {turn.text && <Said by="person">{turn.text}</Said>}
      {turn.replies.map((reply, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the replies of a turn never change
        <ReplyView key={index} reply={reply} answerable={answerable} onQuickReply={onQuickReply} />
      ))}
      {turn.replies.length === 0 && <p className="dc-talk-note">The bot said nothing.</p>}
      {turn.trace && (
        <button type="button" className="dc-trace-chip" aria-pressed={chosen} onClick={onInspect}>
          <Route size={13} aria-hidden="true" />
          {plural(turn.trace.steps?.length ?? 0, "step")}
          {turn.trace.duration_ms !== undefined && ` · ${duration(turn.trace.duration_ms)}`}
        </button>
      )}
      {turn.state === "ended" && <p className="dc-talk-divider">Conversation ended</p>}
    </>
  );
}

export function Said({ by, children }: { by: "person" | "bot"; children: string }) {
  return (
    <div className={`dc-bubble dc-bubble-${by}`}>
      <span className="dc-hidden">{by === "person" ? "You: " : "Bot: "}</span>
      <RichText text={children} />
    </div>
  );
}

interface ReplyProps {
  reply: Reply;
  answerable: boolean;
  onQuickReply: (value: string) => void;
}

function ReplyView({ reply, answerable, onQuickReply }: ReplyProps) {
  const choices = answerable ? (reply.quick_replies ?? []) : [];
  return (
    <>
      {reply.text && <Said by="bot">{reply.text}</Said>}
      {answerable && <AuthorizationLink reply={reply} />}
      {choices.length > 0 && (
        <fieldset className="dc-quick" aria-label="Quick replies">
          {choices.map((choice) => (
            <button type="button" key={choice.value} onClick={() => onQuickReply(choice.value)}>
              {choice.title}
            </button>
          ))}
        </fieldset>
      )}
    </>
  );
}
