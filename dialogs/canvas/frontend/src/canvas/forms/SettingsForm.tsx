import { useId } from "react";
import type { SettingsForm as Form, Json, JsonObject, Schema } from "../../wire/canvas";
import { useEditor } from "../editor";
import { Section } from "../panel/Section";
import { asObject, titleOf } from "./field";
import { JsonField } from "./JsonField";
import { More } from "./More";
import {
  sectionsOf,
  settingInWords,
  settingProblems,
  settingTrouble,
  strangeSettings,
  withSetting,
} from "./settings";
import { NumberField } from "./simple";

interface Props {
  settings: Json;
  onSet: (settings: JsonObject, name: string) => void;
}

/** How conversations of this task behave where it differs from the App; nothing chosen is the App's. */
export function SettingsForm({ settings, onSet }: Props) {
  const { data, model } = useEditor();
  const schema = data.settings_schema ?? {};
  const form = data.settings_form;
  const given = asObject(settings);
  const problems = settingProblems(model.problems);
  const set = (name: string, value: Json | undefined) =>
    onSet(withSetting(given, name, value), name);
  return (
    <>
      {sectionsOf(schema, form).map(({ title, names }) => (
        <Section key={title} title={title}>
          <div className="dc-form">
            {names.map((name) => (
              <Setting
                key={name}
                name={name}
                schema={schema.properties?.[name] ?? {}}
                form={form}
                value={given[name]}
                problems={problems.get(name) ?? []}
                onChange={(value) => set(name, value)}
              />
            ))}
          </div>
        </Section>
      ))}
      <Strange schema={schema} settings={given} problems={problems} onSet={onSet} />
      <p className="dc-help">
        What is not said here is as the App has it
        {data.urls.settings && (
          <>
            {" "}
            (<a href={data.urls.settings}>its settings</a>)
          </>
        )}
        .
      </p>
    </>
  );
}

interface SettingProps {
  name: string;
  schema: Schema;
  form: Form | undefined;
  value: Json | undefined;
  problems: readonly string[];
  onChange: (value: Json | undefined) => void;
}

function Setting({ name, schema, form, value, problems, onChange }: SettingProps) {
  const id = useId();
  const trouble = settingTrouble(value, schema);
  const wrong = trouble ? [trouble] : problems;
  const inherited = settingInWords(form?.app?.[name] ?? schema.default, form);
  const number = schema.type === "integer" || schema.type === "number";
  return (
    <div className={`dc-field ${wrong.length ? "dc-field-bad" : ""}`}>
      <label className="dc-label" htmlFor={id}>
        {titleOf(name, schema)}
      </label>
      {number ? (
        <NumberField
          id={id}
          name={name}
          schema={{ ...schema, default: `${inherited}, as the App has it` }}
          value={value}
          onChange={onChange}
        />
      ) : (
        <Options id={id} {...{ schema, form, value, inherited, onChange }} />
      )}
      {schema.description && <p className="dc-help">{schema.description}</p>}
      {wrong.map((words) => (
        <p className="dc-field-problem" key={words}>
          {words}
        </p>
      ))}
    </div>
  );
}

interface OptionsProps extends Pick<SettingProps, "schema" | "form" | "value" | "onChange"> {
  id: string;
  inherited: string;
}

/** Yes and no are chosen like any other, for "as the App has it" is a third. */
function Options({ id, schema, form, value, inherited, onChange }: OptionsProps) {
  const options: Json[] = schema.type === "boolean" ? [true, false] : (schema.enum ?? []);
  const at = options.indexOf(value ?? null);
  const strange = value !== undefined && value !== null && at < 0;
  return (
    <select
      id={id}
      className="dc-input"
      value={strange ? "strange" : String(at)}
      onChange={(event) => onChange(options[Number(event.target.value)])}
    >
      <option value="-1">As the App has it: {inherited}</option>
      {strange && <option value="strange">{JSON.stringify(value)} (unknown)</option>}
      {options.map((option, index) => (
        <option key={String(option)} value={String(index)}>
          {settingInWords(option, form)}
        </option>
      ))}
    </select>
  );
}

interface StrangeProps {
  schema: Schema;
  settings: JsonObject;
  problems: ReadonlyMap<string, string[]>;
  onSet: Props["onSet"];
}

function Strange({ schema, settings, problems, onSet }: StrangeProps) {
  const id = useId();
  const strange = strangeSettings(schema, settings);
  const names = Object.keys(strange);
  if (names.length === 0) return null;
  const replace = (value: Json | undefined) => {
    const kept = Object.entries(settings).filter(([name]) => !(name in strange));
    onSet({ ...Object.fromEntries(kept), ...asObject(value) }, "strange");
  };
  return (
    <>
      {names
        .flatMap((name) => problems.get(name) ?? [])
        .map((words) => (
          <p className="dc-field-problem" key={words}>
            {words}
          </p>
        ))}
      <More words="Settings without a form">
        {() => (
          <div className="dc-field">
            <label className="dc-label" htmlFor={id}>
              As JSON
            </label>
            <JsonField
              id={id}
              name="settings"
              schema={{ title: "Settings without a form" }}
              value={strange}
              onChange={replace}
            />
            <p className="dc-help">This page does not know them. Empty the field to remove them.</p>
          </div>
        )}
      </More>
    </>
  );
}
