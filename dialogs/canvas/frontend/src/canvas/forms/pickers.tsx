import { END } from "../../wire/canvas";
import { useEditor } from "../editor";
import type { FieldProps } from "./field";

/** A node of the same level, or the end. */
export function NodePicker({ id, name, schema, value, onChange }: FieldProps) {
  const { doc, selection } = useEditor();
  const own = selection.selected ? doc.nodes.get(selection.selected) : undefined;
  const inside = name === "first";
  const nodes = [...doc.nodes.values()].filter((node) =>
    inside ? node.parent === own?.name : node.name !== own?.name && !node.parent,
  );
  const now = String(value ?? "");
  const known = now === "" || now === END || nodes.some((node) => node.name === now);
  return (
    <select
      id={id}
      className="dc-input"
      value={now}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">{usual(schema.default)}</option>
      {!known && <option value={now}>{doc.nodes.get(now)?.title || now}</option>}
      {!inside && <option value={END}>End of dialog</option>}
      {nodes.map((node) => (
        <option key={node.name} value={node.name}>
          {node.title || node.name}
        </option>
      ))}
    </select>
  );
}

function usual(given: unknown): string {
  return given === END ? "End of dialog (as usual)" : "–";
}

export function TaskPicker({ id, value, onChange }: FieldProps) {
  const { data } = useEditor();
  const options = (data.tasks ?? []).map(({ name, title }) => [name, title || name] as const);
  return <Named id={id} value={value} options={options} onChange={onChange} />;
}

export function ProfilePicker({ id, value, onChange }: FieldProps) {
  const { data } = useEditor();
  const options = (data.profiles ?? []).map(({ name }) => [name, name] as const);
  return <Named id={id} value={value} options={options} onChange={onChange} />;
}

interface NamedProps extends Pick<FieldProps, "id" | "value" | "onChange"> {
  options: readonly (readonly [string, string])[];
}

function Named({ id, value, options, onChange }: NamedProps) {
  const now = String(value ?? "");
  return (
    <select
      id={id}
      className="dc-input"
      value={now}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">–</option>
      {now && !options.some(([name]) => name === now) && (
        <option value={now}>{now} (not there)</option>
      )}
      {options.map(([name, title]) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </select>
  );
}
