/** Conditions as a person would say them: "is summary", "status of getIssue is 404". */
import type { Condition, Criterion, Json } from "../wire/canvas";

const VERBS: Record<string, string> = {
  exists: "is known",
  not_exists: "is not known",
  equals: "is",
  not_equals: "is not",
  gt: "is more than",
  gte: "is at least",
  lt: "is less than",
  lte: "is at most",
  contains: "contains",
};

const OUTCOMES: Record<string, string> = {
  answered: "answered",
  unreachable: "unreachable",
  timed_out: "timed out",
  unknown: "answer lost",
  authorization_required: "not authorized",
  refused: "not sent",
};

/** What a node is called, by its name; undefined for what is no node. */
export type Titles = (name: string) => string | undefined;

/** `source` is the node the transition leaves: its own value needs no naming. */
export function conditionWords(condition: Condition, source?: string, titles?: Titles): string {
  const joint = condition.match === "any" ? " or " : " and ";
  const parts = condition.criteria.map((one) =>
    "criteria" in one
      ? inBrackets(one, conditionWords(one, source, titles))
      : criterionWords(one, source, titles),
  );
  return parts.join(joint);
}

/** A group of one needs none. */
function inBrackets({ criteria }: Condition, words: string): string {
  return criteria.length > 1 ? `(${words})` : words;
}

function criterionWords(criterion: Criterion, source?: string, titles?: Titles): string {
  const key = criterion.key ?? "";
  if (criterion.subject === "confirmation" && criterion.operator === "equals") {
    const answer = yesNo(criterion.value);
    return key === "" || key === source ? answer : `${called(key, titles)} is ${answer}`;
  }
  if (criterion.subject === "intent" && criterion.operator === "equals") {
    return `asks for ${called(valueWords(criterion.value), titles)}`;
  }
  const said = predicate(criterion);
  const response = key.match(/^(?:context\.)?([^.]+)\.response\.(statusCode|outcome)$/);
  if (response) return responseWords(criterion, response, said, source, titles);
  if (key === source && criterion.subject !== "context") return said;
  return `${subjectWords(key, titles)} ${said}`;
}

/** "answered" and "status is 204" of the node itself; others are named. */
function responseWords(
  criterion: Criterion,
  [, node = "", part]: RegExpMatchArray,
  said: string,
  source?: string,
  titles?: Titles,
): string {
  const own = node === source;
  if (part === "statusCode")
    return own ? `status ${said}` : `status of ${called(node, titles)} ${said}`;
  const outcome = OUTCOMES[String(criterion.value)];
  if (own && outcome && criterion.operator === "equals") return outcome;
  return own ? `outcome ${said}` : `${called(node, titles)} ${said}`;
}

function predicate({ operator, value }: Criterion): string {
  const verb = VERBS[operator] ?? operator;
  if (!needsValue(operator)) return verb;
  const known = typeof value === "string" ? OUTCOMES[value] : undefined;
  return `${verb} ${known ?? valueWords(value)}`;
}

function called(name: string, titles?: Titles): string {
  return titles?.(name) ?? name;
}

function needsValue(operator: string): boolean {
  return operator !== "exists" && operator !== "not_exists";
}

function yesNo(value: Json | undefined): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  return valueWords(value);
}

function subjectWords(key: string, titles?: Titles): string {
  const path = key.replace(/^context\./, "").replace(/^entities\./, "");
  return called(path, titles);
}

function valueWords(value: Json | undefined): string {
  if (value === undefined || value === null || value === "") return "nothing";
  if (Array.isArray(value)) return value.map(valueWords).join(", ");
  if (typeof value === "object") {
    return typeof value.from === "string" ? subjectWords(value.from) : JSON.stringify(value);
  }
  return String(value);
}
