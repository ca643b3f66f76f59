/**
 * What the widget says by itself. In other languages the server has it (dialogs/widget/words), and a
 * page may set `element.words`.
 */
export const ENGLISH = {
  /** By which times are written; empty is the browser's own. */
  locale: "",
  title: "Chat",
  open: "Open chat",
  close: "Close chat",
  restart: "New conversation",
  conversation: "Conversation",
  message: "Message",
  placeholder: "Type a message",
  send: "Send",
  attach: "Attach a file",
  remove: "Remove {name}",
  you: "You",
  bot: "Assistant",
  agent: "Agent",
  typing: "The assistant is typing",
  choices: "Answers to choose from",
  authorize: "Authorize {provider}",
  until: "The link works until {time}.",
  linkGone: "The link can be used no more.",
  newLink: "Send me a new link",
  codeHint: "The page shows a code at the end. Send that code here.",
  form: "Fill in the form",
  newTabHint: "It opens in a new tab.",
  goesOn: "The chat goes on by itself once you are done.",
  newTab: "opens in a new tab",
  loading: "Loading the conversation",
  ended: "This conversation has ended. Write to begin another one.",
  offline: "There is no connection. The message was not delivered yet.",
  noConnection: "There is no connection to the chat. Nothing is lost.",
  signedOut: "The chat does not know you any more. Sign in to this page again, or reload it.",
  busy: "That was a lot at once. Wait a moment.",
  failed: "The chat cannot answer at the moment. Your message was not lost.",
  slow: "This takes longer than usual. The answer comes here when it is there.",
  again: "Try again",
  drop: "Remove",
  tooBig: "{name} is larger than 10 MB, so it was not attached.",
  notUploaded: "{name} could not be sent, so it was not attached.",
  tooLong: "This message is too long.",
  uploading: "Sending {name}",
  notSetUp: "The chat is not set up: {reason}",
};

/** Milliseconds after which the chat is shown in English rather than not at all. */
const PATIENCE = 3000;

export type Words = typeof ENGLISH;

/** Another language's words from the server; none for English, and where they cannot be had. */
export async function wordsOf(server: string, language: string): Promise<Partial<Words>> {
  const tag = /^[a-z]{2,3}(?![a-z])/i.exec(language)?.[0].toLowerCase() ?? "en";
  if (tag === "en") return {};
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(`${server}/widget/v1/words/${tag}.json`, { signal });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

/** "Remove {name}" with its parts filled in. */
export function fill(text: string, parts: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole);
}
