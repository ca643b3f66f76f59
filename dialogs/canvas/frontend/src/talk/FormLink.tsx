import { ClipboardPen } from "lucide-react";
import type { Reply } from "../wire/talk";
import { isWebAddress } from "./links";

/** The way to the page of a form, where a reply asks for one to be filled in. */
export function FormLink({ reply }: { reply: Reply }) {
  const { type, url, title } = reply.data ?? {};
  if (type !== "form" || typeof url !== "string" || !isWebAddress(url)) return null;
  return (
    <a className="dc-button dc-authorize" href={url} target="_blank" rel="noopener noreferrer">
      <ClipboardPen size={15} aria-hidden="true" />
      {typeof title === "string" && title ? `Fill in ${title}` : "Fill in the form"}
    </a>
  );
}
