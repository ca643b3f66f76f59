import { LocateFixed } from "lucide-react";
import type { CSSProperties } from "react";
import { lookOf } from "../../graph/kinds";
import { hasFailed } from "../../graph/lit";
import type { Step } from "../../wire/talk";
import { StepDetails } from "./StepDetails";
import { duration, statusWords } from "./words";

interface Props {
  steps: Step[];
  total: number | undefined;
  onShowNode: ((name: string) => void) | undefined;
}

/** In the order they were passed; the bar shows when in the turn, and for how long. */
export function Steps({ steps, total, onShowNode }: Props) {
  if (steps.length === 0) return <p className="dc-empty">No node was passed.</p>;
  const span = total || Math.max(...steps.map((step) => endOf(step)), 1);
  return (
    <ol className="dc-steps">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a turn never change
        <li key={index} className={hasFailed(step) ? "dc-step-failed" : undefined}>
          <details>
            <summary>
              <StepLine step={step} number={index + 1} />
              <span className="dc-step-bar" style={barStyle(step, span)} aria-hidden="true" />
            </summary>
            <StepDetails step={step} />
            {onShowNode && !step.depth && (
              <button
                type="button"
                className="dc-button dc-quiet"
                onClick={() => onShowNode(step.node)}
              >
                <LocateFixed size={14} aria-hidden="true" /> Show on canvas
              </button>
            )}
          </details>
        </li>
      ))}
    </ol>
  );
}

function StepLine({ step, number }: { step: Step; number: number }) {
  const kind = step.kind ?? "script";
  const Icon = lookOf(kind).icon;
  return (
    <>
      <span className="dc-step-number">{number}</span>
      <span className={`dc-kind dc-k-${kind}`} title={lookOf(kind).label}>
        <Icon size={14} aria-hidden="true" />
      </span>
      <span className="dc-step-title">{step.title || step.node}</span>
      {step.task && <span className="dc-step-status">in {step.task}</span>}
      {step.status && <span className="dc-step-status">{statusWords(step.status)}</span>}
      <span className="dc-step-time">{duration(step.duration_ms)}</span>
    </>
  );
}

function endOf(step: Step): number {
  return (step.started_ms ?? 0) + (step.duration_ms ?? 0);
}

function barStyle(step: Step, span: number): CSSProperties {
  const share = (ms: number) => Math.min(100, (ms / span) * 100);
  const left = Math.min(98, share(step.started_ms ?? 0));
  return {
    marginInlineStart: `${left}%`,
    width: `${Math.max(2, Math.min(100 - left, share(step.duration_ms ?? 0)))}%`,
  };
}
