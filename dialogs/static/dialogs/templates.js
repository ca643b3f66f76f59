// Explore Templates: while a worker installs, the page is fetched again every second and its content replaced.
(() => {
  const PAUSE = 1000;

  async function refresh() {
    try {
      const response = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-templates]");
      if (response.ok && fresh) document.querySelector("[data-templates]").replaceWith(fresh);
    } catch {
      // The next round tries again; the page still shows what was known last.
    }
    wait();
  }

  function wait() {
    if (document.querySelector("[data-templates][data-busy]")) window.setTimeout(refresh, PAUSE);
  }

  document.addEventListener("submit", (event) => {
    const working = event.submitter?.dataset.working;
    if (working) event.submitter.textContent = working;
  });

  wait();
})();
