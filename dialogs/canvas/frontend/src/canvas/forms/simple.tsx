import { useState } from "react";
import { useEditor } from "../editor";
import { type FieldProps, titleOf } from "./field";
import { Template } from "./Template";

export function TextField({ id, schema, value, onChange }: FieldProps) {
  return (
    <Template
      id={id}
      value={String(value ?? "")}
      placeholder={schema.default === undefined ? "" : String(schema.default)}
      onChange={(text) => onChange(text || undefined)}
    />
  );
}

export function LongText({ id, value, onChange }: FieldProps) {
  return (
    <Template
      id={id}
      rows={4}
      value={String(value ?? "")}
      onChange={(text) => onChange(text || undefined)}
    />
  );
}

/** What is no number is shown and kept apart until it is one. */
export function NumberField({ id, schema, value, onChange }: FieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const change = (text: string) => {
    const number = Number(text);
    const good = text.trim() !== "" && Number.isFinite(number);
    setTyped(good ? null : text);
    if (good || text.trim() === "") onChange(good ? number : undefined);
  };
  const { minimum, maximum } = schema;
  return (
    <input
      id={id}
      type="number"
      className="dc-input"
      value={typed ?? (value === undefined || value === null ? "" : String(value))}
      placeholder={schema.default === undefined ? "" : String(schema.default)}
      min={minimum}
      max={maximum}
      step={schema.type === "integer" ? 1 : "any"}
      onChange={(event) => change(event.target.value)}
      onBlur={() => setTyped(null)}
    />
  );
}

export function Flag({ id, name, schema, value, onChange }: FieldProps) {
  const checked = (value ?? schema.default ?? false) === true;
  return (
    <label className="dc-check" htmlFor={id}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {titleOf(name, schema)}
    </label>
  );
}

export function Choice({ id, name, schema, value, onChange }: FieldProps) {
  const { data } = useEditor();
  const titled = (option: string) =>
    (name === "type" && data.entity_types?.[option]?.title) || option.replaceAll("_", " ");
  const options = (schema.enum ?? []).map(String);
  const now = String(value ?? schema.default ?? "");
  return (
    <select
      id={id}
      className="dc-input"
      value={now}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      {(schema.default === undefined || now === "") && <option value="">–</option>}
      {!options.includes(now) && now !== "" && <option value={now}>{now} (unknown)</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {titled(option)}
        </option>
      ))}
    </select>
  );
}
