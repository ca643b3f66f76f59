import { useEffect, useRef, useState } from "react";
import type { CodeEditor, Language } from "../../code/editor";
import { useDark } from "../../shared/theme";
import { type FieldProps, titleOf } from "./field";
import { loadCode } from "./loadCode";
import { useVariables } from "./useVariables";

export function CodeField(props: FieldProps & { language: Language }) {
  const { id, name, schema, value, onChange, language } = props;
  return (
    <CodeArea
      id={id}
      label={titleOf(name, schema)}
      text={String(value ?? "")}
      language={language}
      onChange={(text) => onChange(text || undefined)}
    />
  );
}

interface AreaProps {
  id: string;
  label: string;
  text: string;
  language: Language;
  onChange: (text: string) => void;
}

/** The code editor once it has come; a plain field until then, and where it cannot come. */
export function CodeArea({ id, label, text, language, onChange }: AreaProps) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const [ready, setReady] = useState(false);
  const variables = useVariables();
  const dark = useDark();
  const newest = useRef({ text, variables, onChange, dark });
  newest.current = { text, variables, onChange, dark };

  useEffect(() => {
    let wanted = true;
    loadCode().then(
      ({ openEditor }) => {
        if (!wanted || !place.current) return;
        editor.current = openEditor({
          parent: place.current,
          language,
          label,
          text: newest.current.text,
          dark: newest.current.dark,
          variables: () => newest.current.variables,
          onChange: (words) => newest.current.onChange(words),
        });
        setReady(true);
      },
      () => undefined,
    );
    return () => {
      wanted = false;
      editor.current?.close();
      editor.current = null;
    };
  }, [language, label]);
  useEffect(() => editor.current?.setText(text), [text]);
  useEffect(() => editor.current?.setDark(dark), [dark]);

  return (
    <div className="dc-code-field">
      <div ref={place} />
      {!ready && (
        <textarea
          id={id}
          className="dc-input dc-mono"
          rows={Math.min(18, Math.max(4, text.split("\n").length))}
          spellCheck={false}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  );
}
