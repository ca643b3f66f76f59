import type { Json } from "../wire/canvas";

interface Props {
  value: Json;
  name?: string;
  open?: boolean;
}

/** JSON as a tree that opens and closes; needs no script beyond <details>. */
export function JsonView({ value, name, open = true }: Props) {
  if (value === null || typeof value !== "object") return <Leaf name={name} value={value} />;
  const entries: [string, Json][] = Object.entries(value);
  const [left, right] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return <Leaf name={name} text={`${left}${right}`} />;
  return (
    <details className="dc-json" open={open}>
      <summary>
        <Name name={name} />
        <span className="dc-json-size">
          {left}
          {entries.length}
          {right}
        </span>
      </summary>
      <div className="dc-json-inside">
        {entries.map(([key, item]) => (
          <JsonView key={key} name={key} value={item} open={entries.length <= 12} />
        ))}
      </div>
    </details>
  );
}

function Leaf({ name, value, text }: { name?: string | undefined; value?: Json; text?: string }) {
  return (
    <div className="dc-json-leaf">
      <Name name={name} />
      <span className={`dc-json-${value === null ? "null" : typeof value}`}>
        {text ?? JSON.stringify(value)}
      </span>
    </div>
  );
}

function Name({ name }: { name?: string | undefined }) {
  return name === undefined ? null : <span className="dc-json-name">{name}: </span>;
}
