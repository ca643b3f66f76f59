import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo, useEffect, useRef, useState } from "react";
import { changeNote } from "../../edit/notes";
import { useEditor } from "../editor";
import type { FlowNode } from "../flow";

type Props = NodeProps<Extract<FlowNode, { type?: "note" | "frame" }>>;

/** Words on the canvas; a press on them while chosen begins writing. */
export const NoteNode = memo(function NoteNode({ data, selected }: Props) {
  const { note, editable } = data;
  const { doc, edit } = useEditor();
  const resize = (position: { x: number; y: number }, size: { width: number; height: number }) =>
    edit("Resize note", changeNote(doc, note.id, { position, size }), `size:${note.id}`);
  return (
    <div className={`dc-note dc-note-${note.colour} ${selected ? "dc-selected" : ""}`}>
      {editable && (
        <NodeResizer
          isVisible={selected}
          minWidth={120}
          minHeight={60}
          lineClassName="dc-resize-line"
          handleClassName="dc-resize"
          onResizeEnd={(_, { x, y, width, height }) => resize({ x, y }, { width, height })}
        />
      )}
      <Words id={note.id} text={note.text} editable={editable && selected} area />
    </div>
  );
});

export const FrameNode = memo(function FrameNode({ data, selected }: Props) {
  const { note, editable } = data;
  return (
    <div className={`dc-frame dc-note-${note.colour} ${selected ? "dc-selected" : ""}`}>
      <Words id={note.id} text={note.text} editable={editable && selected} />
    </div>
  );
});

interface WordsProps {
  id: string;
  text: string;
  editable: boolean;
  area?: boolean;
}

function Words({ id, text, editable, area = false }: WordsProps) {
  const { doc, edit } = useEditor();
  const [writing, setWriting] = useState(false);
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  useEffect(() => {
    if (writing) field.current?.focus();
  }, [writing]);
  if (!writing || !editable) {
    return (
      <button
        type="button"
        className="dc-note-words"
        tabIndex={editable ? 0 : -1}
        onClick={() => editable && setWriting(true)}
      >
        {text || (area ? "Write a note …" : "Group")}
      </button>
    );
  }
  const shared = {
    ref: field,
    className: "nodrag nopan nowheel dc-note-field",
    value: text,
    "aria-label": area ? "Note" : "Name of the group",
    onBlur: () => setWriting(false),
    onChange: (event: { target: { value: string } }) =>
      edit("Write note", changeNote(doc, id, { text: event.target.value }), `note:${id}`),
    onKeyDown: (event: { key: string; stopPropagation(): void }) => {
      event.stopPropagation();
      if (event.key === "Escape" || (event.key === "Enter" && !area)) setWriting(false);
    },
  };
  return area ? <textarea {...shared} /> : <input {...shared} />;
}
