import type { DocNode } from "../../edit/document";
import type { CanvasData, Json, KindInfo, Schema } from "../../wire/canvas";
import { useEditor } from "../editor";
import { Section } from "../panel/Section";
import { Field } from "./Field";
import { isSet } from "./field";
import { JsonField } from "./JsonField";
import { More } from "./More";

export interface FormProps {
  node: DocNode;
  info: KindInfo | undefined;
  problems: ReadonlyMap<string, string[]>;
  onSet: (key: string, value: Json | undefined) => void;
}

/** What one most often says about a kind; the rest waits under "More". */
const FIRST: Record<string, string[]> = {
  intent: ["utterances"],
  entity: ["type", "prompts", "choices", "requirement"],
  confirmation: ["prompts"],
  message: ["texts", "script"],
  service: [],
  script: ["code"],
  logic: ["assignments"],
  bot_action: ["first"],
};
/** Properties that have a part of the panel to themselves. */
export const IN_REQUEST = [
  "provider",
  "operation",
  "method",
  "url",
  "profile",
  "headers",
  "parameters",
  "body",
  "body_format",
];

export function SchemaForm({ node, info, problems, onSet }: FormProps) {
  const { data } = useEditor();
  const known = Object.entries(info?.schema.properties ?? {}).filter(
    ([name]) => node.kind !== "service" || !IN_REQUEST.includes(name),
  );
  if (!info) return <Unknown node={node} />;
  const fitting = known.filter(([name, schema]) => concerns(node, name, schema, data));
  const required = info.schema.required ?? [];
  const first = FIRST[node.kind];
  const isFirst = ([name, schema]: [string, Schema]) =>
    first === undefined ||
    first.includes(name) ||
    required.includes(name) ||
    problems.has(name) ||
    isSet(node.properties[name], schema);
  const shown = fitting.filter(isFirst).sort(([a], [b]) => rank(first, a) - rank(first, b));
  const more = fitting.filter((entry) => !isFirst(entry));
  const field = ([name, schema]: [string, Schema]) => (
    <Field
      key={name}
      name={name}
      schema={schema}
      value={node.properties[name]}
      problems={problems.get(name) ?? []}
      onChange={(value) => onSet(name, value)}
    />
  );
  const strange = Object.keys(node.properties).filter(
    (name) => !(name in (info.schema.properties ?? {})),
  );
  return (
    <div className="dc-form">
      {shown.map(field)}
      {more.length > 0 && <More words="More">{() => more.map(field)}</More>}
      {strange.map((name) => (
        <Field
          key={name}
          name={name}
          schema={{ description: "Not a property of this kind of node. Empty it to remove it." }}
          value={node.properties[name]}
          problems={problems.get(name) ?? []}
          onChange={(value) => onSet(name, value)}
        />
      ))}
    </div>
  );
}

function rank(first: readonly string[] | undefined, name: string): number {
  const at = first?.indexOf(name) ?? 0;
  return at < 0 ? 99 : at;
}

/** An entity shows what its type makes use of; what is set is never hidden. */
function concerns(node: DocNode, name: string, schema: Schema, data: CanvasData): boolean {
  if (node.kind !== "entity" || isSet(node.properties[name], schema)) return true;
  const types = data.entity_types ?? {};
  const special = Object.values(types).some((type) => type.properties?.includes(name));
  const type = String(node.properties.type ?? "string");
  return !special || (types[type]?.properties?.includes(name) ?? false);
}

/** A kind the server does not describe: its properties as they are. */
function Unknown({ node }: Pick<FormProps, "node">) {
  const { edit } = useEditor();
  return (
    <Section title="Properties">
      <JsonField
        id={`${node.name}-properties`}
        name="properties"
        schema={{}}
        value={node.properties}
        onChange={(value) => {
          const whole = value && typeof value === "object" && !Array.isArray(value) ? value : {};
          edit("Change properties", [{ op: "set_node", name: node.name, properties: whole }]);
        }}
      />
      <p className="dc-help">This kind has no form. Its properties are written as JSON.</p>
    </Section>
  );
}
