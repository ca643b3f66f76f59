import { SendHorizontal } from "lucide-react";
import { type FormEvent, type RefObject, useId } from "react";

interface Props {
  text: string;
  input: RefObject<HTMLInputElement | null>;
  waits: boolean;
  onText: (text: string) => void;
  onSend: () => void;
}

/** Stays usable while an answer is awaited, so that nobody loses the focus or half a sentence. */
export function Composer({ text, input, waits, onText, onSend }: Props) {
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend();
  };
  return (
    <form className="dc-composer" onSubmit={submit}>
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
      <button type="submit" aria-label="Send" disabled={waits || !text.trim()}>
        <SendHorizontal size={17} aria-hidden="true" />
      </button>
    </form>
  );
}
