/** What the API sends and takes (docs/guide/api/conversations.md). */

export interface Choice {
  title: string;
  value: string;
}

export interface Button {
  title: string;
  value?: string | null;
  url?: string | null;
}

/** A page that is this person's alone; without an address it cannot be used any more. */
export interface Page {
  url: string | null;
  expires_at: string;
}

export interface Authorization extends Page {
  provider: string;
  /** Whether the page shows a code that is to be sent as the next message. */
  code_needed?: boolean;
}

export interface FormPage extends Page {
  title: string;
}

export interface Reply {
  text: string;
  quick_replies?: Choice[];
  buttons?: Button[];
  authorization_required?: Authorization | null;
  form?: FormPage | null;
  /** The person at the agent desk who wrote this. */
  agent?: { name: string } | null;
}

export interface FileRef {
  id: string;
  name: string;
}

/** What was said and answered; the numbers go up, and not every one is there. */
export interface Turn {
  number: number;
  text: string;
  client_message_id: string | null;
  replies: Reply[];
}

/** "waiting" is for an authorization, "awaiting" for something else from outside. */
export type Status = "open" | "waiting" | "awaiting" | "ended";

export interface Conversation {
  id: string;
  status: Status;
  /** Goes up with everything that happens in it. */
  last_number: number;
}

/** What became of a message. */
export interface Message {
  state: "working" | "answered" | "refused";
  conversation: string;
  conversation_status: Status;
  client_message_id: string | null;
  number: number | null;
  replies: Reply[];
  error: { code: string; detail: string } | null;
}
