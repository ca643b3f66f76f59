import { Code } from "../../shared/Code";
import { JsonView } from "../../shared/JsonView";
import type { Json, JsonObject } from "../../wire/canvas";
import { labelOf } from "./labels";

interface Props {
  value: Json;
  label: string;
  mono?: boolean;
}

/** A property's value in the form that reads best: words, a list, a table, or JSON. */
export function Value({ value, label, mono = false }: Props) {
  if (Array.isArray(value)) return <Several values={value} label={label} />;
  if (value && typeof value === "object") return <JsonView value={value} />;
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = String(value);
  if (text.includes("\n")) return <Code label={label} text={text} />;
  return mono || /^\{\{.*\}\}$/.test(text) ? <code>{text}</code> : text;
}

function Several({ values, label }: { values: Json[]; label: string }) {
  const rows = values.filter(isRow);
  if (rows.length > 0 && rows.length === values.length) return <Table rows={rows} />;
  return (
    <ul className="dc-values">
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shown as written, in its order
        <li key={index}>
          <Value value={value} label={label} />
        </li>
      ))}
    </ul>
  );
}

function Table({ rows }: { rows: JsonObject[] }) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <table className="dc-table">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column}>{labelOf(column)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shown as written, in its order
          <tr key={index}>
            {columns.map((column) => (
              <td key={column}>{cell(row[column])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cell(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((item) => cell(item)).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isRow(value: Json): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
