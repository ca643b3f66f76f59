import { type GraphModel, type GraphNode, operationOf } from "../../graph/model";
import { Code } from "../../shared/Code";
import type { Json } from "../../wire/canvas";
import { Section } from "./Section";
import { Value } from "./Value";

/** What a service node sends: method and path, parameters, body. */
export function Request({ model, node }: { model: GraphModel; node: GraphNode }) {
  const operation = operationOf(model, node);
  const { parameters, body } = node.properties;
  const given = parameters && typeof parameters === "object" ? Object.entries(parameters) : [];
  return (
    <Section title="Request">
      {operation ? (
        <>
          <p className="dc-request">
            <span className={`dc-method dc-method-${operation.method.toLowerCase()}`}>
              {operation.method}
            </span>
            <code>{operation.path}</code>
          </p>
          {operation.title && <p className="dc-muted">{operation.title}</p>}
        </>
      ) : (
        <p className="dc-muted">No operation is known by this name.</p>
      )}
      {given.length > 0 && (
        <dl className="dc-properties">
          {given.map(([key, value]) => (
            <div key={key}>
              <dt>
                <code>{key}</code>
              </dt>
              <dd>
                <Value value={value} label={key} mono />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {body !== null && body !== undefined && (
        <>
          <h4>Body</h4>
          <Code label="Body" text={pretty(body)} />
        </>
      )}
    </Section>
  );
}

function pretty(body: Json): string {
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}
