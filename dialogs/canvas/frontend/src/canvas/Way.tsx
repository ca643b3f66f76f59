import { EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { arrowHead, roundedPath } from "../graph/lines";
import type { FlowEdge } from "./flow";

/** A transition, along the way the layout kept free for it. */
export const Way = memo(function Way({ data }: EdgeProps<FlowEdge>) {
  if (!data) return null;
  const { points, labelBox, lit, fallback } = data;
  const look = `${lit ? " dc-lit" : ""}${fallback ? " dc-fallback" : ""}`;
  return (
    <>
      <path d={roundedPath(points)} className={`react-flow__edge-path dc-way${look}`} />
      <path d={arrowHead(points)} className={`dc-arrow${look}`} />
      {labelBox && (
        <EdgeLabelRenderer>
          <div
            className={`dc-way-label nopan${look}`}
            title={data.label}
            style={{
              transform: `translate(${labelBox.x}px, ${labelBox.y}px)`,
              width: labelBox.width,
              height: labelBox.height,
            }}
          >
            <span>{data.label}</span>
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
