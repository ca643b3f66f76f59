import { type RefObject, useLayoutEffect } from "react";

/** Lets an element reach down to the lower edge of the window, whatever the page puts above it. */
export function useFill(ref: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => {
    const fill = () => {
      const top = ref.current ? ref.current.getBoundingClientRect().top + window.scrollY : 0;
      const around = Math.ceil(top + gapBelow(ref.current));
      ref.current?.style.setProperty("--dc-around", `${around}px`);
    };
    fill();
    window.addEventListener("resize", fill);
    const observer = new ResizeObserver(fill);
    observer.observe(document.body);
    return () => {
      window.removeEventListener("resize", fill);
      observer.disconnect();
    };
  }, [ref]);
}

/** What the page keeps free below the element. */
function gapBelow(element: HTMLElement | null): number {
  let gap = 0;
  for (let outer = element?.parentElement; outer; outer = outer.parentElement) {
    const style = getComputedStyle(outer);
    gap += Number.parseFloat(style.paddingBottom) + Number.parseFloat(style.marginBottom);
  }
  return gap;
}
