/** What a property's schema asks of its field. */
import type { Json, JsonObject, Schema } from "../../wire/canvas";
import { labelOf } from "../panel/labels";

export interface FieldProps {
  name: string;
  schema: Schema;
  value: Json | undefined;
  /** Undefined takes the property away. */
  onChange: (value: Json | undefined) => void;
  /** The id that the label points at. */
  id: string;
}

export type FieldKind =
  | "text"
  | "long-text"
  | "number"
  | "flag"
  | "choice"
  | "node"
  | "task"
  | "profile"
  | "script"
  | "texts"
  | "by-language"
  | "table"
  | "pairs"
  | "nested"
  | "json";

const LONG = new Set(["multiline", "markdown", "xml", "html", "template"]);

export function fieldKind(schema: Schema, value: Json | undefined): FieldKind {
  const { format } = schema;
  if (format === "javascript") return fits(value, "string") ? "script" : "json";
  if (format === "node" || format === "task" || format === "profile") {
    return fits(value, "string") ? format : "json";
  }
  if (schema.enum) return "choice";
  if (format === "by-language") return isByLanguage(value) ? "by-language" : "json";
  switch (schema.type) {
    case "boolean":
      return fits(value, "boolean") ? "flag" : "json";
    case "integer":
    case "number":
      return fits(value, "number") ? "number" : "json";
    case "string":
      return fits(value, "string") ? textKind(schema, value) : "json";
    case "array":
      return arrayKind(schema, value);
    case "object":
      if (!isMapping(value)) return "json";
      return hasParts(schema) ? "nested" : "pairs";
    default:
      return "json";
  }
}

function fits(value: Json | undefined, type: string): boolean {
  return value === undefined || value === null || typeof value === type;
}

function textKind({ format }: Schema, value: Json | undefined): FieldKind {
  const long = LONG.has(format ?? "") || (typeof value === "string" && value.includes("\n"));
  return long ? "long-text" : "text";
}

function arrayKind({ items }: Schema, value: Json | undefined): FieldKind {
  if (items?.type === "string") return isTexts(value) ? "texts" : "json";
  return items?.properties && isRows(value) ? "table" : "json";
}

export function isTexts(value: Json | undefined): boolean {
  if (value === undefined || value === null || typeof value === "string") return true;
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Rows, where an item may also be written as its first column alone. */
function isRows(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) && value.every((item) => item !== null && !Array.isArray(item));
}

function isByLanguage(value: Json | undefined): boolean {
  if (!value || typeof value !== "object") return fits(value, "string");
  return (
    Array.isArray(value) || Object.values(value).every((entry) => isRows(entry) || isTexts(entry))
  );
}

function hasParts(schema: Schema): boolean {
  return Object.keys(schema.properties ?? {}).length > 0;
}

function isMapping(value: Json | undefined): boolean {
  return !value || (typeof value === "object" && !Array.isArray(value));
}

export function titleOf(name: string, schema: Schema): string {
  return schema.title || labelOf(name);
}

export function isSet(value: Json | undefined, schema: Schema): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (JSON.stringify(value) === JSON.stringify(schema.default)) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

export function asObject(value: Json | undefined): JsonObject {
  return value && typeof value === "object" && !Array.isArray(value) ? value : {};
}

export function asList(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" ? [] : [value];
}
