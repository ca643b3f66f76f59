import { useEditor } from "../editor";
import { NodeEditor } from "../forms/NodeEditor";
import { noteIdOf } from "../useSelection";
import { NodePanel } from "./NodePanel";
import { NotePanel } from "./NotePanel";
import { TaskPanel } from "./TaskPanel";

interface Props {
  showingTask: boolean;
  onTask: (showing: boolean) => void;
}

/** Beside the graph: what is chosen, or the task itself. */
export function Panel({ showingTask, onTask }: Props) {
  const { model, doc, selection, editable } = useEditor();
  const { selected, way, chosen, select, show } = selection;
  const source = selected ?? (way ? (way.match(/^t(.+)#\d+$/)?.[1] ?? null) : null);
  const node = source ? model.nodes.get(source) : undefined;
  if (node && editable) return <NodeEditor key={node.id} node={node} />;
  if (node) {
    return <NodePanel model={model} node={node} onShow={show} onClose={() => select(null)} />;
  }
  const only = chosen.size === 1 ? noteIdOf([...chosen][0] as string) : null;
  const note = only ? doc.notes.find((one) => one.id === only) : undefined;
  if (note && editable) return <NotePanel key={note.id} note={note} />;
  return showingTask ? <TaskPanel onClose={() => onTask(false)} /> : null;
}
