import { Fragment } from "react";
import { JsonView } from "../../shared/JsonView";
import type { Json } from "../../wire/canvas";
import type { Step } from "../../wire/talk";

/** What a node changed, asked for and wrote down. */
export function StepDetails({ step }: { step: Step }) {
  const changes = Object.entries(step.changes ?? {});
  const logs = step.logs ?? [];
  const decisions = step.decisions ?? [];
  const parts = [
    changes.length,
    step.request,
    step.response,
    step.connection,
    logs.length,
    decisions.length,
    step.error,
  ];
  return (
    <div className="dc-step-details">
      {step.error ? <p className="dc-step-error">{inWords(step.error)}</p> : null}
      {decisions.map((words) => (
        <p key={words}>{words}</p>
      ))}
      {changes.length > 0 && <Changes changes={changes} />}
      <Section title="Connection" value={step.connection} />
      <Section title="Request" value={step.request} />
      <Section title="Response" value={step.response} />
      {logs.length > 0 && (
        <Fragment>
          <h4>Log</h4>
          <pre className="dc-code">{logs.map(inWords).join("\n")}</pre>
        </Fragment>
      )}
      {!parts.some(Boolean) && <p className="dc-empty">Nothing in the context changed.</p>}
    </div>
  );
}

function Changes({ changes }: { changes: [string, Json][] }) {
  return (
    <>
      <h4>Context changes</h4>
      <dl className="dc-changes">
        {changes.map(([path, value]) => (
          <div key={path}>
            <dt>{path}</dt>
            <dd>
              <JsonView value={value} open={false} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Section({ title, value }: { title: string; value: Json | undefined }) {
  if (value === undefined || value === null) return null;
  return (
    <>
      <h4>{title}</h4>
      <JsonView value={value} />
    </>
  );
}

function inWords(value: Json | undefined): string {
  if (value && typeof value === "object" && !Array.isArray(value)) {
    if (typeof value.message === "string") return value.message;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
