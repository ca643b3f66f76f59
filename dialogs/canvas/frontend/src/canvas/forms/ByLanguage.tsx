import { Languages, X } from "lucide-react";
import { useState } from "react";
import type { Json, JsonObject, Schema } from "../../wire/canvas";
import { asList, type FieldProps } from "./field";
import { Table } from "./Table";
import { Texts } from "./Texts";

/** The same for everybody, or a list for each language. */
export function ByLanguage(props: FieldProps) {
  const { value, onChange, schema } = props;
  const item = itemOf(schema);
  const several = value !== null && typeof value === "object" && !Array.isArray(value);
  if (!several) {
    return (
      <>
        <Entries {...props} schema={item} value={asList(value)} />
        <AddLanguage
          words="Say it per language"
          taken={[]}
          onAdd={(tag) => onChange({ [tag]: asList(value) })}
        />
      </>
    );
  }
  const lists = value as JsonObject;
  const set = (tag: string, list: Json | undefined) => onChange({ ...lists, [tag]: list ?? [] });
  const remove = (tag: string) => {
    const { [tag]: gone, ...rest } = lists;
    // The last language that is taken away leaves its texts to everybody.
    onChange(Object.keys(rest).length ? rest : gone);
  };
  return (
    <>
      {Object.entries(lists).map(([tag, list]) => (
        <fieldset className="dc-language" key={tag}>
          <legend>
            {languageName(tag)}
            <button type="button" aria-label={`Remove ${tag}`} onClick={() => remove(tag)}>
              <X size={13} aria-hidden="true" />
            </button>
          </legend>
          <Entries
            {...props}
            id={`${props.id}-${tag}`}
            schema={item}
            value={asList(list)}
            onChange={(next) => set(tag, next)}
          />
        </fieldset>
      ))}
      <AddLanguage
        words="Add a language"
        taken={Object.keys(lists)}
        onAdd={(tag) => set(tag, [])}
      />
    </>
  );
}

function Entries(props: FieldProps) {
  return props.schema.items?.properties ? <Table {...props} /> : <Texts {...props} />;
}

function itemOf(schema: Schema): Schema {
  const list = (schema.anyOf ?? schema.oneOf)?.find((one) => one.type === "array");
  return { ...schema, ...list, ...(schema.title === undefined ? {} : { title: schema.title }) };
}

interface AddProps {
  words: string;
  taken: string[];
  onAdd: (tag: string) => void;
}

const TAG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

function AddLanguage({ words, taken, onAdd }: AddProps) {
  const [tag, setTag] = useState<string | null>(null);
  if (tag === null) {
    return (
      <button type="button" className="dc-add" onClick={() => setTag("")}>
        <Languages size={14} aria-hidden="true" /> {words}
      </button>
    );
  }
  const good = TAG.test(tag) && !taken.includes(tag);
  const add = () => {
    if (!good) return;
    onAdd(tag);
    setTag(null);
  };
  return (
    <span className="dc-add-language">
      <input
        // biome-ignore lint/a11y/noAutofocus: it appears because one pressed to write in it
        autoFocus
        className="dc-input"
        value={tag}
        placeholder="en, de, pt-BR …"
        aria-label="Language tag"
        onChange={(event) => setTag(event.target.value.trim())}
        onKeyDown={(event) => event.key === "Enter" && add()}
      />
      <button type="button" className="dc-button" disabled={!good} onClick={add}>
        Add
      </button>
    </span>
  );
}

function languageName(tag: string): string {
  try {
    return `${new Intl.DisplayNames(["en"], { type: "language" }).of(tag) ?? tag} (${tag})`;
  } catch {
    return tag;
  }
}
