import { RotateCw } from "lucide-react";
import type { Attached } from "../wire/talk";
import type { Pending } from "./conversation";
import { SentFiles } from "./Files";
import { Said } from "./TurnView";
import type { Talk } from "./useConversation";

interface Props {
  pending: Pending;
  talk: Talk;
  messages: string;
  onTakeBack: (text: string, files: Attached[]) => void;
}

/** The message that has no answer yet: under way, or stopped with what one can do about it. */
export function PendingView({ pending, talk, messages, onTakeBack }: Props) {
  const takeBack = () => {
    talk.discard();
    onTakeBack(pending.text, pending.files);
  };
  return (
    <>
      {pending.text && <Said by="person">{pending.text}</Said>}
      <SentFiles files={pending.files} messages={messages} />
      {pending.failure ? (
        <div className="dc-undelivered" role="alert">
          <p>{pending.failure}</p>
          <div className="dc-row">
            {pending.signedOut ? (
              <a className="dc-button" href={window.location.href}>
                Sign in again
              </a>
            ) : (
              <button type="button" className="dc-button" onClick={talk.retry} disabled={talk.busy}>
                <RotateCw size={14} aria-hidden="true" /> Try again
              </button>
            )}
            <button type="button" className="dc-button dc-quiet" onClick={takeBack}>
              Edit message
            </button>
          </div>
        </div>
      ) : (
        <div className="dc-typing" role="status">
          <span className="dc-hidden">The bot is typing</span>
          <i />
          <i />
          <i />
        </div>
      )}
    </>
  );
}
