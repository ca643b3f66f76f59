import { Plus } from "lucide-react";
import { usualCondition } from "../../edit/connect";
import type { Condition, Json } from "../../wire/canvas";
import { useEditor } from "../editor";
import { ConditionForm } from "./ConditionForm";

interface Props {
  label: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

/** A condition as a part of a row; none means always. */
export function ConditionCell({ label, value, onChange }: Props) {
  const { doc, selection } = useEditor();
  const node = doc.nodes.get(selection.selected ?? "");
  if (!node) return null;
  const given = value && typeof value === "object" && "criteria" in value ? value : null;
  const set = (condition: Condition) => onChange(condition as unknown as Json);
  if (!given) {
    return (
      <button
        type="button"
        className="dc-add"
        aria-label={label}
        onClick={() => set(usualCondition(node))}
      >
        <Plus size={13} aria-hidden="true" /> Add condition
      </button>
    );
  }
  return (
    <div>
      <ConditionForm node={node} condition={given as unknown as Condition} onChange={set} />
      <button type="button" className="dc-add" onClick={() => onChange(undefined)}>
        Always
      </button>
    </div>
  );
}
