import { ArrowLeft, MessageCircle, Settings2 } from "lucide-react";
import type { TaskInfo } from "../wire/canvas";
import { useEditor } from "./editor";
import { People } from "./People";
import { Problems } from "./Problems";
import { Publish } from "./Publish";
import { SaveState } from "./SaveState";
import { Search, type SearchProps } from "./Search";

interface Props {
  talking: boolean;
  onTalk: (talking: boolean) => void;
  onTask: () => void;
  onPublished: () => void;
  search: Omit<SearchProps, "model" | "onShow">;
}

export function Header({ talking, onTalk, onTask, onPublished, search }: Props) {
  const { data, model, state, doc, selection, editable } = useEditor();
  const { urls, may } = data;
  const task = { ...data.task, title: doc.task.title, state: state.state };
  return (
    <header className="dc-header">
      <a className="dc-back" href={urls.back} aria-label="Dialog tasks">
        <ArrowLeft size={16} aria-hidden="true" />
        <span>Dialog tasks</span>
      </a>
      <div className="dc-title">
        <h1 title={doc.task.description || task.title}>{task.title}</h1>
        <button
          type="button"
          className="dc-icon"
          onClick={onTask}
          title="Title, description and start of the task"
          aria-label="The task itself"
        >
          <Settings2 size={16} aria-hidden="true" />
        </button>
        <span className={`dc-state dc-state-${task.state}`}>{stateWords(task)}</span>
        {editable && <SaveState />}
      </div>
      <People />
      <Problems model={model} onShow={selection.show} />
      <Search {...search} model={model} onShow={selection.show} />
      {may.publish && <Publish task={task} onDone={onPublished} />}
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

export function stateWords({ state, version }: Pick<TaskInfo, "state" | "version">): string {
  if (version === null) return "draft";
  return state === "published" ? `published v${version}` : `draft, differs from v${version}`;
}
