import { AlertTriangle, Check } from "lucide-react";
import { useState } from "react";
import { plural } from "../graph/kinds";
import type { GraphModel } from "../graph/model";
import { useDismiss } from "./useDismiss";

interface Props {
  model: GraphModel;
  onShow: (id: string) => void;
}

/** What stands in the way of publishing; every line leads to its node. */
export function Problems({ model, onShow }: Props) {
  const [open, setOpen] = useState(false);
  const frame = useDismiss(open, () => setOpen(false));
  const count = model.problems.length;
  if (count === 0) {
    return (
      <span className="dc-no-problems" title="Nothing stands in the way of publishing">
        <Check size={15} aria-hidden="true" /> <span>No problems</span>
      </span>
    );
  }
  return (
    <div className="dc-dropdown" ref={frame}>
      <button
        type="button"
        className="dc-button dc-warn"
        aria-expanded={open}
        aria-label={plural(count, "problem")}
        onClick={() => setOpen(!open)}
      >
        <AlertTriangle size={15} aria-hidden="true" />
        {count} <span>{count === 1 ? "problem" : "problems"}</span>
      </button>
      {open && (
        <div className="dc-popover">
          <ProblemList model={model} problems={model.problems} onShow={onShow} />
        </div>
      )}
    </div>
  );
}

interface ListProps extends Props {
  problems: GraphModel["problems"];
}

export function ProblemList({ model, problems, onShow }: ListProps) {
  return (
    <ul className="dc-problems">
      {problems.map(({ id, message }) => (
        <li key={`${id}/${message}`}>
          <button type="button" disabled={!id} onClick={() => id && onShow(id)}>
            <strong>{id ? model.nodes.get(id)?.title : "The whole dialog"}</strong>
            <span>{message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
