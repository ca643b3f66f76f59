import { useId } from "react";
import type { Json, JsonObject, OperationInfo, Schema } from "../../wire/canvas";
import { useEditor } from "../editor";
import { Section } from "../panel/Section";
import { Field } from "./Field";
import { asObject } from "./field";
import { More } from "./More";
import { OperationPicker } from "./OperationPicker";
import { ProfilePicker } from "./pickers";
import type { FormProps } from "./SchemaForm";

/** What a service node sends: an operation with its parameters, or a free request. */
export function RequestForm({ node, info, problems, onSet }: FormProps) {
  const { data, model, edit } = useEditor();
  const { properties } = node;
  const schemas = info?.schema.properties ?? {};
  const provider = typeof properties.provider === "string" ? properties.provider : "";
  const operation = typeof properties.operation === "string" ? properties.operation : "";
  const known: OperationInfo | undefined =
    data.providers?.[provider]?.operations[operation] ?? model.operations[operation];
  const free = "url" in schemas && !provider && !operation;
  const choose = (nextProvider: string, nextOperation: string) => {
    const { provider: _, operation: __, ...rest } = properties;
    const next: JsonObject = { ...rest };
    if (nextProvider) next.provider = nextProvider;
    if (nextOperation) next.operation = nextOperation;
    edit("Choose operation", [{ op: "set_node", name: node.name, properties: next }]);
  };
  const field = (name: string, schema?: Schema) => {
    const own = schema ?? schemas[name];
    return (
      own && (
        <Field
          key={name}
          name={name}
          schema={own}
          value={properties[name]}
          problems={problems.get(name) ?? []}
          onChange={(value) => onSet(name, value)}
        />
      )
    );
  };
  return (
    <Section title="Request">
      <div className="dc-form">
        <OperationPicker
          provider={provider}
          operation={operation}
          free={"url" in schemas}
          problems={[...(problems.get("provider") ?? []), ...(problems.get("operation") ?? [])]}
          onChoose={choose}
        />
        {known && (
          <p className="dc-request">
            <span className={`dc-method dc-method-${known.method.toLowerCase()}`}>
              {known.method}
            </span>
            <code>{known.path}</code>
          </p>
        )}
        {known?.description && <p className="dc-help">{known.description}</p>}
        {free && ["method", "url", "headers"].map((name) => field(name))}
        {free && schemas.profile && (
          <Profile value={properties.profile} schema={schemas.profile} onSet={onSet} />
        )}
        {known?.parameters?.properties ? (
          <Parameters
            schema={known.parameters}
            value={asObject(properties.parameters)}
            problems={problems.get("parameters") ?? []}
            onChange={(value) => onSet("parameters", value)}
          />
        ) : (
          field("parameters")
        )}
        {free && field("body_format")}
        {(free || !known || hasBody(known, properties.body)) &&
          field("body", bodySchema(known, schemas.body))}
      </div>
    </Section>
  );
}

function hasBody(known: OperationInfo, value: Json | undefined): boolean {
  return Boolean(known.body) || !["GET", "DELETE", "HEAD"].includes(known.method) || Boolean(value);
}

/** The operation says more about its body than the node's own schema does. */
function bodySchema(known: OperationInfo | undefined, own: Schema | undefined): Schema | undefined {
  if (!known?.body || !own) return own;
  const parts = Object.keys(known.body.properties ?? {});
  const names = parts.length ? ` Takes ${parts.join(", ")}.` : "";
  return { ...own, description: `${own.description ?? ""}${names}`.trim() };
}

interface ParametersProps {
  schema: Schema;
  value: JsonObject;
  problems: readonly string[];
  onChange: (value: JsonObject) => void;
}

/** A field for each parameter of the operation; those that have to be given come first. */
function Parameters({ schema, value, problems, onChange }: ParametersProps) {
  const required = schema.required ?? [];
  const known = Object.entries(schema.properties ?? {});
  const isOpen = (name: string) => required.includes(name) || name in value;
  const strange = Object.keys(value).filter((name) => !(name in (schema.properties ?? {})));
  const set = (name: string, given: Json | undefined) => {
    const { [name]: _, ...rest } = value;
    onChange(given === undefined ? rest : { ...value, [name]: given });
  };
  const field = ([name, parameter]: [string, Schema]) => (
    <Field
      key={name}
      name={name}
      schema={templated(name, parameter, required.includes(name), value[name])}
      value={value[name]}
      onChange={(given) => set(name, given)}
    />
  );
  const rest = known.filter(([name]) => !isOpen(name));
  return (
    <fieldset className="dc-group">
      <legend>Parameters</legend>
      {known.length === 0 && <p className="dc-help">This operation takes none.</p>}
      <div className="dc-form">
        {known.filter(([name]) => isOpen(name)).map(field)}
        {strange.map((name) =>
          field([name, { type: "string", description: "The operation has no such parameter." }]),
        )}
        {rest.length > 0 && <More words="Further parameters">{() => rest.map(field)}</More>}
        {problems.map((words) => (
          <p className="dc-field-problem" key={words}>
            {words}
          </p>
        ))}
      </div>
    </fieldset>
  );
}

/** Any parameter may be a placeholder, whatever its type; a list may be a placeholder too. */
function templated(
  name: string,
  { description, type, items, enum: options }: Schema,
  required: boolean,
  value: Json | undefined,
): Schema {
  const title = required ? `${name} (required)` : name;
  const about = description ? { description } : {};
  const given = value === undefined || typeof value === "string";
  if (type === "array" && !given) return { title, type, items: items ?? {}, ...about };
  if (type === "object" && value && typeof value === "object") return { title, ...about };
  if (type === "boolean" && typeof value === "boolean") return { title, type, ...about };
  if (options && (value === undefined || options.includes(value))) {
    return { title, type: "string", enum: options, ...about };
  }
  return given ? { title, type: "string", ...about } : { title, ...about };
}

interface ProfileProps {
  value: Json | undefined;
  schema: Schema;
  onSet: FormProps["onSet"];
}

function Profile({ value, schema, onSet }: ProfileProps) {
  const id = useId();
  return (
    <div className="dc-field">
      <label className="dc-label" htmlFor={id}>
        {schema.title}
      </label>
      <ProfilePicker
        id={id}
        name="profile"
        schema={schema}
        value={value}
        onChange={(next) => onSet("profile", next)}
      />
      <p className="dc-help">{schema.description}</p>
    </div>
  );
}
