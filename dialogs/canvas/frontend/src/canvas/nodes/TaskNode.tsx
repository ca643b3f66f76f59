import type { NodeProps } from "@xyflow/react";
import { AlertTriangle, ChevronDown, ChevronRight, Hourglass } from "lucide-react";
import { memo } from "react";
import { lookOf, plural } from "../../graph/kinds";
import { isContainer } from "../../graph/scene";
import { inlay, outline } from "../../graph/shapes";
import type { FlowNode, NodeData } from "../flow";
import { Ends } from "./Ends";

type Props = NodeProps<Extract<FlowNode, { type?: "task" }>>;

export const TaskNode = memo(function TaskNode({ data, selected }: Props) {
  const { node, open, width, height } = data;
  const flags = [
    selected && "dc-selected",
    data.order && "dc-lit",
    data.failed && "dc-failed",
    data.waiting && "dc-waiting",
    data.found && "dc-found",
    data.dropped && "dc-drop",
    data.others && "dc-others",
  ];
  return (
    <div
      className={["dc-node", `dc-k-${node.kind}`, open && "dc-open", ...flags]
        .filter(Boolean)
        .join(" ")}
    >
      {!open && (
        <svg className="dc-shape" width={width} height={height} aria-hidden="true">
          <path className="dc-outline" d={outline(node.kind, width, height)} />
          <path className="dc-inlay" d={inlay(node.kind, width, height)} />
        </svg>
      )}
      <NodeFace data={data} />
      <NodeBadges data={data} />
      <Ends connectable={data.editable} />
    </div>
  );
});

function NodeFace({ data }: { data: NodeData }) {
  const { node, fact, open } = data;
  const { icon: Icon, label } = lookOf(node.kind);
  return (
    <div className="dc-face">
      <span className="dc-kind" title={label}>
        <Icon size={17} aria-hidden="true" />
      </span>
      <span className="dc-words">
        <span className="dc-node-title" title={node.title}>
          {node.title}
        </span>
        {fact && (
          <span className="dc-fact" title={fact}>
            {fact}
          </span>
        )}
      </span>
      {isContainer(node) && (
        <button
          type="button"
          className="dc-toggle nodrag nopan"
          aria-expanded={open}
          aria-label={`${open ? "Close" : "Open"} ${node.title}`}
          onClick={(event) => {
            event.stopPropagation();
            data.toggle(node.id);
          }}
          onKeyDown={(event) => event.stopPropagation()}
        >
          {open ? <ChevronDown size={16} /> : <ChevronRight size={16} />}
        </button>
      )}
    </div>
  );
}

function NodeBadges({ data }: { data: NodeData }) {
  return (
    <>
      {data.start && <span className="dc-badge dc-badge-start">Start</span>}
      {data.order && <span className="dc-badge dc-badge-order">{data.order}</span>}
      {data.waiting && (
        <span className="dc-badge dc-badge-waiting">
          <Hourglass size={11} aria-hidden="true" /> waits
        </span>
      )}
      {data.others && (
        <span className="dc-badge dc-badge-others" title={`${data.others} is at this node`}>
          {data.others}
        </span>
      )}
      {data.problems > 0 && (
        <span className="dc-badge dc-badge-problem" title={plural(data.problems, "problem")}>
          <AlertTriangle size={12} aria-hidden="true" />
        </span>
      )}
    </>
  );
}
