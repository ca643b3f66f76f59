import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { type Command, FURTHER_KEYS } from "./commands";

interface Props {
  commands: readonly Command[];
  onClose: () => void;
}

const GROUPS = ["Move about", "Edit", "Arrange", "Look"] as const;

/** Every key there is. */
export function ShortcutSheet({ commands, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="dc-dialog dc-sheet"
      aria-label="Keys"
      onClose={onClose}
      onCancel={onClose}
    >
      <header>
        <h2>Keys</h2>
        <button type="button" className="dc-icon" onClick={onClose} aria-label="Close">
          <X size={17} aria-hidden="true" />
        </button>
      </header>
      <div className="dc-sheet-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {group === "Move about"
                ? FURTHER_KEYS.map(([keys, words]) => (
                    <Line key={keys} words={words} keys={[keys]} />
                  ))
                : commands
                    .filter((one) => one.group === group)
                    .map((one) => (
                      <Line key={one.id} words={plain(one)} keys={one.keys.map(shown)} />
                    ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

function Line({ words, keys }: { words: string; keys: string[] }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  );
}

/** Without what would be undone just now. */
function plain({ label }: Command): string {
  return label.split(":")[0] ?? label;
}

const MAC = /mac/i.test(navigator.userAgent);

export function shown(key: string): string {
  return key
    .replace("Mod", MAC ? "⌘" : "Ctrl")
    .replace("Backspace", "⌫")
    .replaceAll("+", " + ");
}
