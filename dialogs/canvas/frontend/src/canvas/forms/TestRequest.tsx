import { useState } from "react";
import type { DocNode } from "../../edit/document";
import { sampleOf } from "../../edit/sample";
import { JsonView } from "../../shared/JsonView";
import { Notice, wordsOf } from "../../shared/Notice";
import { type Tried, testRequest } from "../../wire/api";
import type { Json, JsonObject } from "../../wire/canvas";
import { Failure } from "../../wire/http";
import { useEditor } from "../editor";
import { Field } from "./Field";
import { asObject } from "./field";
import { More } from "./More";

interface Props {
  node: DocNode;
  onSet: (key: string, value: Json | undefined) => void;
}

/** The node's request, sent once with sample values; what came back can be kept with the node. */
export function TestRequest(props: Props) {
  const { data, editable } = useEditor();
  const url = data.urls.test_request;
  if (!url || !editable) return null;
  return <More words="Test request">{() => <Trial {...props} url={url} />}</More>;
}

function Trial({ node, onSet, url }: Props & { url: string }) {
  const [context, setContext] = useState<JsonObject>(() => sampleOf(node.properties));
  const [connection, setConnection] = useState("mine");
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<Tried | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const send = async (confirmed: boolean) => {
    setBusy(true);
    setFailure(null);
    setTried(null);
    try {
      const { name, kind, properties } = node;
      setTried(
        await testRequest(url, {
          node: { name, kind, properties },
          context,
          connection,
          confirmed,
        }),
      );
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Field
        name="context"
        schema={{
          type: "object",
          title: "Sample values",
          description: "What the node finds in the context.",
        }}
        value={context}
        onChange={(given) => setContext(asObject(given))}
      />
      <Field
        name="connection"
        schema={{
          type: "string",
          title: "With whose rights",
          enum: ["mine", "app"],
          description: "Mine, as in Talk to Bot, or the App's own.",
        }}
        value={connection}
        onChange={(given) => setConnection(given === "app" ? "app" : "mine")}
      />
      <button type="button" className="dc-button" disabled={busy} onClick={() => send(false)}>
        {busy ? "Sending…" : "Send"}
      </button>
      {failure !== null && (
        <Notice action={<Confirm failure={failure} onConfirm={() => send(true)} />}>
          {wordsOf(failure)}
        </Notice>
      )}
      {tried && <Result tried={tried} node={node} onSet={onSet} />}
    </>
  );
}

function Confirm({ failure, onConfirm }: { failure: unknown; onConfirm: () => void }) {
  const code = failure instanceof Failure ? (failure.body as { code?: string } | null)?.code : "";
  if (code !== "request_changes") return null;
  return (
    <button type="button" className="dc-button" onClick={onConfirm}>
      Send it
    </button>
  );
}

function Result({ tried, node, onSet }: Props & { tried: Tried }) {
  const { status, outcome, duration_ms, message, request, headers, body, logs, sample } = tried;
  const [kept, setKept] = useState(false);
  const good = outcome === "answered" && (status ?? 0) < 400;
  const keep = () => {
    const earlier = Array.isArray(node.properties.samples) ? node.properties.samples : [];
    onSet("samples", [...earlier, sample]);
    setKept(true);
  };
  return (
    <>
      <Notice tone={good ? "good" : "bad"}>
        {status === null ? outcome.replaceAll("_", " ") : `Status ${status}`} in {duration_ms} ms.{" "}
        {message}
      </Notice>
      {body !== null && <JsonView name="body" value={body} />}
      <JsonView name="headers" value={headers} open={false} />
      {request && <JsonView name="request" value={request} open={false} />}
      {logs.length > 0 && <JsonView name="logs" value={logs} />}
      {sample && (
        <button type="button" className="dc-button" disabled={kept} onClick={keep}>
          {kept ? "Saved with the node" : "Save as sample response"}
        </button>
      )}
    </>
  );
}
