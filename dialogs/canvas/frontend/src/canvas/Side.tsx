import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Splitter } from "../shared/Splitter";
import { recall, remember } from "../shared/stored";

interface Props {
  /** What it is called, and under what its width is remembered. */
  name: string;
  label: string;
  className: string;
  usual: number;
  children: ReactNode;
}

const LEAST = 300;
const MOST = 900;

/** A panel beside the graph, as wide as one likes. */
export function Side({ name, label, className, usual, children }: Props) {
  const key = `dc-width:${name}`;
  const [width, setWidth] = useState(() => recall<number>(key) ?? usual);
  const resize = (wanted: number) => {
    setWidth(wanted);
    remember(key, wanted);
  };
  return (
    <aside className={`dc-side ${className}`} style={{ width }} aria-label={label}>
      <Splitter
        label={`Width of ${name}`}
        width={width}
        least={LEAST}
        most={MOST}
        onWidth={resize}
      />
      {children}
    </aside>
  );
}

export function CloseButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" className="dc-icon" onClick={onClick} aria-label="Close properties">
      <X size={17} aria-hidden="true" />
    </button>
  );
}
