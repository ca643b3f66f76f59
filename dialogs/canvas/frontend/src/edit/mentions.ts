/** Where a node is mentioned by name, and putting another name there. */
import type { Condition, Criterion, Json, JsonObject } from "../wire/canvas";

/** `context.NAME`, `context["NAME"]`, and the same below entities and confirmations. */
function pattern(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const roots = "(?:context|entities|confirmations)";
  return new RegExp(
    `(\\b${roots}\\s*\\.\\s*)${escaped}(?![\\w$-])|(\\b${roots}\\s*\\[\\s*["'\`])${escaped}(?=["'\`]\\s*\\])`,
    "g",
  );
}

/** Properties whose value is the name of a node, whatever their kind. */
const NAMING = new Set(["first", "on_failure", "on_retries_exceeded", "on_timeout", "on_error"]);

export interface Renaming {
  from: string;
  to: string;
  /** Further properties that name a node, from the kinds' schemas. */
  naming?: ReadonlySet<string>;
}

export function renameInProperties(properties: JsonObject, renaming: Renaming): JsonObject {
  const change = (value: Json, key: string): Json => {
    if (typeof value === "string") {
      const names = NAMING.has(key) || renaming.naming?.has(key);
      return names && value === renaming.from ? renaming.to : renameInText(value, renaming);
    }
    if (Array.isArray(value))
      return sharing(
        value,
        value.map((item) => change(item, "")),
      );
    return value && typeof value === "object" ? eachOf(value) : value;
  };
  const eachOf = (given: JsonObject): JsonObject => {
    const entries = Object.entries(given).map(([key, value]) => [key, change(value, key)] as const);
    return entries.every(([key, value]) => given[key] === value)
      ? given
      : Object.fromEntries(entries);
  };
  return eachOf(properties);
}

function sharing(before: Json[], after: Json[]): Json[] {
  return before.every((item, index) => item === after[index]) ? before : after;
}

export function renameInText(text: string, { from, to }: Renaming): string {
  if (!text.includes(from)) return text;
  return text.replace(pattern(from), (_, dotted, quoted) => `${dotted ?? quoted}${to}`);
}

export function renameInCondition(
  condition: Condition | null,
  renaming: Renaming,
): Condition | null {
  if (!condition) return condition;
  const criteria = condition.criteria.map((one) => renameInCriterion(one, renaming));
  const same = criteria.every((one, index) => one === condition.criteria[index]);
  return same ? condition : { ...condition, criteria };
}

function renameInCriterion(one: Criterion | Condition, renaming: Renaming): Criterion | Condition {
  if ("criteria" in one) return renameInCondition(one, renaming) as Condition;
  const key = one.key === undefined ? one.key : renameKey(one.key, one.subject, renaming);
  const value = renameValue(one.value, renaming);
  if (key === one.key && value === one.value) return one;
  const changed: Criterion = { ...one };
  if (key !== undefined) changed.key = key;
  if (value !== undefined) changed.value = value;
  return changed;
}

/** "NAME", "NAME.response.body", "entities.NAME" and the same behind "context.". */
function renameKey(key: string, subject: string, { from, to }: Renaming): string {
  if (subject === "intent") return key;
  const steps = key.split(".");
  let at = steps[0] === "context" ? 1 : 0;
  if (subject === "context" && ["entities", "confirmations"].includes(steps[at] ?? "")) at += 1;
  if (steps[at] !== from) return key;
  steps[at] = to;
  return steps.join(".");
}

function renameValue(value: Json | undefined, renaming: Renaming): Json | undefined {
  if (!value || typeof value !== "object" || Array.isArray(value)) return value;
  if (typeof value.from !== "string") return value;
  const from = renameKey(value.from, "context", renaming);
  return from === value.from ? value : { ...value, from };
}
