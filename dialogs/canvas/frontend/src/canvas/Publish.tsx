import { UploadCloud } from "lucide-react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import type { GraphModel } from "../graph/model";
import { Notice, SignInAgain, wordsOf } from "../shared/Notice";
import { type FailedTest, NotPublished, publish, TestsFailed } from "../wire/api";
import type { TaskInfo } from "../wire/canvas";
import { Failure } from "../wire/http";
import { useEditor } from "./editor";
import { ProblemList } from "./Problems";

interface Props {
  task: TaskInfo;
  onDone: () => void;
}

type Phase =
  | { is: "asking" | "publishing" }
  | { is: "published"; version: number }
  | { is: "refused"; failure: unknown };

export function Publish({ task, onDone }: Props) {
  const { data, model, session, selection } = useEditor();
  const dialog = useRef<HTMLDialogElement>(null);
  const [phase, setPhase] = useState<Phase>({ is: "asking" });
  const { urls } = data;
  const current = task.state === "published";

  const open = () => {
    setPhase({ is: "asking" });
    dialog.current?.showModal();
  };
  const close = () => dialog.current?.close();
  const submit = async (note: string, anyway: boolean) => {
    setPhase({ is: "publishing" });
    try {
      if (!(await session.flush())) throw new Failure(UNSAVED);
      const { version } = await publish(urls.publish, note, anyway);
      setPhase({ is: "published", version });
      onDone();
    } catch (failure) {
      setPhase({ is: "refused", failure });
    }
  };
  const show = (id: string) => {
    close();
    selection.show(id);
  };
  return (
    <>
      <button
        type="button"
        className="dc-button dc-primary"
        disabled={current}
        title={current ? `Version ${task.version} is what you see` : undefined}
        onClick={open}
      >
        <UploadCloud size={15} aria-hidden="true" /> Publish
      </button>
      <dialog ref={dialog} className="dc-dialog" aria-label={`Publish ${task.title}`}>
        {phase.is === "published" ? (
          <Done version={phase.version} onClose={close} />
        ) : (
          <PublishForm
            task={task}
            busy={phase.is === "publishing"}
            failed={phase.is === "refused" && phase.failure instanceof TestsFailed}
            onSubmit={submit}
            onCancel={close}
          >
            <Refusal phase={phase} model={model} onShow={show} />
          </PublishForm>
        )}
      </dialog>
    </>
  );
}

const UNSAVED =
  "Your last changes could not be saved, so nothing was published. See what the page says about saving, then publish again.";

interface FormProps {
  task: TaskInfo;
  busy: boolean;
  /** Whether nothing but tests stands in the way. */
  failed: boolean;
  onSubmit: (note: string, anyway: boolean) => void;
  onCancel: () => void;
  children: ReactNode;
}

function PublishForm({ task, busy, failed, onSubmit, onCancel, children }: FormProps) {
  const [note, setNote] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(note.trim(), failed);
  };
  return (
    <form onSubmit={submit}>
      <h2>Publish “{task.title}”</h2>
      {children}
      <label>
        What changed?
        <span>Optional, shown in the list of versions.</span>
        <textarea
          rows={3}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      <footer>
        <button type="button" className="dc-button" onClick={onCancel}>
          Cancel
        </button>
        <button
          type="submit"
          className={failed ? "dc-button dc-danger" : "dc-button dc-primary"}
          disabled={busy}
        >
          {busy && "Publishing …"}
          {!busy && failed && "Publish anyway"}
          {!busy && !failed && `Publish version ${(task.version ?? 0) + 1}`}
        </button>
      </footer>
    </form>
  );
}

function Done({ version, onClose }: { version: number; onClose: () => void }) {
  return (
    <form method="dialog">
      <Notice tone="good">
        Version {version} is published. New conversations use it; those under way stay on the
        version they began with.
      </Notice>
      <footer>
        <button type="button" className="dc-button" onClick={onClose}>
          Close
        </button>
      </footer>
    </form>
  );
}

interface RefusalProps {
  phase: Phase;
  model: GraphModel;
  onShow: (id: string) => void;
}

function Refusal({ phase, model, onShow }: RefusalProps) {
  if (phase.is !== "refused") return null;
  const { failure } = phase;
  if (failure instanceof TestsFailed) return <FailedTests tests={failure.tests} />;
  if (!(failure instanceof NotPublished)) {
    return <Notice action={<SignInAgain failure={failure} />}>{wordsOf(failure)}</Notice>;
  }
  const problems = failure.problems.map((one) => ({ ...one, id: model.resolve(one.node) }));
  return (
    <>
      <Notice>Nothing was published. Mend these first; each leads to its node:</Notice>
      <ProblemList model={model} problems={problems} onShow={onShow} />
    </>
  );
}

function FailedTests({ tests }: { tests: FailedTest[] }) {
  return (
    <>
      <Notice>
        Nothing was published: conversations go otherwise than they did when they were recorded.
        Mend the dialog or the tests, or publish anyway.
      </Notice>
      <ul className="dc-failed-tests">
        {tests.map((test) => (
          <li key={test.id}>
            <a href={test.url}>{test.name}</a> <span>{test.first}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
