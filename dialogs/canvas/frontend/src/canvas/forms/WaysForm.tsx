import { Plus } from "lucide-react";
import { useEffect, useRef } from "react";
import {
  beforeElse,
  changeWay,
  moveWay,
  reattach,
  reattachTrouble,
  removeWay,
  setWays,
  usualCondition,
} from "../../edit/connect";
import { type DocNode, type DocWay, readWayId, wayId, waysOf } from "../../edit/document";
import { END, END_OF_ACTION } from "../../wire/canvas";
import { useEditor } from "../editor";
import { Section } from "../panel/Section";
import { NodeLink } from "../panel/Ways";
import { ConditionForm } from "./ConditionForm";
import { RowButtons } from "./Texts";

/** Where a node goes on to: *if, else if, else*, in the order in which they are tried. */
export function WaysForm({ node }: { node: DocNode }) {
  const { doc, model, edit, selection } = useEditor();
  const ways = waysOf(doc, node.name);
  const chosen = selection.way ? readWayId(selection.way)?.index : undefined;
  const incoming = (model.incoming.get(node.name) ?? []).filter((way) => !way.fallback);
  const add = (condition: DocWay["condition"]) => {
    const way = { target: null, condition, label: "" };
    const next = condition ? beforeElse(ways, way) : [...ways, way];
    edit("Add connection", [setWays(node.name, next)]);
  };
  return (
    <>
      <Section title="Goes on to">
        {ways.length === 0 && (
          <p className="dc-empty">
            {node.parent
              ? "The end of the bot action it is part of."
              : "Nothing is connected after it."}
          </p>
        )}
        {ways.map((way, at) => (
          <WayRow
            // biome-ignore lint/suspicious/noArrayIndexKey: ways have no name but their place
            key={at}
            node={node}
            way={way}
            at={at}
            ways={ways}
            chosen={chosen === at}
          />
        ))}
        <span className="dc-add-row">
          <button type="button" className="dc-add" onClick={() => add(usualCondition(node))}>
            <Plus size={14} aria-hidden="true" /> Add condition
          </button>
          {!ways.some((way) => !way.condition) && (
            <button type="button" className="dc-add" onClick={() => add(null)}>
              <Plus size={14} aria-hidden="true" /> {ways.length ? "Add else" : "Connect"}
            </button>
          )}
        </span>
      </Section>
      {incoming.length > 0 && (
        <Section title="Comes from">
          {incoming.map((way) => (
            <div className="dc-way-line" key={way.id}>
              <NodeLink node={model.nodes.get(way.source)} onShow={selection.show} />
              <span className="dc-way-words">{way.label}</span>
            </div>
          ))}
        </Section>
      )}
    </>
  );
}

interface RowProps {
  node: DocNode;
  way: DocWay;
  at: number;
  ways: readonly DocWay[];
  chosen: boolean;
}

function WayRow({ node, way, at, ways, chosen }: RowProps) {
  const { doc, edit } = useEditor();
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const change = (part: Partial<DocWay>, gesture?: string) =>
    edit("Change connection", changeWay(doc, node.name, at, part), gesture);
  return (
    <div className={`dc-way-row ${chosen ? "dc-chosen" : ""}`} ref={row}>
      <div className="dc-way-head">
        <strong>{wordOf(way, at, ways)}</strong>
        <RowButtons
          what={`connection ${at + 1}`}
          at={at}
          count={ways.length}
          onMove={(to) => edit("Reorder connections", moveWay(doc, node.name, at, to))}
          onRemove={() => edit("Delete connection", removeWay(doc, node.name, at))}
        />
      </div>
      {way.condition && (
        <ConditionForm
          node={node}
          condition={way.condition}
          onChange={(condition) => change({ condition }, `${node.name} condition ${at}`)}
        />
      )}
      <div className="dc-inline">
        <span>goes on to</span>
        <TargetPicker
          node={node}
          target={way.target}
          onChange={(target) => change({ target })}
          label={`Connection ${at + 1} goes on to`}
        />
      </div>
      <div className="dc-inline">
        <span>begins at</span>
        <SourcePicker node={node} at={at} />
      </div>
      <label className="dc-inline">
        <span>label</span>
        <input
          className="dc-input"
          value={way.label}
          maxLength={200}
          placeholder="as the condition reads"
          onChange={(event) => change({ label: event.target.value }, `${node.name} label ${at}`)}
        />
      </label>
    </div>
  );
}

function wordOf({ condition }: DocWay, at: number, ways: readonly DocWay[]): string {
  if (condition) return at === 0 ? "If" : "Else if";
  return ways.length === 1 ? "Always" : "Else";
}

/** Takes the line to another node, as dragging its beginning does. */
function SourcePicker({ node, at }: { node: DocNode; at: number }) {
  const { doc, edit, selection } = useEditor();
  const id = wayId(node.name, at);
  const others = [...doc.nodes.values()].filter(
    (one) => one.name === node.name || !reattachTrouble(doc, id, "source", one.name),
  );
  const take = (name: string) => {
    edit("Re-attach connection", reattach(doc, id, "source", name));
    selection.show(name);
  };
  return (
    <select
      className="dc-input"
      aria-label={`Connection ${at + 1} begins at`}
      value={node.name}
      onChange={(event) => take(event.target.value)}
    >
      {others.map((one) => (
        <option key={one.name} value={one.name}>
          {one.title || one.name}
        </option>
      ))}
    </select>
  );
}

interface TargetProps {
  node: DocNode;
  target: string | null;
  label: string;
  onChange: (target: string | null) => void;
}

function TargetPicker({ node, target, label, onChange }: TargetProps) {
  const { doc } = useEditor();
  const ending = node.parent ? END_OF_ACTION : END;
  const beside = [...doc.nodes.values()].filter((one) => one.parent === node.parent);
  const known = target === null || target === ending || beside.some((one) => one.name === target);
  return (
    <select
      className="dc-input"
      aria-label={label}
      value={target ?? ""}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">Not connected</option>
      <option value={ending}>{node.parent ? "End of bot action" : "End of dialog"}</option>
      {!known && target && <option value={target}>{target} (cannot be reached)</option>}
      {beside.map((one) => (
        <option key={one.name} value={one.name}>
          {one.title || one.name}
          {one.name === node.name ? " (itself)" : ""}
        </option>
      ))}
    </select>
  );
}
