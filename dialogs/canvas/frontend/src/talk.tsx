import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/talk.css";
import "./styles/debug.css";
import { createRoot } from "react-dom/client";
import { TalkPage } from "./talk/TalkPage";

const root = document.getElementById("talk-root");
if (root?.dataset.messages) {
  const { messages, task, title } = root.dataset;
  const only = task ? Number(task) : null;
  createRoot(root).render(<TalkPage messages={messages} task={only} title={title ?? ""} />);
}
