import "@xyflow/react/dist/base.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/canvas.css";
import "./styles/nodes.css";
import "./styles/panel.css";
import "./styles/editor.css";
import "./styles/forms.css";
import "./styles/talk.css";
import "./styles/debug.css";
import { createRoot } from "react-dom/client";
import { CanvasPage } from "./canvas/CanvasPage";

const root = document.getElementById("canvas-root");
if (root?.dataset.source) {
  createRoot(root).render(<CanvasPage source={root.dataset.source} />);
}
