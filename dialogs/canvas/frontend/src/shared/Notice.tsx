import { AlertTriangle, CheckCircle2 } from "lucide-react";
import type { ReactNode } from "react";
import { Failure } from "../wire/http";

interface Props {
  tone?: "bad" | "good";
  children: ReactNode;
  action?: ReactNode;
}

/** Something that happened, in words, and what can be done about it. */
export function Notice({ tone = "bad", children, action }: Props) {
  const Icon = tone === "bad" ? AlertTriangle : CheckCircle2;
  return (
    <div className={`dc-notice dc-notice-${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <Icon size={16} aria-hidden="true" />
      <div>{children}</div>
      {action}
    </div>
  );
}

export function wordsOf(failure: unknown): string {
  if (failure instanceof Failure) return failure.message;
  return `This page made a mistake: ${failure instanceof Error ? failure.message : failure}.`;
}

/** Only the page itself can lead back to where one signs in and returns. */
export function SignInAgain({ failure }: { failure: unknown }) {
  if (!(failure instanceof Failure) || failure.status !== 403) return null;
  return (
    <a className="dc-button" href={window.location.href}>
      Sign in again
    </a>
  );
}
