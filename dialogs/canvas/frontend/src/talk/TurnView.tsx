import { RotateCcw, Route } from "lucide-react";
import { plural } from "../graph/kinds";
import type { Reply } from "../wire/talk";
import { AuthorizationLink } from "./AuthorizationLink";
import { Buttons } from "./Buttons";
import type { Turn } from "./conversation";
import { duration } from "./debug/words";
import { SentFiles } from "./Files";
import { FormLink } from "./FormLink";
import { RichText } from "./RichText";

interface Props {
  turn: Turn;
  messages: string;
  /** Only the newest replies' buttons still answer a question. */
  answerable: boolean;
  chosen: boolean;
  onQuickReply: (value: string) => void;
  onInspect: () => void;
  /** Goes back to where this turn began; nothing where nobody said anything. */
  onAgain: (() => void) | null;
}

export function TurnView({
  turn,
  messages,
  answerable,
  chosen,
  onQuickReply,
  onInspect,
  onAgain,
}: Props) {
  return (
    <>
      {turn.text && <Said by="person">{turn.text}</Said>}
      <SentFiles files={turn.trace?.files ?? []} messages={messages} />
      {turn.replies.map((reply, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the replies of a turn never change
        <ReplyView key={index} reply={reply} answerable={answerable} onQuickReply={onQuickReply} />
      ))}
      {turn.replies.length === 0 && <p className="dc-talk-note">{silenceOf(turn)}</p>}
      <div className="dc-turn-foot">
        {turn.trace && (
          <button type="button" className="dc-trace-chip" aria-pressed={chosen} onClick={onInspect}>
            <Route size={13} aria-hidden="true" />
            {plural(turn.trace.steps?.length ?? 0, "step")}
            {turn.trace.duration_ms !== undefined && ` · ${duration(turn.trace.duration_ms)}`}
          </button>
        )}
        {onAgain && (
          <button
            type="button"
            className="dc-trace-chip"
            onClick={onAgain}
            title="Go back to before this message, with the draft as it is now"
          >
            <RotateCcw size={13} aria-hidden="true" /> Try again
          </button>
        )}
      </div>
      {turn.state === "ended" && <p className="dc-talk-divider">Conversation ended</p>}
    </>
  );
}

/** With an agent the bot only passes on what is said. */
function silenceOf(turn: Turn): string {
  const passedOn = turn.trace?.steps?.some((step) => step.kind === "agent_transfer");
  return passedOn ? "Passed on to the agent." : "The bot said nothing.";
}

function agentOf(reply: Reply): string {
  return typeof reply.data?.agent === "string" && reply.data.agent ? reply.data.agent : "The agent";
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
      {reply.data?.type === "agent" && <p className="dc-talk-note">{agentOf(reply)} writes:</p>}
      {reply.text && <Said by="bot">{reply.text}</Said>}
      {answerable && <AuthorizationLink reply={reply} />}
      {answerable && <FormLink reply={reply} />}
      <Buttons reply={reply} answerable={answerable} onSay={onQuickReply} />
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
