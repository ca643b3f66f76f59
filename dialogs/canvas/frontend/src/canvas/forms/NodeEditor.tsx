import { childrenOf } from "../../edit/document";
import { lookOf } from "../../graph/kinds";
import type { GraphNode } from "../../graph/model";
import type { Json, JsonObject } from "../../wire/canvas";
import { type Editor, isSilent, kindOf, useEditor } from "../editor";
import { Section } from "../panel/Section";
import { NodeLink } from "../panel/Ways";
import { CloseButton, Side } from "../Side";
import { NameField } from "./NameField";
import { nodeProblems } from "./problems";
import { RequestForm } from "./RequestForm";
import { SchemaForm } from "./SchemaForm";
import { TestRequest } from "./TestRequest";
import { WaysForm } from "./WaysForm";

/** Everything an author can say about one node, in a form made for its kind. */
export function NodeEditor({ node }: { node: GraphNode }) {
  const editor = useEditor();
  const { data, doc, model, selection, edit } = editor;
  const { icon: Icon, label } = lookOf(node.kind);
  const own = doc.nodes.get(node.name);
  if (!own) return null;
  const info = kindOf(data, node.kind);
  const problems = nodeProblems(model, node, Object.keys(info?.schema.properties ?? {}));
  const set = (key: string, value: Json | undefined) => {
    const { [key]: _, ...rest } = own.properties;
    const properties: JsonObject = value === undefined ? rest : { ...own.properties, [key]: value };
    edit(
      `Change ${node.title}`,
      [{ op: "set_node", name: node.name, properties }],
      `${node.name}.${key}`,
    );
  };
  const form = { node: own, info, problems: problems.byProperty, onSet: set };
  return (
    <Side
      name="properties"
      label={`${label} ${node.title}`}
      className={`dc-side-node dc-k-${node.kind}`}
      usual={400}
    >
      <header>
        <span className="dc-kind" title={info?.help}>
          <Icon size={17} aria-hidden="true" />
        </span>
        <div>
          <input
            className="dc-title-field"
            aria-label="Title"
            placeholder={node.name}
            maxLength={200}
            value={own.title}
            onChange={(event) =>
              edit(
                "Change title",
                [{ op: "set_node", name: node.name, title: event.target.value }],
                `${node.name} title`,
              )
            }
          />
          <p>{label}</p>
          <NameField node={own} />
        </div>
        <CloseButton onClick={() => selection.select(null)} />
      </header>
      <div className="dc-side-body">
        {problems.general.map((message) => (
          <p className="dc-node-problem" key={message}>
            {message}
          </p>
        ))}
        {node.kind === "service" && <RequestForm {...form} />}
        <SchemaForm {...form} />
        {node.kind === "service" && <TestRequest key={node.name} node={own} onSet={form.onSet} />}
        <Inside editor={editor} node={node} />
        {node.children.length > 0 && (
          <Section title="Steps inside">
            {node.children.map((id) => (
              <NodeLink key={id} node={model.nodes.get(id)} onShow={selection.show} />
            ))}
          </Section>
        )}
        <WaysForm node={own} />
      </div>
    </Side>
  );
}

/** Into a bot action, out of it, or into another: its lines are cut, for none crosses a border. */
function Inside({ editor, node }: { editor: Editor; node: GraphNode }) {
  const { doc, data, edit } = editor;
  const containers = [...doc.nodes.values()].filter(
    (one) => one.kind === "bot_action" && one.name !== node.name,
  );
  const can = isSilent(data, node.kind) && childrenOf(doc, node.name).length === 0;
  if (containers.length === 0 || (!can && !node.parent)) return null;
  const move = (parent: string | null) => {
    const cut = [...doc.ways].flatMap(([source, ways]) => {
      const next = ways.map((way) =>
        source === node.name || way.target === node.name ? { ...way, target: null } : way,
      );
      const kept = source === node.name ? [] : next;
      return next.some((way, at) => way.target !== ways[at]?.target) || source === node.name
        ? [{ op: "set_transitions" as const, source, transitions: kept }]
        : [];
    });
    edit("Move between bot actions", [...cut, { op: "set_node", name: node.name, parent }]);
  };
  return (
    <label className="dc-field">
      <span className="dc-label">Part of</span>
      <select
        className="dc-input"
        value={node.parent ?? ""}
        onChange={(event) => move(event.target.value || null)}
      >
        <option value="">No bot action</option>
        {containers.map((one) => (
          <option key={one.name} value={one.name}>
            {one.title || one.name}
          </option>
        ))}
      </select>
    </label>
  );
}
