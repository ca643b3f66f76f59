/** The code editor lies in a script of its own, which is fetched when the first one is to be seen. */
type Code = typeof import("../../code/editor");

let code: Promise<Code> | null = null;

export function loadCode(): Promise<Code> {
  const url = document.querySelector<HTMLElement>("[data-code]")?.dataset.code;
  if (!url) return Promise.reject(new Error("the page does not say where its code editor is"));
  code ??= import(/* @vite-ignore */ new URL(url, document.baseURI).href) as Promise<Code>;
  code.catch(() => {
    code = null;
  });
  return code;
}
