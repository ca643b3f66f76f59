import { ReactFlowProvider } from "@xyflow/react";
import { useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Area } from "../edit/arrange";
import { graphInput } from "../edit/document";
import type { Op } from "../edit/ops";
import type { Session } from "../edit/session";
import { buildModel } from "../graph/model";
import { search } from "../graph/search";
import type { Turn } from "../talk/conversation";
import type { CanvasData } from "../wire/canvas";
import { Clashes } from "./Clashes";
import { type Editor, EditorContext } from "./editor";
import { Graph } from "./Graph";
import { Header } from "./Header";
import { Notices } from "./Notices";
import { Palette } from "./Palette";
import { Panel } from "./panel/Panel";
import { ShortcutSheet } from "./ShortcutSheet";
import { TalkSide } from "./TalkSide";
import { Toolbar } from "./Toolbar";
import { useCommands } from "./useCommands";
import { useContainers } from "./useContainers";
import { useDragging } from "./useDragging";
import { useLayout } from "./useLayout";
import { useLit } from "./useLit";
import { usePresence } from "./usePresence";
import { useSelection } from "./useSelection";
import { useUnsaved } from "./useUnsaved";

interface Props {
  data: CanvasData;
  session: Session;
  reload: () => Promise<void>;
}

export function Workspace(props: Props) {
  return (
    <ReactFlowProvider>
      <Desk {...props} />
    </ReactFlowProvider>
  );
}

function Desk({ data, session, reload }: Props) {
  const state = useSyncExternalStore(session.subscribe, session.read);
  const { doc, problems } = state;
  const model = useMemo(
    () =>
      buildModel({
        ...data,
        ...graphInput(doc),
        task: { ...data.task, start: doc.task.start },
        problems: [...problems],
      }),
    [data, doc, problems],
  );
  const containers = useContainers(model);
  const dragging = useDragging();
  const laidOut = useLayout(containers.scene, model, doc, dragging.moved);
  const [talking, setTalking] = useState(false);
  const [turn, setTurn] = useState<Turn | null>(null);
  const [query, setQuery] = useState("");
  const [helping, setHelping] = useState(false);
  const [showingTask, setShowingTask] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const graph = useRef<HTMLElement>(null);

  const hits = useMemo(() => search(model, query), [model, query]);
  const lit = useLit(model, laidOut, talking ? turn : null);
  const selection = useSelection(model, containers, turn);
  const editable = data.may.edit ?? false;
  const boxes = useRef<ReadonlyMap<string, Area>>(new Map());
  boxes.current = laidOut?.layout.boxes ?? boxes.current;
  const editor = useMemo<Editor>(
    () => ({
      data,
      session,
      state,
      doc,
      model,
      selection,
      editable,
      areas: () => boxes.current,
      middle: () => middleOf(graph.current),
      edit: (label: string, ops: Op[], gesture?: string) =>
        session.edit(gesture === undefined ? { label, ops } : { label, ops, gesture }),
    }),
    [data, session, state, doc, model, selection, editable],
  );
  usePresence(editor);
  useUnsaved(session);
  const commands = useCommands(editor, {
    searchBox,
    help: () => setHelping(true),
    showTask: () => setShowingTask(true),
    escape(typing) {
      if (query) setQuery("");
      else if (selection.chosen.size > 0 || selection.way) selection.select(null);
      else if (showingTask) setShowingTask(false);
      else if (!typing) setTalking(false);
    },
  });

  return (
    <EditorContext value={editor}>
      <Header
        talking={talking}
        onTalk={setTalking}
        onPublished={reload}
        onTask={() => setShowingTask(!showingTask)}
        search={{ query, hits, box: searchBox, onQuery: setQuery }}
      />
      <Notices reload={reload} />
      <div className="dc-workspace">
        {editable && <Palette />}
        <div className="dc-board">
          {editable && <Toolbar commands={commands} />}
          <Graph
            containers={containers}
            laidOut={laidOut}
            lit={lit}
            hits={query.trim() ? hits : null}
            dragging={dragging}
            frame={graph}
          />
        </div>
        <Panel showingTask={showingTask} onTask={setShowingTask} />
        {talking && (
          <TalkSide
            data={data}
            model={model}
            onTurn={setTurn}
            onShowNode={selection.show}
            onClose={() => setTalking(false)}
            beforeSend={() => session.flush()}
          />
        )}
      </div>
      <Clashes />
      {helping && <ShortcutSheet commands={commands} onClose={() => setHelping(false)} />}
    </EditorContext>
  );
}

/** The middle of what is in view, from React Flow's own viewport. */
function middleOf(frame: HTMLElement | null) {
  const viewport = frame?.querySelector<HTMLElement>(".react-flow__viewport");
  const box = frame?.getBoundingClientRect();
  if (!viewport || !box) return { x: 0, y: 0 };
  const { a: zoom, e: x, f: y } = new DOMMatrixReadOnly(getComputedStyle(viewport).transform);
  return { x: (box.width / 2 - x) / zoom - 110, y: (box.height / 2 - y) / zoom - 32 };
}
