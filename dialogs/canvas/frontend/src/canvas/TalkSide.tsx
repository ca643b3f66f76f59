import { useMemo } from "react";
import type { GraphModel } from "../graph/model";
import type { Turn } from "../talk/conversation";
import { TalkPanel } from "../talk/TalkPanel";
import type { CanvasData } from "../wire/canvas";
import { Side } from "./Side";

interface Props {
  data: CanvasData;
  model: GraphModel;
  onTurn: (turn: Turn | null) => void;
  onShowNode: (name: string) => void;
  onClose: () => void;
  /** Resolves when the draft that is to answer is saved. */
  beforeSend: () => Promise<unknown>;
}

/** Talk to Bot about this one dialog task. */
export function TalkSide({ data, model, onTurn, onShowNode, onClose, beforeSend }: Props) {
  const suggestions = useMemo(() => utterances(model), [model]);
  return (
    <Side name="Talk to Bot" label="Talk to Bot" className="dc-side-talk" usual={400}>
      <TalkPanel
        messages={data.urls.talk}
        task={data.task.id}
        title="Talk to Bot"
        suggestions={suggestions}
        onTurn={onTurn}
        onShowNode={onShowNode}
        onClose={onClose}
        beforeSend={beforeSend}
      />
    </Side>
  );
}

function utterances(model: GraphModel): string[] {
  const said = model.start ? model.nodes.get(model.start)?.properties.utterances : null;
  const plain = Array.isArray(said) ? said.filter((one) => typeof one === "string") : [];
  return plain.filter((one) => !one.includes("{")).slice(0, 3);
}
