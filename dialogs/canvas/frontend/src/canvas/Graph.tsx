import { Background, BackgroundVariant, MiniMap, type NodeChange, ReactFlow } from "@xyflow/react";
import { useCallback, useMemo } from "react";
import type { Lit } from "../graph/lit";
import type { GraphModel } from "../graph/model";
import type { Hit } from "../graph/search";
import { useDark } from "../shared/theme";
import { type FlowNode, flowEdges, flowNodes } from "./flow";
import { MarkerNode } from "./nodes/MarkerNode";
import { TaskNode } from "./nodes/TaskNode";
import { useArrowKeys } from "./useArrowKeys";
import type { Containers } from "./useContainers";
import type { LaidOut } from "./useLayout";
import type { Glance } from "./useSelection";
import { useView } from "./useView";
import { Way } from "./Way";
import { ZoomBar } from "./ZoomBar";

const NODE_TYPES = { task: TaskNode, marker: MarkerNode };
const EDGE_TYPES = { way: Way };
/** Beyond this, what is out of view is not drawn. */
const DRAW_ALL_UP_TO = 120;

interface Props {
  model: GraphModel;
  containers: Containers;
  laidOut: LaidOut | null;
  lit: Lit;
  hits: Hit[] | null;
  selected: string | null;
  glance: Glance | null;
  onSelect: (id: string | null) => void;
}

export function Graph(props: Props) {
  const { model, containers, laidOut, lit, hits, selected, onSelect } = props;
  const dark = useDark();
  const view = useView(laidOut, model.start, props.glance);
  const { toggle: toggleContainer } = containers;
  const toggle = useCallback(
    (id: string) => {
      view.hold(id);
      toggleContainer(id);
    },
    [view.hold, toggleContainer],
  );
  const look = useMemo(() => {
    const found = hits && new Set(hits.map((hit) => hit.id));
    return { model, lit, found, selected, toggle };
  }, [model, lit, hits, selected, toggle]);
  const nodes = useMemo(() => (laidOut ? flowNodes(laidOut, look) : []), [laidOut, look]);
  const edges = useMemo(() => (laidOut ? flowEdges(laidOut, look) : []), [laidOut, look]);

  const selectFromFlow = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const chosen = changes.find((change) => change.type === "select" && change.selected);
      if (chosen?.type === "select") onSelect(chosen.id);
    },
    [onSelect],
  );
  const press = useArrowKeys({ model, laidOut, selected, onSelect, toggle, show: view.show });

  return (
    <section className="dc-graph" aria-label="Dialog graph" onKeyDown={press}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={dark ? "dark" : "light"}
        onNodesChange={selectFromFlow}
        onPaneClick={() => onSelect(null)}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        elevateNodesOnSelect={false}
        minZoom={0.1}
        maxZoom={2}
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements={nodes.length > DRAW_ALL_UP_TO}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <MiniMap
          pannable
          zoomable
          ariaLabel="Mini-map"
          position="bottom-right"
          nodeClassName={miniMapClass}
          nodeStrokeWidth={0}
        />
        <ZoomBar containers={containers} />
      </ReactFlow>
      {!laidOut && <p className="dc-loading">Arranging the dialog …</p>}
      {laidOut && nodes.length === 0 && <p className="dc-loading">This dialog has no nodes yet.</p>}
    </section>
  );
}

function miniMapClass(node: FlowNode): string {
  if (node.type === "marker") return "dc-mini-marker";
  return `dc-k-${node.data.node.kind}${node.data.open ? " dc-mini-open" : ""}`;
}
