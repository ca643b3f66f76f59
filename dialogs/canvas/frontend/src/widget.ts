import { XoChat } from "./widget/XoChat";

/** A page may name the script twice; an element is defined once. */
if (!customElements.get("xo-chat")) customElements.define("xo-chat", XoChat);
