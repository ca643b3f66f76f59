/** What each kind of node is called, looks like, and says about itself in one line. */
import {
  AppWindow,
  Box,
  Braces,
  CircleHelp,
  Globe,
  Headset,
  ListChecks,
  type LucideIcon,
  MessageSquareText,
  Package,
  Split,
  Target,
  TextCursorInput,
  Webhook,
  Workflow,
} from "lucide-react";
import type { Json, Kind, KindGroup } from "../wire/canvas";
import { type GraphModel, type GraphNode, operationOf } from "./model";

interface Look {
  label: string;
  icon: LucideIcon;
  group: KindGroup;
}

const KIND: Record<string, Look> = {
  intent: { label: "Intent", icon: Target, group: "ask" },
  message: { label: "Message", icon: MessageSquareText, group: "inform" },
  entity: { label: "Entity", icon: TextCursorInput, group: "ask" },
  confirmation: { label: "Confirmation", icon: CircleHelp, group: "ask" },
  form: { label: "Form", icon: AppWindow, group: "ask" },
  required_fields: { label: "Required fields", icon: ListChecks, group: "ask" },
  service: { label: "Service", icon: Globe, group: "action" },
  script: { label: "Script", icon: Braces, group: "action" },
  logic: { label: "Logic", icon: Split, group: "action" },
  bot_action: { label: "Bot action", icon: Package, group: "action" },
  dialog: { label: "Dialog", icon: Workflow, group: "action" },
  webhook: { label: "Webhook", icon: Webhook, group: "action" },
  agent_transfer: { label: "Agent transfer", icon: Headset, group: "action" },
};

/** A kind this page does not know yet is shown under its own name. */
export function lookOf(kind: Kind): Look {
  return KIND[kind] ?? { label: sentence(kind), icon: Box, group: "action" };
}

/** The order of the palette; what is not known here comes last. */
export function rankOf(kind: Kind): number {
  const at = Object.keys(KIND).indexOf(kind);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}

function sentence(kind: string): string {
  const words = kind.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

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
    case "dialog":
      return text(properties.task) || text(properties.dialog);
    case "webhook":
      return text(properties.url) || text(properties.event);
    case "form":
      return Array.isArray(properties.fields) ? plural(properties.fields.length, "field") : "";
    default:
      return quoted(first(properties.texts ?? properties.message));
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
  if (!one || typeof one !== "object" || Array.isArray(one)) return text(one);
  if (typeof one.text === "string") return one.text;
  // By language: the first one stands for all.
  return first(Object.values(one)[0]);
}

function quoted(value: string): string {
  return value ? `“${value}”` : "";
}

function firstLine(code: string): string {
  const lines = code.split("\n").map((line) => line.trim());
  return lines.find((line) => line && !line.startsWith("//")) ?? "";
}
