import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import type { Json, JsonObject, Schema } from "../../wire/canvas";
import { ConditionCell } from "./ConditionCell";
import { asList, asObject, type FieldProps, isSet, titleOf } from "./field";
import { More } from "./More";
import { Template } from "./Template";
import { moved, RowButtons } from "./Texts";

/** Rows of an object each: choices, assignments, quick replies. */
export function Table({ id, name, schema, value, onChange }: FieldProps) {
  const columns = Object.entries(schema.items?.properties ?? {});
  const [first] = columns;
  const rows = asList(value).map((row) => asRow(row, first?.[0] ?? "value"));
  const title = titleOf(name, schema);
  const set = (next: JsonObject[]) => onChange(next.length ? next : undefined);
  const change = (at: number, key: string, cell: Json | undefined) =>
    set(rows.map((row, index) => (index === at ? withCell(row, key, cell) : row)));
  const cell = (row: JsonObject, at: number, [key, column]: Column, place: number) => (
    <div className="dc-cell" key={key}>
      <span className="dc-cell-title">{titleOf(key, column)}</span>
      <Cell
        id={at === 0 && place === 0 ? id : undefined}
        label={`${titleOf(key, column)} ${at + 1}`}
        schema={column}
        value={row[key]}
        onChange={(given) => change(at, key, given)}
      />
    </div>
  );
  return (
    <div className="dc-rows">
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
        <div className="dc-entry" key={at}>
          {shownOf(columns, row, schema.items).map((column, place) => cell(row, at, column, place))}
          <Hidden columns={columns} row={row} items={schema.items}>
            {(column) => cell(row, at, column, 1)}
          </Hidden>
          <RowButtons
            what={`row ${at + 1} of ${title.toLowerCase()}`}
            at={at}
            count={rows.length}
            onMove={(to) => set(moved(rows, at, to))}
            onRemove={() => set(rows.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <button type="button" className="dc-add" onClick={() => set([...rows, blank(schema.items)])}>
        <Plus size={14} aria-hidden="true" /> Add to {title.toLowerCase()}
      </button>
    </div>
  );
}

type Column = [string, Schema];

/** Of a wide table only the first columns, and what is set. */
const AT_ONCE = 5;

function shownOf(columns: Column[], row: JsonObject, items: Schema | undefined): Column[] {
  if (columns.length <= AT_ONCE) return columns;
  const required = items?.required ?? [];
  return columns.filter(
    ([key, column], at) => at < AT_ONCE - 1 || required.includes(key) || isSet(row[key], column),
  );
}

interface HiddenProps {
  columns: Column[];
  row: JsonObject;
  items: Schema | undefined;
  children: (column: Column) => ReactNode;
}

function Hidden({ columns, row, items, children }: HiddenProps) {
  const shown = shownOf(columns, row, items);
  const rest = columns.filter((column) => !shown.includes(column));
  return rest.length > 0 ? <More words="More">{() => rest.map(children)}</More> : null;
}

function asRow(row: Json, key: string): JsonObject {
  return row !== null && typeof row === "object" ? asObject(row) : { [key]: row };
}

function withCell(row: JsonObject, key: string, cell: Json | undefined): JsonObject {
  const { [key]: _, ...rest } = row;
  return cell === undefined ? rest : { ...row, [key]: cell };
}

function blank(items: Schema | undefined): JsonObject {
  return Object.fromEntries((items?.required ?? []).map((key) => [key, ""]));
}

interface CellProps {
  id: string | undefined;
  label: string;
  schema: Schema;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

function Cell({ id, label, schema, value, onChange }: CellProps) {
  if (schema.format === "condition") {
    return <ConditionCell label={label} value={value} onChange={onChange} />;
  }
  if (schema.type === "boolean") {
    return (
      <input
        type="checkbox"
        aria-label={label}
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  }
  if (schema.enum) {
    return (
      <select
        aria-label={label}
        className="dc-input"
        value={String(value ?? schema.default ?? "")}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">–</option>
        {schema.enum.map((option) => (
          <option key={String(option)}>{String(option)}</option>
        ))}
      </select>
    );
  }
  const list = schema.type === "array";
  const read = (text: string): Json | undefined => {
    if (list) return words(text);
    // What may be a text is one, also where it looks like a number.
    return ![schema.type].flat().includes("string") ? guess(text) : text === "" ? undefined : text;
  };
  return (
    <Template
      id={id}
      label={label}
      placeholder={list ? "one, two, three" : undefined}
      value={shown(value)}
      onChange={(text) => onChange(read(text))}
    />
  );
}

function words(text: string): Json | undefined {
  const parts = text.split(",").map((part) => part.trimStart());
  return text.trim() === "" ? undefined : parts;
}

/** Of any type: "5", "true", "null" and {"a": 1} are what they look like, all else is text. */
export function guess(text: string): Json | undefined {
  if (text === "") return undefined;
  if (!/^(-?\d|true$|false$|null$|\{(?!\{)|\[)/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

export function shown(value: Json | undefined): string {
  if (value === undefined) return "";
  if (Array.isArray(value) && value.every((one) => typeof one === "string"))
    return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
