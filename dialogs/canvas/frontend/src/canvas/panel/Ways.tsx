import { ArrowRight, CircleStop, Unplug } from "lucide-react";
import { lookOf } from "../../graph/kinds";
import type { GraphModel, GraphNode, GraphTransition } from "../../graph/model";
import { Section } from "./Section";

interface Props {
  model: GraphModel;
  node: GraphNode;
  onShow: (id: string) => void;
}

/** Transitions out in the order they are tried, then those that lead here. */
export function Ways({ model, node, onShow }: Props) {
  const out = model.outgoing.get(node.id) ?? [];
  const back = model.incoming.get(node.id) ?? [];
  return (
    <>
      <Section title="Goes on to">
        {out.map((way) => (
          <div className="dc-way-line" key={way.id}>
            <span className="dc-way-words">{way.label || "always"}</span>
            <ArrowRight size={14} aria-label="to" />
            <Destination model={model} way={way} onShow={onShow} />
          </div>
        ))}
        {out.length === 0 && <p className="dc-empty">{whenNothing(node)}</p>}
      </Section>
      {back.length > 0 && (
        <Section title="Comes from">
          {back.map((way) => (
            <div className="dc-way-line" key={way.id}>
              <NodeLink node={model.nodes.get(way.source)} onShow={onShow} />
              <span className="dc-way-words">{way.label}</span>
            </div>
          ))}
        </Section>
      )}
    </>
  );
}

function whenNothing(node: GraphNode): string {
  return node.parent
    ? "The end of the bot action it is part of."
    : "Nothing is connected after it.";
}

function Destination({ model, way, onShow }: { way: GraphTransition } & Omit<Props, "node">) {
  switch (way.target.to) {
    case "node":
      return <NodeLink node={model.nodes.get(way.target.node)} onShow={onShow} />;
    case "end":
      return (
        <span className="dc-destination">
          <CircleStop size={14} aria-hidden="true" /> End of Dialog
        </span>
      );
    case "end_of_action":
      return (
        <span className="dc-destination">
          <CircleStop size={14} aria-hidden="true" /> End of Bot Action
        </span>
      );
    case "nowhere":
      return (
        <span className="dc-destination dc-bad">
          <Unplug size={14} aria-hidden="true" /> Not connected
        </span>
      );
  }
}

interface LinkProps {
  node: GraphNode | undefined;
  onShow: (id: string) => void;
}

export function NodeLink({ node, onShow }: LinkProps) {
  if (!node) return null;
  const Icon = lookOf(node.kind).icon;
  return (
    <button
      type="button"
      className={`dc-node-link dc-k-${node.kind}`}
      onClick={() => onShow(node.id)}
    >
      <span className="dc-kind">
        <Icon size={13} aria-hidden="true" />
      </span>
      {node.title}
    </button>
  );
}
