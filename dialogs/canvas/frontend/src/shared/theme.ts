import { useSyncExternalStore } from "react";

/** The admin theme puts the class `dark` on <html>; people may switch while the page is open. */
export function useDark(): boolean {
  return useSyncExternalStore(watch, () => document.documentElement.classList.contains("dark"));
}

function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  return () => observer.disconnect();
}
