/** Splits text at its links; only http and https are ever made clickable. */

export interface Piece {
  text: string;
  href: string | null;
}

const LINK = /https?:\/\/[^\s<>"']+/gi;

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = withoutTrailingPunctuation(match[0]);
    if (!isWebAddress(link)) continue;
    if (match.index > at) found.push({ text: text.slice(at, match.index), href: null });
    found.push({ text: link, href: link });
    at = match.index + link.length;
  }
  if (at < text.length) found.push({ text: text.slice(at), href: null });
  return found;
}

/** "(see https://a.example/x)." links https://a.example/x; a bracket that was opened inside stays. */
function withoutTrailingPunctuation(link: string): string {
  let rest = link;
  for (;;) {
    const last = rest.at(-1) ?? "";
    const closes = last === ")" && rest.split("(").length < rest.split(")").length;
    if (!closes && !".,;:!?]}*".includes(last)) return rest;
    rest = rest.slice(0, -1);
  }
}

/** Whether a link may be followed: http and https only. */
export function isWebAddress(link: string): boolean {
  const url = URL.canParse(link) ? new URL(link) : null;
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
}
