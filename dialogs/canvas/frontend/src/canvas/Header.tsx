import { ArrowLeft, MessageCircle } from "lucide-react";
import type { GraphModel } from "../graph/model";
import type { CanvasData, TaskInfo } from "../wire/canvas";
import { Problems } from "./Problems";
import { Publish } from "./Publish";
import { Search, type SearchProps } from "./Search";

interface Props {
  data: CanvasData;
  model: GraphModel;
  talking: boolean;
  onTalk: (talking: boolean) => void;
  onShow: (id: string) => void;
  onPublished: () => void;
  search: Omit<SearchProps, "model" | "onShow">;
}

export function Header({ data, model, talking, onTalk, onShow, onPublished, search }: Props) {
  const { task, urls, may } = data;
  return (
    <header className="dc-header">
      <a className="dc-back" href={urls.back} aria-label="Dialog tasks">
        <ArrowLeft size={16} aria-hidden="true" />
        <span>Dialog tasks</span>
      </a>
      <div className="dc-title">
        <h1 title={task.description || task.title}>{task.title}</h1>
        <span className={`dc-state dc-state-${task.state}`}>{stateWords(task)}</span>
      </div>
      <Problems model={model} onShow={onShow} />
      <Search {...search} model={model} onShow={onShow} />
      {may.publish && <Publish data={data} model={model} onShow={onShow} onDone={onPublished} />}
      {may.talk && (
        <button
          type="button"
          className="dc-button dc-talk-toggle"
          aria-pressed={talking}
          onClick={() => onTalk(!talking)}
        >
          <MessageCircle size={15} aria-hidden="true" />
          <span>Talk to Bot</span>
        </button>
      )}
    </header>
  );
}

export function stateWords({ state, version }: TaskInfo): string {
  if (version === null) return "draft";
  return state === "published" ? `published v${version}` : `draft, differs from v${version}`;
}
