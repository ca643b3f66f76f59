import { Panel, useReactFlow, useStore } from "@xyflow/react";
import {
  ChevronsDownUp,
  ChevronsUpDown,
  type LucideIcon,
  Maximize,
  Minus,
  Plus,
} from "lucide-react";
import type { Containers } from "./useContainers";

export function ZoomBar({ containers }: { containers: Containers }) {
  const flow = useReactFlow();
  const zoom = useStore((state) => state.transform[2]);
  const anyOpen = containers.closed.size < containers.all.length;
  return (
    <Panel position="bottom-left" className="dc-zoom">
      <Tool icon={Minus} label="Zoom out" onClick={() => flow.zoomOut({ duration: 150 })} />
      <button
        type="button"
        className="dc-zoom-level"
        title="Zoom to 100 %"
        onClick={() => flow.zoomTo(1, { duration: 150 })}
      >
        {Math.round(zoom * 100)} %
      </button>
      <Tool icon={Plus} label="Zoom in" onClick={() => flow.zoomIn({ duration: 150 })} />
      <Tool
        icon={Maximize}
        label="Fit the whole dialog"
        onClick={() => flow.fitView({ padding: 0.06, maxZoom: 1, duration: 200 })}
      />
      {containers.all.length > 0 && (
        <Tool
          icon={anyOpen ? ChevronsDownUp : ChevronsUpDown}
          label={anyOpen ? "Close all bot actions" : "Open all bot actions"}
          onClick={() => containers.setAll(!anyOpen)}
        />
      )}
    </Panel>
  );
}

function Tool({
  icon: Icon,
  label,
  onClick,
}: {
  icon: LucideIcon;
  label: string;
  onClick: () => void;
}) {
  return (
    <button type="button" title={label} aria-label={label} onClick={onClick}>
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
