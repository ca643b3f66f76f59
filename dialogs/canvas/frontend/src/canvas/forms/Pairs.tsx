import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { Json, JsonObject } from "../../wire/canvas";
import { asObject, type FieldProps, titleOf } from "./field";
import { guess, shown } from "./Table";
import { Template } from "./Template";

/** A mapping as rows of a key and a value. */
export function Pairs({ id, name, schema, value, onChange }: FieldProps) {
  const pairs = Object.entries(asObject(value));
  const [fresh, setFresh] = useState("");
  const title = titleOf(name, schema);
  const set = (next: [string, Json][]) => onChange(Object.fromEntries(next) as JsonObject);
  const add = () => {
    if (!fresh.trim() || pairs.some(([key]) => key === fresh.trim())) return;
    set([...pairs, [fresh.trim(), ""]]);
    setFresh("");
  };
  return (
    <div className="dc-rows">
      {pairs.map(([key, item], at) => (
        <div className="dc-pair" key={key}>
          <code title={key}>{key}</code>
          <Template
            label={`Value of ${key}`}
            value={shown(item)}
            onChange={(text) =>
              set(pairs.map((pair, index) => (index === at ? [key, guess(text) ?? ""] : pair)))
            }
          />
          <span className="dc-row-buttons">
            <button
              type="button"
              aria-label={`Remove ${key}`}
              onClick={() => set(pairs.filter((_, index) => index !== at))}
            >
              <X size={14} aria-hidden="true" />
            </button>
          </span>
        </div>
      ))}
      <span className="dc-add-language">
        <input
          id={id}
          className="dc-input"
          value={fresh}
          placeholder="New key"
          aria-label={`New key of ${title.toLowerCase()}`}
          onChange={(event) => setFresh(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && add()}
        />
        <button type="button" className="dc-button" disabled={!fresh.trim()} onClick={add}>
          <Plus size={14} aria-hidden="true" /> Add
        </button>
      </span>
    </div>
  );
}
