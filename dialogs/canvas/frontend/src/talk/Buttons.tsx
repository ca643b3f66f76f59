import type { Json } from "../wire/canvas";
import type { Reply } from "../wire/talk";

interface Props {
  reply: Reply;
  /** Buttons that say something answer a question; those that open a page may stay. */
  answerable: boolean;
  onSay: (text: string) => void;
}

/** The buttons of a reply: each says its value, or opens its address. */
export function Buttons({ reply, answerable, onSay }: Props) {
  const given = reply.data?.buttons;
  const buttons = Array.isArray(given) ? given.map(buttonOf).filter((one) => one !== null) : [];
  const shown = buttons.filter((one) => one.url || answerable);
  if (shown.length === 0) return null;
  return (
    <fieldset className="dc-quick" aria-label="Buttons">
      {shown.map((one) =>
        one.url ? (
          <a key={one.title} href={one.url} target="_blank" rel="noopener noreferrer">
            {one.title}
          </a>
        ) : (
          <button type="button" key={one.title} onClick={() => onSay(one.value)}>
            {one.title}
          </button>
        ),
      )}
    </fieldset>
  );
}

interface Button {
  title: string;
  value: string;
  url: string | null;
}

/** A button as it was sent; null for what is none. Only web addresses are opened. */
export function buttonOf(entry: Json): Button | null {
  if (!entry || typeof entry !== "object" || Array.isArray(entry)) return null;
  const { title, value, url } = entry;
  if (typeof title !== "string" || !title) return null;
  if (typeof url === "string")
    return /^https?:\/\//i.test(url) ? { title, value: title, url } : null;
  return { title, value: typeof value === "string" ? value : title, url: null };
}
