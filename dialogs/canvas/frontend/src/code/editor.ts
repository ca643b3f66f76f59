/** The code editor of scripts and JSON: CodeMirror with completion of what is in the context. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript, javascriptLanguage } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Variable } from "../wire/canvas";

export type Language = "javascript" | "json";

export interface CodeEditor {
  setText(text: string): void;
  setDark(dark: boolean): void;
  close(): void;
}

export interface EditorOptions {
  parent: HTMLElement;
  language: Language;
  label: string;
  text: string;
  dark: boolean;
  variables: () => readonly Variable[];
  onChange: (text: string) => void;
}

export function openEditor(options: EditorOptions): CodeEditor {
  const theme = new Compartment();
  let told = options.text;
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": options.label }),
        ...languageOf(options),
        theme.of(looks(options.dark)),
        // Escape leaves the field for those who work with the keyboard, Tab indents in it.
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          indentWithTab,
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          const text = update.state.doc.toString();
          if (text === told) return;
          told = text;
          options.onChange(text);
        }),
      ],
    }),
  });
  return {
    setText(text) {
      // What was typed here comes back as it is: only others' changes are put in.
      if (text === told || text === view.state.doc.toString()) return;
      told = text;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setDark: (dark) => view.dispatch({ effects: theme.reconfigure(looks(dark)) }),
    close: () => view.destroy(),
  };
}

function languageOf({ language, variables }: EditorOptions): Extension[] {
  if (language === "json") {
    const inTemplates = (context: CompletionContext) =>
      complete(context, /\{\{\s*[\w.]*$/, variables);
    return [json(), autocompletion({ override: [inTemplates] })];
  }
  const inScripts = (context: CompletionContext) =>
    complete(context, /\bcontext[\w.?]*$/, variables);
  const helpers = (context: CompletionContext) => {
    const word = context.matchBefore(/\b[a-z]\w*$/);
    return word && word.text.length > 1 ? { from: word.from, options: HELPERS } : null;
  };
  return [
    javascript(),
    javascriptLanguage.data.of({ autocomplete: inScripts }),
    javascriptLanguage.data.of({ autocomplete: helpers }),
    autocompletion(),
  ];
}

const HELPERS: Completion[] = [
  { label: "context", type: "variable", info: "What the conversation knows" },
  { label: "print", type: "function", apply: "print(", info: "Says it to the person" },
  { label: "console.log", type: "function", apply: "console.log(", info: "Writes it to the trace" },
];

function complete(
  context: CompletionContext,
  pattern: RegExp,
  variables: () => readonly Variable[],
) {
  const typed = context.matchBefore(pattern);
  if (!typed) return null;
  const from = typed.from + (typed.text.match(/^\{\{\s*/)?.[0].length ?? 0);
  const options = variables().map(
    ({ path, kind }): Completion => ({ label: path, detail: kind, type: "variable" }),
  );
  return { from, options, validFor: /^[\w.]*$/ };
}

function looks(dark: boolean): Extension {
  const ink = dark
    ? {
        string: "#6ee7b7",
        number: "#fcd34d",
        keyword: "#c4b5fd",
        comment: "#9ca3af",
        name: "#93c5fd",
      }
    : {
        string: "#047857",
        number: "#b45309",
        keyword: "#7c3aed",
        comment: "#6b7280",
        name: "#1d4ed8",
      };
  const style = HighlightStyle.define([
    { tag: tags.string, color: ink.string },
    { tag: [tags.number, tags.bool, tags.null], color: ink.number },
    { tag: tags.keyword, color: ink.keyword },
    { tag: tags.comment, color: ink.comment, fontStyle: "italic" },
    { tag: tags.propertyName, color: ink.name },
  ]);
  return [syntaxHighlighting(style), EditorView.theme(FRAME, { dark })];
}

const FRAME = {
  "&": {
    border: "1px solid var(--line-strong)",
    borderRadius: "8px",
    backgroundColor: "var(--surface)",
    color: "var(--text-strong)",
    fontSize: "12px",
    maxHeight: "420px",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { minHeight: "72px", caretColor: "var(--text-strong)" },
  ".cm-cursor": { borderLeftColor: "var(--text-strong)" },
  ".cm-gutters": {
    backgroundColor: "var(--sunken)",
    color: "var(--text-soft)",
    border: "0",
    borderRadius: "8px 0 0 8px",
  },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in oklab, var(--accent) 6%, transparent)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "color-mix(in oklab, var(--accent) 25%, transparent)" },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "8px",
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--text-strong)",
  },
};
