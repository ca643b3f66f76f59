import { lookOf } from "../../graph/kinds";
import type { GraphModel, GraphNode } from "../../graph/model";
import { CloseButton, Side } from "../Side";
import { Properties } from "./Properties";
import { Request } from "./Request";
import { Section } from "./Section";
import { NodeLink, Ways } from "./Ways";

interface Props {
  model: GraphModel;
  node: GraphNode;
  onShow: (id: string) => void;
  onClose: () => void;
}

/** Everything an author said about one node. */
export function NodePanel({ model, node, onShow, onClose }: Props) {
  const { icon: Icon, label } = lookOf(node.kind);
  const problems = model.problems.filter((problem) => problem.id === node.id);
  const parent = node.parent ? model.nodes.get(node.parent) : undefined;
  return (
    <Side
      name="properties"
      label={`${label} ${node.title}`}
      className={`dc-side-node dc-k-${node.kind}`}
      usual={360}
    >
      <header>
        <span className="dc-kind">
          <Icon size={17} aria-hidden="true" />
        </span>
        <div>
          <h2>{node.title}</h2>
          <p>
            {label}
            <code>{node.name}</code>
          </p>
        </div>
        <CloseButton onClick={onClose} />
      </header>
      <div className="dc-side-body">
        {problems.map(({ message }) => (
          <p className="dc-node-problem" key={message}>
            {message}
          </p>
        ))}
        {parent && (
          <Section title="Part of">
            <NodeLink node={parent} onShow={onShow} />
          </Section>
        )}
        {node.kind === "service" && <Request model={model} node={node} />}
        <Properties node={node} />
        {node.children.length > 0 && (
          <Section title="Steps inside">
            {node.children.map((id) => (
              <NodeLink key={id} node={model.nodes.get(id)} onShow={onShow} />
            ))}
          </Section>
        )}
        <Ways model={model} node={node} onShow={onShow} />
      </div>
    </Side>
  );
}
