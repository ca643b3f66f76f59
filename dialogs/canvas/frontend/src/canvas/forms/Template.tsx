import { type KeyboardEvent, type SyntheticEvent, useId, useMemo, useRef, useState } from "react";
import { matchesAt, type Opened } from "./completion";
import { useVariables } from "./useVariables";

interface Props {
  id?: string | undefined;
  value: string;
  onChange: (text: string) => void;
  placeholder?: string | undefined;
  label?: string | undefined;
  /** Of several lines; grows with its text. */
  rows?: number | undefined;
}

/** A text with placeholders: "{{" offers what can be filled in. */
export function Template({ id, value, onChange, placeholder, label, rows }: Props) {
  const list = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [at, setAt] = useState(0);
  const variables = useVariables();
  const opened = useMemo(
    () => (caret === null ? null : matchesAt(value, caret, variables)),
    [value, caret, variables],
  );
  const look = (event: SyntheticEvent<HTMLTextAreaElement>) => {
    setCaret(event.currentTarget.selectionStart);
    setAt(0);
  };
  const take = (path: string, { from, to }: Opened) => {
    const closed = value.slice(to).startsWith("}}") ? "" : "}}";
    const text = `${value.slice(0, from)}${path}${closed}${value.slice(to)}`;
    onChange(text);
    setCaret(null);
    const end = from + path.length + 2;
    requestAnimationFrame(() => field.current?.setSelectionRange(end, end));
  };
  const press = (event: KeyboardEvent) => {
    if (!opened) {
      if (event.key === "Enter" && rows === undefined) event.preventDefault();
      return;
    }
    const count = opened.matches.length;
    if (event.key === "ArrowDown") setAt((at + 1) % count);
    else if (event.key === "ArrowUp") setAt((at + count - 1) % count);
    else if (event.key === "Escape") setCaret(null);
    else if (event.key === "Enter" || event.key === "Tab") {
      const match = opened.matches[at];
      if (match) take(match.path, opened);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="dc-template">
      <textarea
        ref={field}
        id={id}
        className="dc-input"
        rows={rows ?? Math.min(4, Math.max(1, Math.ceil(value.length / 44)))}
        value={value}
        placeholder={placeholder}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={opened ? list : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          look(event);
        }}
        onClick={look}
        onKeyDown={press}
        onBlur={() => setCaret(null)}
      />
      {opened && (
        <ul className="dc-completions" id={list}>
          {opened.matches.map((match, index) => (
            <li key={match.path}>
              <button
                type="button"
                tabIndex={-1}
                aria-current={index === at}
                onPointerDown={(event) => {
                  event.preventDefault();
                  take(match.path, opened);
                }}
              >
                <code>{match.path}</code>
                <span>{match.kind}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
