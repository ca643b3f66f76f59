import { Paperclip, SendHorizontal } from "lucide-react";
import {
  type ClipboardEvent,
  type DragEvent,
  type FormEvent,
  type RefObject,
  useId,
  useRef,
} from "react";
import { ChosenFiles } from "./Files";
import type { Attachments } from "./useAttachments";

interface Props {
  text: string;
  input: RefObject<HTMLInputElement | null>;
  waits: boolean;
  attachments: Attachments;
  onText: (text: string) => void;
  onSend: () => void;
}

/** Stays usable while an answer is awaited, so that nobody loses the focus or half a sentence. */
export function Composer({ text, input, waits, attachments, onText, onSend }: Props) {
  const id = useId();
  const says = Boolean(text.trim()) || attachments.chosen.length > 0;
  const sendable = !waits && says && attachments.ready;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sendable) onSend();
  };
  const take = (event: DragEvent | ClipboardEvent, files: FileList) => {
    if (files.length === 0) return;
    event.preventDefault();
    attachments.add(files);
  };
  return (
    <form
      className="dc-composer"
      onSubmit={submit}
      onDragOver={(event) => event.dataTransfer.types.includes("Files") && event.preventDefault()}
      onDrop={(event) => take(event, event.dataTransfer.files)}
      onPaste={(event) => take(event, event.clipboardData.files)}
    >
      <ChosenFiles attachments={attachments} />
      <div className="dc-composer-line">
        <AttachButton attachments={attachments} onChosen={() => input.current?.focus()} />
        <label className="dc-hidden" htmlFor={id}>
          Message
        </label>
        <input
          id={id}
          ref={input}
          value={text}
          onChange={(event) => onText(event.target.value)}
          placeholder="Type a message"
          autoComplete="off"
          enterKeyHint="send"
        />
        <button type="submit" className="dc-send" aria-label="Send" disabled={!sendable}>
          <SendHorizontal size={17} aria-hidden="true" />
        </button>
      </div>
    </form>
  );
}

function AttachButton(props: { attachments: Attachments; onChosen: () => void }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={(input) => {
          picker.current = input;
          // The admin theme's script writes names of files into a field that this page has none of.
          if (input) Object.assign(input, { hasChangeListener: true });
        }}
        type="file"
        multiple
        hidden
        aria-label="Files"
        onChange={(event) => {
          props.attachments.add(event.target.files ?? []);
          // The same file can be chosen again after it was taken off.
          event.target.value = "";
          props.onChosen();
        }}
      />
      <button
        type="button"
        className="dc-attach"
        aria-label="Attach files"
        title="Attach files, up to 10 MB each"
        onClick={() => picker.current?.click()}
      >
        <Paperclip size={18} aria-hidden="true" />
      </button>
    </>
  );
}
