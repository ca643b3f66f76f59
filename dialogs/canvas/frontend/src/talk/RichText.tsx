import { pieces } from "./links";

/** Text as it was written: escaped by React, line breaks kept by the style sheet, links clickable. */
export function RichText({ text }: { text: string }) {
  return (
    <span className="dc-rich">
      {pieces(text).map((piece, index) =>
        piece.href ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </span>
  );
}
