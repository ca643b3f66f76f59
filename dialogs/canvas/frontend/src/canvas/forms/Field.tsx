import { type ReactNode, useId } from "react";
import type { Json, Schema } from "../../wire/canvas";
import { ByLanguage } from "./ByLanguage";
import { CodeField } from "./CodeField";
import { type FieldProps, fieldKind, titleOf } from "./field";
import { JsonField } from "./JsonField";
import { Nested } from "./Nested";
import { Pairs } from "./Pairs";
import { NodePicker, ProfilePicker, TaskPicker } from "./pickers";
import { Choice, Flag, LongText, NumberField, TextField } from "./simple";
import { Table } from "./Table";
import { Texts } from "./Texts";

interface Props {
  name: string;
  schema: Schema;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  problems?: readonly string[];
}

/** One property: its label, the field that suits it, its help, and what is wrong with it. */
export function Field({ name, schema, value, onChange, problems = [] }: Props) {
  const id = useId();
  const kind = fieldKind(schema, value);
  const props: FieldProps = { name, schema, value, onChange, id };
  const title = titleOf(name, schema);
  if (kind === "flag") {
    return (
      <Frame problems={problems} help={schema.description}>
        <Flag {...props} />
      </Frame>
    );
  }
  return (
    <Frame problems={problems} help={schema.description}>
      <label htmlFor={id} className="dc-label">
        {title}
      </label>
      {render(kind, props)}
    </Frame>
  );
}

function render(kind: ReturnType<typeof fieldKind>, props: FieldProps): ReactNode {
  switch (kind) {
    case "text":
      return <TextField {...props} />;
    case "long-text":
      return <LongText {...props} />;
    case "number":
      return <NumberField {...props} />;
    case "choice":
      return <Choice {...props} />;
    case "node":
      return <NodePicker {...props} />;
    case "task":
      return <TaskPicker {...props} />;
    case "profile":
      return <ProfilePicker {...props} />;
    case "script":
      return <CodeField {...props} language="javascript" />;
    case "texts":
      return <Texts {...props} />;
    case "by-language":
      return <ByLanguage {...props} />;
    case "table":
      return <Table {...props} />;
    case "nested":
      return <Nested {...props} />;
    case "pairs":
      return <Pairs {...props} />;
    default:
      return <JsonField {...props} />;
  }
}

interface FrameProps {
  problems: readonly string[];
  help?: string | undefined;
  children: ReactNode;
}

function Frame({ problems, help, children }: FrameProps) {
  return (
    <div className={`dc-field ${problems.length ? "dc-field-bad" : ""}`}>
      {children}
      {help && <p className="dc-help">{help}</p>}
      {problems.map((words) => (
        <p className="dc-field-problem" key={words}>
          {words}
        </p>
      ))}
    </div>
  );
}
