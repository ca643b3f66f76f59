import { useEffect, useRef, useState } from "react";
import { inWords } from "../edit/rebase";
import type { Clash } from "../wire/edits";
import { useEditor } from "./editor";

/** Two people changed the same: both versions side by side, and one of them to be chosen. */
export function Clashes() {
  const { state, session, model } = useEditor();
  const { saving } = state;
  if (saving.is !== "clashing") return null;
  const titled = (node: string | null) => (node ? (model.nodes.get(node)?.title ?? node) : null);
  return (
    <Chooser
      key={saving.clashes.map((one) => `${one.node}/${one.field}`).join()}
      clashes={saving.clashes}
      words={saving.words}
      titled={titled}
      onSettle={(mine) => session.settle(mine)}
    />
  );
}

interface Props {
  clashes: Clash[];
  words: string;
  titled: (node: string | null) => string | null;
  onSettle: (mine: boolean[]) => void;
}

function Chooser({ clashes, words, titled, onSettle }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [mine, setMine] = useState(() => clashes.map(() => false));
  useEffect(() => dialog.current?.showModal(), []);
  const choose = (at: number, own: boolean) =>
    setMine(mine.map((one, index) => (index === at ? own : one)));
  return (
    <dialog
      ref={dialog}
      className="dc-dialog dc-clashes"
      aria-label="Changed by two people"
      onCancel={(event) => event.preventDefault()}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSettle(mine);
        }}
      >
        <h2>Changed by two people</h2>
        <p>{words} Choose which version stands; you can undo it.</p>
        {clashes.map((clash, at) => (
          <fieldset key={`${clash.thing}/${clash.node}/${clash.field}`}>
            <legend>{[titled(clash.node), clash.words].filter(Boolean).join(": ")}</legend>
            <Version
              title="Yours"
              name={`clash-${at}`}
              value={inWords(clash.mine)}
              checked={mine[at] ?? false}
              onChoose={() => choose(at, true)}
            />
            <Version
              title={clash.by ? `${clash.by}’s` : "Theirs"}
              name={`clash-${at}`}
              value={inWords(clash.theirs)}
              checked={!mine[at]}
              onChoose={() => choose(at, false)}
            />
          </fieldset>
        ))}
        <footer>
          <button type="submit" className="dc-button dc-primary">
            Keep these
          </button>
        </footer>
      </form>
    </dialog>
  );
}

interface VersionProps {
  title: string;
  name: string;
  value: string;
  checked: boolean;
  onChoose: () => void;
}

function Version({ title, name, value, checked, onChoose }: VersionProps) {
  return (
    <label className="dc-version">
      <span>
        <input type="radio" name={name} checked={checked} onChange={onChoose} /> {title}
      </span>
      <pre>{value}</pre>
    </label>
  );
}
