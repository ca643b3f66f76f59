import type { GraphNode } from "../../graph/model";
import { Code } from "../../shared/Code";
import type { Json } from "../../wire/canvas";
import { labelOf, shownElsewhere } from "./labels";
import { Section } from "./Section";
import { Value } from "./Value";

const SCRIPTS = new Set(["code", "script"]);

/** Scripts with room of their own, the rest as a list; what is empty is left out. */
export function Properties({ node }: { node: GraphNode }) {
  const given = Object.entries(node.properties).filter(
    ([key, value]) => !isEmpty(value) && !shownElsewhere(node.kind, key),
  );
  const facts = given.filter(([key]) => !SCRIPTS.has(key));
  const scripts = given.filter(([key, value]) => SCRIPTS.has(key) && typeof value === "string");
  return (
    <>
      {scripts.map(([key, value]) => (
        <Section key={key} title="Script">
          <Code label="Script" text={String(value)} />
        </Section>
      ))}
      {facts.length > 0 && (
        <Section title="Properties">
          <dl className="dc-properties">
            {facts.map(([key, value]) => (
              <div key={key}>
                <dt>{labelOf(key)}</dt>
                <dd>
                  <Value
                    value={withUnit(key, value)}
                    label={labelOf(key)}
                    mono={key === "pattern"}
                  />
                </dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
    </>
  );
}

function withUnit(key: string, value: Json): Json {
  if (key === "timeout" && typeof value === "number") return `${value} s`;
  if (value === "@end") return "End of Dialog";
  return value === "@end_of_action" ? "End of Bot Action" : value;
}

function isEmpty(value: Json): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
