import type { NodeProps } from "@xyflow/react";
import { CircleStop, Unplug } from "lucide-react";
import { memo } from "react";
import type { FlowNode, MarkerData } from "../flow";
import { Ends } from "./Ends";

type Props = NodeProps<Extract<FlowNode, { type?: "marker" }>>;

/** Where paths begin and end; nothing in itself. */
export const MarkerNode = memo(function MarkerNode({ data }: Props) {
  return (
    <>
      <Face kind={data.kind} />
      <Ends />
    </>
  );
});

function Face({ kind }: MarkerData) {
  switch (kind) {
    case "end":
      return (
        <div className="dc-marker dc-marker-end">
          <CircleStop size={14} aria-hidden="true" /> End of Dialog
        </div>
      );
    case "nowhere":
      return (
        <div className="dc-marker dc-marker-nowhere">
          <Unplug size={14} aria-hidden="true" /> Not connected
        </div>
      );
    case "action_start":
      return <div className="dc-dot" title="Start of the bot action" />;
    default:
      return <div className="dc-dot dc-dot-end" title="End of the bot action" />;
  }
}
