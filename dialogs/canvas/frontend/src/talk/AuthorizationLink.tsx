import { ExternalLink } from "lucide-react";
import type { Reply } from "../wire/talk";
import { isWebAddress } from "./links";

/** The way to the authorize page, where a reply asks for an authorization. */
export function AuthorizationLink({ reply }: { reply: Reply }) {
  const { type, url, provider } = reply.data ?? {};
  if (type !== "authorization_required" || typeof url !== "string" || !isWebAddress(url))
    return null;
  return (
    <a className="dc-button dc-authorize" href={url} target="_blank" rel="noopener noreferrer">
      <ExternalLink size={15} aria-hidden="true" />
      {typeof provider === "string" ? `Authorize ${provider.toUpperCase()}` : "Authorize"}
    </a>
  );
}
