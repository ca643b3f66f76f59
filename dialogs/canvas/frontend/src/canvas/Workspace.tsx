import { ReactFlowProvider } from "@xyflow/react";
import { useMemo, useRef, useState } from "react";
import { buildModel } from "../graph/model";
import { search } from "../graph/search";
import type { Turn } from "../talk/conversation";
import type { CanvasData } from "../wire/canvas";
import { Graph } from "./Graph";
import { Header } from "./Header";
import { NodePanel } from "./panel/NodePanel";
import { TalkSide } from "./TalkSide";
import { useContainers } from "./useContainers";
import { useLayout } from "./useLayout";
import { useLit } from "./useLit";
import { useSelection } from "./useSelection";
import { useShortcuts } from "./useShortcuts";

interface Props {
  data: CanvasData;
  reload: () => void;
}

export function Workspace({ data, reload }: Props) {
  const model = useMemo(() => buildModel(data), [data]);
  const containers = useContainers(model);
  const laidOut = useLayout(containers.scene, model);
  const [talking, setTalking] = useState(false);
  const [turn, setTurn] = useState<Turn | null>(null);
  const [query, setQuery] = useState("");
  const searchBox = useRef<HTMLInputElement>(null);

  const hits = useMemo(() => search(model, query), [model, query]);
  const lit = useLit(model, laidOut, talking ? turn : null);
  const { selected, select, glance, show } = useSelection(model, containers, turn);
  useShortcuts({
    searchBox,
    onEscape(typing) {
      if (query) setQuery("");
      else if (selected) select(null);
      else if (!typing) setTalking(false);
    },
  });
  const node = selected ? model.nodes.get(selected) : undefined;

  return (
    <ReactFlowProvider>
      <Header
        data={data}
        model={model}
        talking={talking}
        onTalk={setTalking}
        onShow={show}
        onPublished={reload}
        search={{ query, hits, box: searchBox, onQuery: setQuery }}
      />
      <div className="dc-workspace">
        <Graph
          model={model}
          containers={containers}
          laidOut={laidOut}
          lit={lit}
          hits={query.trim() ? hits : null}
          selected={selected}
          glance={glance}
          onSelect={select}
        />
        {node && <NodePanel model={model} node={node} onShow={show} onClose={() => select(null)} />}
        {talking && (
          <TalkSide
            data={data}
            model={model}
            onTurn={setTurn}
            onShowNode={show}
            onClose={() => setTalking(false)}
          />
        )}
      </div>
    </ReactFlowProvider>
  );
}
