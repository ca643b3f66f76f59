import { useMemo } from "react";
import { tokens } from "../graph/highlight";

/** Code to be read: its own lines, no wrapping of what an author laid out. */
export function Code({ text, label }: { text: string; label: string }) {
  const parts = useMemo(() => tokens(text.trimEnd()), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long code is scrolled with the keyboard
    // biome-ignore lint/a11y/useSemanticElements: it has to stay preformatted text
    <pre className="dc-code" tabIndex={0} role="region" aria-label={label}>
      <code>
        {parts.map((token, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never move
          <span key={index} className={`dc-token-${token.kind}`}>
            {token.text}
          </span>
        ))}
      </code>
    </pre>
  );
}
