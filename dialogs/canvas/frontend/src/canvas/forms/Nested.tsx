import type { Json } from "../../wire/canvas";
import { Field } from "./Field";
import { asObject, type FieldProps, isSet } from "./field";
import { More } from "./More";

/** An object whose parts the schema names: a field for each, those that have to be given first. */
export function Nested({ schema, value, onChange }: FieldProps) {
  const given = asObject(value);
  const parts = Object.entries(schema.properties ?? {});
  const required = schema.required ?? [];
  const isOpen = ([name, part]: (typeof parts)[number]) =>
    parts.length <= 4 || required.includes(name) || isSet(given[name], part);
  const set = (name: string, part: Json | undefined) => {
    const { [name]: _, ...rest } = given;
    const next = part === undefined ? rest : { ...given, [name]: part };
    onChange(Object.keys(next).length > 0 ? next : undefined);
  };
  const field = ([name, part]: (typeof parts)[number]) => (
    <Field
      key={name}
      name={name}
      schema={part}
      value={given[name]}
      onChange={(next) => set(name, next)}
    />
  );
  const rest = parts.filter((part) => !isOpen(part));
  return (
    <div className="dc-group dc-form">
      {parts.filter(isOpen).map(field)}
      {rest.length > 0 && <More words="More">{() => rest.map(field)}</More>}
    </div>
  );
}
