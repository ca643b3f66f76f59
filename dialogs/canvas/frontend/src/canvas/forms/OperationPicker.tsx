import { useId, useState } from "react";
import { useEditor } from "../editor";

interface Props {
  provider: string;
  operation: string;
  /** Whether a request that is no operation may be written. */
  free: boolean;
  problems: readonly string[];
  onChoose: (provider: string, operation: string) => void;
}

/** Which provider, and which of its operations: by title, name, method or path. */
export function OperationPicker({ provider, operation, free, problems, onChoose }: Props) {
  const { data } = useEditor();
  const id = useId();
  const [query, setQuery] = useState("");
  const providers = Object.entries(data.providers ?? {});
  const operations = Object.entries(data.providers?.[provider]?.operations ?? {});
  const wanted = query.trim().toLowerCase();
  const matching = operations.filter(([name, { title, method, path }]) =>
    `${name} ${title} ${method} ${path}`.toLowerCase().includes(wanted),
  );
  const known = operations.some(([name]) => name === operation);
  return (
    <div className={`dc-field ${problems.length ? "dc-field-bad" : ""}`}>
      <label className="dc-label" htmlFor={`${id}-provider`}>
        Provider
      </label>
      <select
        id={`${id}-provider`}
        className="dc-input"
        value={provider}
        onChange={(event) => onChoose(event.target.value, "")}
      >
        <option value="">{free ? "None: a free request" : "–"}</option>
        {provider && !providers.some(([name]) => name === provider) && (
          <option value={provider}>{provider} (not there)</option>
        )}
        {providers.map(([name, { title }]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
      {provider && (
        <>
          <label className="dc-label" htmlFor={`${id}-operation`}>
            Operation
          </label>
          {operations.length > 12 && (
            <input
              type="search"
              className="dc-input"
              placeholder="Find an operation"
              aria-label="Find an operation"
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          )}
          <select
            id={`${id}-operation`}
            className="dc-input"
            value={operation}
            onChange={(event) => onChoose(provider, event.target.value)}
          >
            <option value="">–</option>
            {operation && !known && <option value={operation}>{operation} (not there)</option>}
            {matching.map(([name, { title }]) => (
              <option key={name} value={name}>
                {title ? `${title} (${name})` : name}
              </option>
            ))}
          </select>
        </>
      )}
      {problems.map((words) => (
        <p className="dc-field-problem" key={words}>
          {words}
        </p>
      ))}
    </div>
  );
}
