import { type ReactNode, useState } from "react";

interface Props {
  words: string;
  children: () => ReactNode;
}

/** What one seldom needs; made only when it is opened. */
export function More({ words, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details className="dc-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words}</summary>
      {open && <div className="dc-form">{children()}</div>}
    </details>
  );
}
