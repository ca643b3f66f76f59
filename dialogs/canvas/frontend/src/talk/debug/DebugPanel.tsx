import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { JsonView } from "../../shared/JsonView";
import type { Json } from "../../wire/canvas";
import type { Trace } from "../../wire/talk";
import type { Turn } from "../conversation";
import { Intents } from "./Intents";
import { Steps } from "./Steps";
import { duration, statusWords } from "./words";

interface Props {
  turn: Turn | null;
  onShowNode?: ((name: string) => void) | undefined;
}

/** How one turn came about. Everything here was redacted by the server before it was stored. */
export function DebugPanel({ turn, onShowNode }: Props) {
  return (
    <section className="dc-debug" aria-label="Debug">
      {turn?.trace ? (
        <TraceView key={turn.key} said={turn.text} trace={turn.trace} onShowNode={onShowNode} />
      ) : (
        <p className="dc-empty">
          {turn
            ? "No trace was kept for this turn."
            : "Once the bot has answered, this shows which nodes it passed and why."}
        </p>
      )}
    </section>
  );
}

interface TraceProps {
  said: string;
  trace: Trace;
  onShowNode: Props["onShowNode"];
}

function TraceView({ said, trace, onShowNode }: TraceProps) {
  return (
    <>
      <header className="dc-debug-head">
        <strong>{said ? `“${said}”` : "Went on by itself"}</strong>
        <span>{duration(trace.duration_ms)}</span>
        <CopyJson value={trace} />
      </header>
      <h3>Nodes passed</h3>
      <Steps steps={trace.steps ?? []} total={trace.duration_ms} onShowNode={onShowNode} />
      {trace.tasks && trace.tasks.length > 0 && (
        <>
          <h3>What became of dialogs</h3>
          <ul>
            {trace.tasks.map(({ what, task }) => (
              <li key={`${what} ${task}`}>
                {task}: {statusWords(what)}
              </li>
            ))}
          </ul>
        </>
      )}
      {trace.intents && trace.intents.length > 0 && (
        <>
          <h3>Intent scores</h3>
          <Intents scores={trace.intents} />
        </>
      )}
      <h3>Trace</h3>
      <JsonView value={trace as unknown as Json} name="trace" open={false} />
    </>
  );
}

function CopyJson({ value }: { value: Trace }) {
  const [copied, setCopied] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(JSON.stringify(value, null, 2));
    setCopied(true);
  };
  const Icon = copied ? Check : Copy;
  return (
    <button type="button" className="dc-icon" onClick={copy} title="Copy as JSON">
      <Icon size={15} aria-hidden="true" />
      <span className="dc-hidden">{copied ? "Copied" : "Copy as JSON"}</span>
    </button>
  );
}
