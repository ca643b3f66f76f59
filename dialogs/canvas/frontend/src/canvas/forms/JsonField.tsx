import { useState } from "react";
import type { Json } from "../../wire/canvas";
import { CodeArea } from "./CodeField";
import { type FieldProps, titleOf } from "./field";

/** Any JSON; what cannot be read yet stays in the field and changes nothing. */
export function JsonField({ id, name, schema, value, onChange }: FieldProps) {
  const [draft, setDraft] = useState<{ text: string; trouble: string } | null>(null);
  const change = (text: string) => {
    if (text.trim() === "") {
      setDraft(null);
      return onChange(undefined);
    }
    try {
      onChange(JSON.parse(text) as Json);
      setDraft({ text, trouble: "" });
    } catch (error) {
      setDraft({ text, trouble: error instanceof Error ? error.message : String(error) });
    }
  };
  const given = value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
  const text = draft && (draft.trouble || sameJson(draft.text, value)) ? draft.text : given;
  return (
    <>
      <CodeArea
        id={id}
        label={titleOf(name, schema)}
        text={text}
        language="json"
        onChange={change}
      />
      {draft?.trouble && (
        <p className="dc-field-problem">This is no JSON yet and not saved: {draft.trouble}</p>
      )}
    </>
  );
}

/** The author's own line breaks stay while they write. */
function sameJson(text: string, value: Json | undefined): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}
