import { StickyNote } from "lucide-react";
import { type DocNote, isFrame } from "../../edit/document";
import { COLOURS, changeNote, removeNotes } from "../../edit/notes";
import { useEditor } from "../editor";
import { CloseButton, Side } from "../Side";
import { NodeLink } from "./Ways";

/** A note's or a frame's words and colour. */
export function NotePanel({ note }: { note: DocNote }) {
  const { doc, model, edit, selection } = useEditor();
  const what = isFrame(note) ? "Group" : "Note";
  const change = (part: Partial<DocNote>, gesture?: string) =>
    edit(`Change ${what.toLowerCase()}`, changeNote(doc, note.id, part), gesture);
  return (
    <Side name="properties" label={what} className="dc-side-node" usual={360}>
      <header>
        <span className="dc-kind">
          <StickyNote size={17} aria-hidden="true" />
        </span>
        <div>
          <h2>{what}</h2>
          <p>Kept with the draft, no part of what is published.</p>
        </div>
        <CloseButton onClick={() => selection.select(null)} />
      </header>
      <div className="dc-side-body">
        <label className="dc-field">
          <span className="dc-label">{isFrame(note) ? "Name" : "Text"}</span>
          <textarea
            className="dc-input"
            rows={isFrame(note) ? 1 : 5}
            value={note.text}
            onChange={(event) => change({ text: event.target.value }, `note:${note.id}`)}
          />
        </label>
        <fieldset className="dc-field">
          <legend className="dc-label">Colour</legend>
          <div className="dc-colours">
            {COLOURS.map((colour) => (
              <label key={colour} className={`dc-colour dc-note-${colour}`}>
                <input
                  type="radio"
                  name="colour"
                  aria-label={colour}
                  checked={note.colour === colour}
                  onChange={() => change({ colour })}
                />
              </label>
            ))}
          </div>
        </fieldset>
        {note.members.map((name) => (
          <NodeLink key={name} node={model.nodes.get(name)} onShow={selection.show} />
        ))}
        <button
          type="button"
          className="dc-button"
          onClick={() => {
            edit(isFrame(note) ? "Dissolve group" : "Delete note", removeNotes(doc, [note.id]));
            selection.select(null);
          }}
        >
          {isFrame(note) ? "Dissolve the group" : "Delete the note"}
        </button>
      </div>
    </Side>
  );
}
