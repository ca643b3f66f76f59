/** What each kind of node is called, looks like, and says about itself in one line. */
import {
  Braces,
  CircleHelp,
  Globe,
  type LucideIcon,
  MessageSquareText,
  Package,
  Split,
  Target,
  TextCursorInput,
} from "lucide-react";
import type { Json, Kind } from "../wire/canvas";
import { type GraphModel, type GraphNode, operationOf } from "./model";

export const KIND: Record<Kind, { label: string; icon: LucideIcon }> = {
  intent: { label: "Intent", icon: Target },
  entity: { label: "Entity", icon: TextCursorInput },
  confirmation: { label: "Confirmation", icon: CircleHelp },
  message: { label: "Message", icon: MessageSquareText },
  service: { label: "Service", icon: Globe },
  script: { label: "Script", icon: Braces },
  logic: { label: "Logic", icon: Split },
  bot_action: { label: "Bot action", icon: Package },
};

/** The one fact that tells two nodes of a kind apart at a glance. */
export function factOf(node: GraphNode, model: GraphModel): string {
  const { properties } = node;
  switch (node.kind) {
    case "intent":
      return quoted(first(properties.utterances));
    case "entity":
      return [text(properties.type), text(properties.requirement)].filter(Boolean).join(" · ");
    case "service": {
      const operation = operationOf(model, node);
      return operation ? `${operation.method} ${operation.path}` : text(properties.operation);
    }
    case "message":
      return quoted(first(properties.texts)) || (properties.script ? "said by a script" : "");
    case "confirmation":
      return quoted(first(properties.prompts));
    case "script":
      return firstLine(text(properties.code));
    case "logic":
      return Array.isArray(properties.assignments)
        ? plural(properties.assignments.length, "assignment")
        : "";
    case "bot_action":
      return plural(node.children.length, "step");
  }
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function text(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function first(value: Json | undefined): string {
  const one = Array.isArray(value) ? value[0] : value;
  if (one && typeof one === "object" && !Array.isArray(one)) return text(one.text);
  return text(one);
}

function quoted(value: string): string {
  return value ? `“${value}”` : "";
}

function firstLine(code: string): string {
  const lines = code.split("\n").map((line) => line.trim());
  return lines.find((line) => line && !line.startsWith("//")) ?? "";
}
