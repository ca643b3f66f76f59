/** What a task says of its own about conversations, beside what its App says. */
import type { Json, JsonObject, Schema, SettingsForm } from "../../wire/canvas";

export interface SettingSection {
  title: string;
  names: string[];
}

/** The settings that a task has, in the order of the App's page; what no section names comes last. */
export function sectionsOf(schema: Schema, form: SettingsForm | undefined): SettingSection[] {
  const known = Object.keys(schema.properties ?? {});
  const titled = Object.entries(form?.sections ?? {}).map(([title, names]) => ({
    title,
    names: names.filter((name) => known.includes(name)),
  }));
  const listed = titled.flatMap(({ names }) => names);
  const rest = known.filter((name) => !listed.includes(name));
  return [...titled, { title: "Other", names: rest }].filter(({ names }) => names.length > 0);
}

/** Settings that no form knows: of a later version, or written by hand. */
export function strangeSettings(schema: Schema, settings: JsonObject): JsonObject {
  const known = schema.properties ?? {};
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in known)));
}

/** The settings with one changed; undefined leaves it to the App. */
export function withSetting(
  settings: JsonObject,
  name: string,
  value: Json | undefined,
): JsonObject {
  const { [name]: _, ...rest } = settings;
  return value === undefined ? rest : { ...rest, [name]: value };
}

export function settingInWords(value: Json | undefined, form: SettingsForm | undefined): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return form?.choices?.[String(value)] ?? String(value ?? "–");
}

/** A number's own limits, said before the server does. */
export function settingTrouble(value: Json | undefined, schema: Schema): string | null {
  if (typeof value !== "number") return null;
  const { minimum = -Infinity, maximum = Infinity, type } = schema;
  if (type === "integer" && !Number.isInteger(value)) return "It must be a whole number.";
  if (value >= minimum && value <= maximum) return null;
  return `It must be from ${minimum} to ${maximum}.`;
}

/** What the server says is wrong, by setting; its sentences name one in quotes. */
export function settingProblems(problems: readonly { code?: string; message: string }[]) {
  const found = new Map<string, string[]>();
  for (const { message } of problems) {
    const name = message.match(/^The dialog's setting “([^”]+)”/)?.[1];
    if (name) found.set(name, [...(found.get(name) ?? []), message]);
  }
  return found;
}
