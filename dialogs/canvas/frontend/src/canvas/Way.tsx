import { EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo, useState } from "react";
import type { WayEnd } from "../edit/connect";
import type { Point } from "../graph/layout";
import { arrowHead, grips, roundedPath } from "../graph/lines";
import type { FlowEdge } from "./flow";
import { Reattach } from "./Reattach";

/** A transition, along the way the layout kept free for it. */
export const Way = memo(function Way({ id, data }: EdgeProps<FlowEdge>) {
  const [taken, setTaken] = useState<WayEnd | null>(null);
  if (!data) return null;
  const { points, labelBox, lit, fallback, chosen, dropped } = data;
  const look = [lit && " dc-lit", fallback && " dc-fallback", (chosen || dropped) && " dc-chosen"]
    .filter(Boolean)
    .join("");
  const path = roundedPath(points);
  return (
    <>
      <path d={path} className={`react-flow__edge-path dc-way${look}`} />
      <path d={path} className="dc-way-reach" />
      <path d={arrowHead(points)} className={`dc-arrow${look}`} />
      {data.authored && <Grips points={points} onTake={setTaken} />}
      {taken && (
        <Reattach
          way={id}
          end={taken}
          from={(taken === "target" ? points[0] : points.at(-1)) as Point}
          onDone={() => setTaken(null)}
        />
      )}
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

/** Where a line is taken hold of to lead it elsewhere; seen when one points at the line or has chosen it. */
function Grips({ points, onTake }: { points: readonly Point[]; onTake: (end: WayEnd) => void }) {
  const places = grips(points);
  if (!places) return null;
  return (["source", "target"] as const).map((end) => (
    <circle
      key={end}
      className="dc-grip nopan"
      data-end={end}
      cx={places[end].x}
      cy={places[end].y}
      r={6}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        event.preventDefault();
        onTake(end);
      }}
    />
  ));
}
