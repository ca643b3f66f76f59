// Small behaviours of our own pages, bound by attribute so that no page needs inline script:
//   data-open="id"     opens the <dialog> with that id
//   data-close         closes the dialog it is in
//   data-copy="text"   copies the text (or the value of the element named by data-copy-from) and says so
//   data-confirm="…"   asks before a form is sent
//   data-once          a form that cannot be sent twice; its button shows that something happens
// It also closes open menus (details.xo-menu, details.xo-switcher) on Escape and on a click elsewhere.
(() => {
  const menus = "details.xo-menu[open], details.xo-switcher[open]";

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    for (const menu of document.querySelectorAll(menus)) {
      if (!menu.contains(target)) menu.open = false;
    }
    const opener = target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    target.closest("[data-close]")?.closest("dialog")?.close();
    const copier = target.closest("[data-copy], [data-copy-from]");
    if (copier) copy(copier);
  });

  // The theme writes a chosen file's name into a text field three steps up, and fails where a page has none.
  const nameless = (input) => !input.parentNode.parentNode.parentNode.querySelector("input[type=text]");
  document.addEventListener(
    "change",
    (event) => {
      const input = event.target;
      if (input instanceof HTMLInputElement && input.type === "file" && input.closest(".xo-page") && nameless(input)) {
        event.stopPropagation();
      }
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(menus)) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
      event.preventDefault();
      return;
    }
    if ("once" in form.dataset) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
      event.submitter?.setAttribute("aria-disabled", "true");
      event.submitter?.setAttribute("aria-busy", "true");
    }
  });

  // A page restored by the Back button must accept its form again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-busy]")) {
        button.removeAttribute("aria-busy");
        button.removeAttribute("aria-disabled");
      }
    }
  });

  async function copy(button) {
    const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
    const text = source ? source.value || source.textContent.trim() : button.dataset.copy;
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      source?.select?.();
      button.textContent = "Press Ctrl+C";
    }
    window.setTimeout(() => (button.textContent = before), 1600);
  }
})();
