import {
  Background,
  BackgroundVariant,
  type Connection,
  MiniMap,
  type NodeChange,
  ReactFlow,
} from "@xyflow/react";
import { type KeyboardEvent, type RefObject, useCallback, useMemo, useRef } from "react";
import { connect, connectTrouble } from "../edit/connect";
import type { Lit } from "../graph/lit";
import type { Hit } from "../graph/search";
import { useDark } from "../shared/theme";
import { useEditor } from "./editor";
import {
  countProblems,
  type FlowEdge,
  type FlowNode,
  flowEdges,
  flowNodes,
  isAuthored,
} from "./flow";
import { keeper } from "./keep";
import { MarkerNode } from "./nodes/MarkerNode";
import { FrameNode, NoteNode } from "./nodes/NoteNode";
import { TaskNode } from "./nodes/TaskNode";
import { noteNodes } from "./noteNodes";
import { useArrowKeys } from "./useArrowKeys";
import type { Containers } from "./useContainers";
import type { Dragging } from "./useDragging";
import { useDropping } from "./useDropping";
import type { LaidOut } from "./useLayout";
import type { Selection } from "./useSelection";
import { useView } from "./useView";
import { Way } from "./Way";
import { ZoomBar } from "./ZoomBar";

const NODE_TYPES = { task: TaskNode, marker: MarkerNode, note: NoteNode, frame: FrameNode };
const EDGE_TYPES = { way: Way };
/** Beyond this, what is out of view is not drawn. */
const DRAW_ALL_UP_TO = 120;

interface Props {
  containers: Containers;
  laidOut: LaidOut | null;
  lit: Lit;
  hits: Hit[] | null;
  dragging: Dragging;
  frame: RefObject<HTMLElement | null>;
}

export function Graph({ containers, laidOut, lit, hits, dragging, frame }: Props) {
  const editor = useEditor();
  const { model, selection, editable } = editor;
  const { chosen, selected, select, chooseWay } = selection;
  const dark = useDark();
  const view = useView(laidOut, model.start, selection.glance);
  const { toggle: toggleContainer } = containers;
  const toggle = useCallback(
    (id: string) => {
      view.hold(id);
      toggleContainer(id);
    },
    [view.hold, toggleContainer],
  );
  const dropping = useDropping(laidOut, editor);
  const { nodes, edges } = useDrawn(
    { containers, laidOut, lit, hits, dragging, toggle },
    dropping.drop,
  );
  const change = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      dragging.onChanges(changes, editor);
      const selects = changes.filter((one) => one.type === "select");
      if (selects.length === 0) return;
      const next = new Set(chosen);
      for (const { id, selected: on } of selects) on ? next.add(id) : next.delete(id);
      selection.choose(next);
    },
    [dragging, editor, chosen, selection],
  );
  const stop = useCallback(
    () => dragging.onStop(editor, dropping.released()),
    [dragging, editor, dropping],
  );
  const press = useArrowKeys({ editor, laidOut, toggle, show: view.show });

  return (
    <section
      className="dc-graph"
      aria-label="Dialog graph"
      ref={frame}
      onKeyDown={(event: KeyboardEvent<HTMLElement>) => press(event)}
      onFocus={(event) => chooseFocused(event.target, selection)}
      onDragOver={editable ? dropping.over : undefined}
      onDragLeave={dropping.leave}
      onDrop={editable ? dropping.dropped : undefined}
    >
      <ReactFlow<FlowNode, FlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={dark ? "dark" : "light"}
        onNodesChange={change}
        onPaneClick={() => select(null)}
        onEdgeClick={(_, edge) => editable && isAuthored(edge) && chooseWay(edge.id)}
        onNodeDrag={(_, node) => dropping.dragging(node.id, centre(node))}
        onNodeDragStop={stop}
        onSelectionDragStop={stop}
        onConnect={({ source, target }: Connection) =>
          editor.edit("Connect", connect(editor.doc, source, target))
        }
        isValidConnection={({ source, target }) => !connectTrouble(editor.doc, source, target)}
        connectionRadius={36}
        nodesDraggable={editable}
        nodesConnectable={editable}
        nodeDragThreshold={4}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={MULTI}
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
      {laidOut && model.nodes.size === 0 && <Empty editable={editable} />}
      <span className="dc-hidden" role="status">
        {chosen.size > 1 ? `${chosen.size} nodes chosen` : (selected ?? "")}
      </span>
    </section>
  );
}

/** Who goes from node to node by Tab acts on the one they are at. */
function chooseFocused(target: Element, { chosen, select }: Selection) {
  const node = target.matches(".react-flow__node:focus-visible") ? target : null;
  const id = node?.getAttribute("data-id");
  if (id && !chosen.has(id)) select(id);
}

const MULTI = ["Meta", "Control"];

function Empty({ editable }: { editable: boolean }) {
  if (!editable) return <p className="dc-loading">This dialog has no nodes yet.</p>;
  return (
    <p className="dc-loading">
      This dialog is empty. Begin with an intent, what people say when they want it: press Intent in
      the palette, or drag it here.
    </p>
  );
}

function centre(node: FlowNode) {
  const { x, y } = node.position;
  return { x: x + (node.width ?? 0) / 2, y: y + (node.height ?? 0) / 2 };
}

type Drawing = Omit<Props, "frame"> & { toggle: (id: string) => void };

function useDrawn(
  { containers, laidOut, lit, hits, dragging, toggle }: Drawing,
  drop: { way: string | null; parent: string | null } | null,
) {
  const { model, selection, editable, state, doc } = useEditor();
  const keepNodes = useRef(keeper<FlowNode>()).current;
  const keepEdges = useRef(keeper<FlowEdge>()).current;
  const { chosen, way } = selection;
  const problems = useMemo(() => countProblems(model), [model]);
  const others = useMemo(() => {
    const names = new Map<string, string>();
    for (const { node, name } of state.people) {
      if (node) names.set(node, names.has(node) ? `${names.get(node)}, ${name}` : name);
    }
    return names;
  }, [state.people]);
  const dropAt = drop?.way ?? drop?.parent ?? null;
  const look = useMemo(() => {
    const found = hits && new Set(hits.map((hit) => hit.id));
    return { model, lit, found, chosen, way, drop: dropAt, problems, others, editable, toggle };
  }, [model, lit, hits, chosen, way, dropAt, problems, others, editable, toggle]);
  const { drawn } = containers;
  const { moved } = dragging;
  const nodes = useMemo(() => {
    if (!laidOut) return [];
    const notes = noteNodes(doc.notes, laidOut.layout.boxes, { chosen, editable, moved, drawn });
    return keepNodes([...notes, ...flowNodes(laidOut, look)]);
  }, [laidOut, look, keepNodes, doc.notes, chosen, editable, moved, drawn]);
  const edges = useMemo(
    () => keepEdges(laidOut ? flowEdges(laidOut, look) : []),
    [laidOut, look, keepEdges],
  );
  return { nodes, edges };
}

function miniMapClass(node: FlowNode): string {
  if (node.type !== "task") return "dc-mini-marker";
  return `dc-k-${node.data.node.kind}${node.data.open ? " dc-mini-open" : ""}`;
}
