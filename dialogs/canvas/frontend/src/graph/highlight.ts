/** Enough of JavaScript, JSON and {{templates}} told apart to be read with ease. */

export type TokenKind = "plain" | "comment" | "string" | "number" | "keyword" | "template";
export interface Token {
  kind: TokenKind;
  text: string;
}

const PATTERN = new RegExp(
  [
    "(?<template>\\{\\{[^{}]*\\}\\})",
    "(?<comment>//[^\\n]*|/\\*[\\s\\S]*?\\*/)",
    "(?<string>\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*'|`(?:\\\\.|[^`\\\\])*`)",
    "(?<number>\\b\\d+(?:\\.\\d+)?\\b)",
    "(?<keyword>\\b(?:var|let|const|function|return|if|else|for|while|do|switch|case|break|continue|new|typeof|in|of|try|catch|throw|true|false|null|undefined)\\b)",
  ].join("|"),
  "g",
);

export function tokens(code: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  for (const match of code.matchAll(PATTERN)) {
    if (match.index > at) found.push({ kind: "plain", text: code.slice(at, match.index) });
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined);
    found.push({ kind: (kind?.[0] ?? "plain") as TokenKind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < code.length) found.push({ kind: "plain", text: code.slice(at) });
  return found;
}
