import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { asList, type FieldProps, titleOf } from "./field";
import { Template } from "./Template";

/** Several texts, each a line; one of them is said, or all are meant. */
export function Texts({ id, name, schema, value, onChange }: FieldProps) {
  const texts = asList(value).map(String);
  const set = (next: string[]) => onChange(next.length ? next : undefined);
  const title = titleOf(name, schema);
  return (
    <div className="dc-list">
      {texts.map((text, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts have no name but their place
        <div className="dc-list-row" key={at}>
          <Template
            id={at === 0 ? id : undefined}
            label={`${title} ${at + 1}`}
            value={text}
            onChange={(words) => set(texts.map((one, index) => (index === at ? words : one)))}
          />
          <RowButtons
            what={`${title} ${at + 1}`}
            at={at}
            count={texts.length}
            onMove={(to) => set(moved(texts, at, to))}
            onRemove={() => set(texts.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <button type="button" className="dc-add" onClick={() => set([...texts, ""])}>
        <Plus size={14} aria-hidden="true" /> Add to {title.toLowerCase()}
      </button>
    </div>
  );
}

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

interface ButtonsProps {
  what: string;
  at: number;
  count: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}

export function RowButtons({ what, at, count, onMove, onRemove }: ButtonsProps) {
  return (
    <span className="dc-row-buttons">
      {count > 1 && (
        <>
          <button
            type="button"
            disabled={at === 0}
            aria-label={`Move ${what} up`}
            onClick={() => onMove(at - 1)}
          >
            <ArrowUp size={14} aria-hidden="true" />
          </button>
          <button
            type="button"
            disabled={at === count - 1}
            aria-label={`Move ${what} down`}
            onClick={() => onMove(at + 1)}
          >
            <ArrowDown size={14} aria-hidden="true" />
          </button>
        </>
      )}
      <button type="button" aria-label={`Remove ${what}`} onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  );
}
