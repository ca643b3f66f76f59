// Looks again every so many seconds, without taking the page away from under anybody: not while it is hidden, while
// something in it is open or focused, or while text is selected. A look that fails leaves what is there.
(() => {
  const page = () => document.getElementById("vault");
  const busy = () =>
    document.hidden ||
    page().contains(document.activeElement) ||
    page().querySelector("details[open]") !== null ||
    String(window.getSelection()) !== "";

  async function look() {
    if (busy()) return;
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || busy()) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("vault");
    if (fresh) page().replaceWith(fresh);
  }

  window.setInterval(look, Number(page().dataset.again) * 1000);
})();
