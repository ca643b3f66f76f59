import { Plus, X } from "lucide-react";
import { useId } from "react";
import { usualCondition } from "../../edit/connect";
import type { DocNode } from "../../edit/document";
import type { Condition, Criterion, Json } from "../../wire/canvas";
import { useEditor } from "../editor";
import { guess, shown } from "./Table";
import { useVariables } from "./useVariables";

/** Most groups inside each other that the form offers. */
const DEEPEST = 4;

interface Props {
  node: DocNode;
  condition: Condition;
  onChange: (condition: Condition) => void;
  depth?: number;
}

/** Comparisons of which all, or any one, must hold; a group can stand for one of them. */
export function ConditionForm({ node, condition, onChange, depth = 1 }: Props) {
  const { criteria, match = "all" } = condition;
  const set = (next: Condition["criteria"]) => onChange({ match, criteria: next });
  const replace = (at: number, one: Criterion | Condition) =>
    set(criteria.map((old, index) => (index === at ? one : old)));
  const fresh = usualCondition(node).criteria[0] as Criterion;
  return (
    <div className="dc-condition">
      {criteria.length > 1 && (
        <select
          className="dc-input dc-match"
          aria-label="How many must hold"
          value={match}
          onChange={(event) => onChange({ match: event.target.value as "all" | "any", criteria })}
        >
          <option value="all">all of these hold</option>
          <option value="any">any of these holds</option>
        </select>
      )}
      {criteria.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: comparisons have no name but their place
        <div className="dc-criterion" key={at}>
          {"criteria" in one ? (
            <ConditionForm
              node={node}
              condition={one}
              depth={depth + 1}
              onChange={(group) => replace(at, group)}
            />
          ) : (
            <CriterionForm criterion={one} onChange={(next) => replace(at, next)} />
          )}
          {criteria.length > 1 && (
            <button
              type="button"
              className="dc-remove"
              aria-label={`Remove comparison ${at + 1}`}
              onClick={() => set(criteria.filter((_, index) => index !== at))}
            >
              <X size={14} aria-hidden="true" />
            </button>
          )}
        </div>
      ))}
      <span className="dc-add-row">
        <button type="button" className="dc-add" onClick={() => set([...criteria, fresh])}>
          <Plus size={13} aria-hidden="true" /> and / or
        </button>
        {depth < DEEPEST && (
          <button
            type="button"
            className="dc-add"
            onClick={() =>
              set([
                ...criteria,
                { match: match === "all" ? "any" : "all", criteria: [fresh, fresh] },
              ])
            }
          >
            <Plus size={13} aria-hidden="true" /> group
          </button>
        )}
      </span>
    </div>
  );
}

const SUBJECTS: [string, string][] = [
  ["entity", "entity"],
  ["context", "context"],
  ["confirmation", "answer to"],
  ["intent", "intent"],
];
const OPERATORS: [string, string][] = [
  ["exists", "is known"],
  ["not_exists", "is not known"],
  ["equals", "is"],
  ["not_equals", "is not"],
  ["contains", "contains"],
  ["gt", "is more than"],
  ["gte", "is at least"],
  ["lt", "is less than"],
  ["lte", "is at most"],
];

interface CriterionProps {
  criterion: Criterion;
  onChange: (criterion: Criterion) => void;
}

function CriterionForm({ criterion, onChange }: CriterionProps) {
  const { subject, key = "", operator, value } = criterion;
  const unary = operator === "exists" || operator === "not_exists";
  const change = (part: Partial<Criterion>) => {
    const next = { ...criterion, ...part };
    if (next.operator === "exists" || next.operator === "not_exists") delete next.value;
    else if (next.value === undefined) next.value = "";
    onChange(next);
  };
  const turn = (to: string) => {
    if (to === "confirmation") change({ subject: to, key: "", operator: "equals", value: "yes" });
    else change({ subject: to, key: "" });
  };
  return (
    <div className="dc-criterion-fields">
      <select
        className="dc-input"
        aria-label="Subject"
        value={subject}
        onChange={(event) => turn(event.target.value)}
      >
        {SUBJECTS.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
      {subject !== "intent" && (
        <KeyField subject={subject} value={key} onChange={(next) => change({ key: next })} />
      )}
      <select
        className="dc-input"
        aria-label="Operator"
        value={operator}
        onChange={(event) => change({ operator: event.target.value })}
      >
        {OPERATORS.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
      {!unary && (
        <ValueField
          criterion={criterion}
          value={value}
          onChange={(next) => change({ value: next })}
        />
      )}
    </div>
  );
}

interface KeyProps {
  subject: string;
  value: string;
  onChange: (key: string) => void;
}

/** With completion of what there is: entities, confirmations, or anything in the context. */
function KeyField({ subject, value, onChange }: KeyProps) {
  const list = useId();
  const options = useKeys(subject);
  return (
    <>
      <input
        className="dc-input dc-mono"
        aria-label="Key"
        list={list}
        value={value}
        placeholder={subject === "context" ? "createIssue.response.statusCode" : "name"}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <datalist id={list}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </>
  );
}

function useKeys(subject: string): string[] {
  const { doc } = useEditor();
  const variables = useVariables();
  if (subject === "context") return variables.map(({ path }) => path.replace(/^context\./, ""));
  const nodes = [...doc.nodes.values()].filter((node) => node.kind === subject);
  return nodes.map((node) => node.name);
}

interface ValueProps {
  criterion: Criterion;
  value: Json | undefined;
  onChange: (value: Json) => void;
}

const FROM = "context.";

/** A fixed value, or what stands elsewhere in the context, written as "context.…". */
function ValueField({ criterion, value, onChange }: ValueProps) {
  const list = useId();
  const variables = useVariables();
  const fixed = useFixed(criterion);
  const from = value && typeof value === "object" && !Array.isArray(value) ? value.from : undefined;
  const text = typeof from === "string" ? `${FROM}${from.replace(/^context\./, "")}` : shown(value);
  const read = (typed: string): Json => {
    if (typed.startsWith(FROM) && typed.length > FROM.length) return { from: typed };
    return guess(typed) ?? "";
  };
  return (
    <>
      <input
        className="dc-input"
        aria-label="Value"
        list={list}
        value={text}
        placeholder="value, or context.…"
        onChange={(event) => onChange(read(event.target.value))}
      />
      <datalist id={list}>
        {[...fixed, ...variables.map(({ path }) => path)].map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </>
  );
}

/** What the subject can be, where that is known: yes and no, a list's choices, how a call ended. */
function useFixed({ subject, key = "" }: Criterion): string[] {
  const { doc, data } = useEditor();
  if (subject === "confirmation") return ["yes", "no"];
  if (subject === "intent") return (data.tasks ?? []).map(({ name }) => name);
  if (key.endsWith(".response.outcome")) {
    return ["answered", "unreachable", "timed_out", "unknown", "authorization_required", "refused"];
  }
  const choices = subject === "entity" ? doc.nodes.get(key)?.properties.choices : undefined;
  if (!Array.isArray(choices)) return [];
  return choices.map((one) =>
    one && typeof one === "object" && !Array.isArray(one) ? String(one.value) : String(one),
  );
}
