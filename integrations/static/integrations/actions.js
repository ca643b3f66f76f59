// Configurations: the edition that may not be authorized, the trip to the provider, waiting for its end, the dialog
// after the first Enable, and rows of key and value. Everything here also works, more plainly, without scripts.
(() => {
  const form = document.querySelector("form[data-configuration]");
  if (form) {
    refuseEditions(form);
    rememberChoices(form);
    submitByMethod(form);
    form.addEventListener("submit", (event) => authorize(event, form));
  }
  const waiting = document.querySelector("[data-waiting]:not([hidden])");
  if (waiting) poll(waiting);
  document.querySelector("dialog[data-show]")?.matches("[open]") && showModal(document.querySelector("dialog[data-show]"));
  document.querySelectorAll("[data-pairs]").forEach(pairs);

  function refuseEditions(form) {
    const rest = form.querySelector("[data-rest]");
    const update = () => {
      const refused = form.querySelector("[data-refused]:checked") !== null;
      rest.disabled = refused || rest.dataset.locked === "1";
      rest.inert = refused; // links are not disabled with their fieldset
    };
    form.addEventListener("change", update);
    update();
  }

  // Enter presses a form's first button even where it is hidden: only the chosen method's button may be pressed.
  function submitByMethod(form) {
    const update = () => {
      const people = form.querySelector('input[name="authorization_type"][value="allow_users"]:checked') !== null;
      const basic = form.querySelector('input[name="method"][value="basic"]:checked') !== null;
      const only = (selector, isUsed) =>
        form.querySelectorAll(selector).forEach((button) => (button.type = isUsed ? "submit" : "button"));
      only(".integration-basic button", basic && !people);
      only("[data-people]", people);
      only("[data-authorize]", !basic && !people);
    };
    form.addEventListener("change", update);
    update();
  }

  // The way to "Create New" and back keeps what was chosen but not yet saved.
  function rememberChoices(form) {
    const link = form.querySelector("a[data-create-profile]");
    if (!link) return;
    const update = () => {
      const back = new URL(link.dataset.next, location.origin);
      for (const name of ["edition", "authorization_type", "card"]) {
        const chosen = form.querySelector(`input[name="${name}"]:checked`);
        if (chosen) back.searchParams.set(name, chosen.value);
      }
      const target = new URL(link.href);
      target.searchParams.set("next", back.pathname + back.search);
      link.href = target.href;
    };
    form.addEventListener("change", update);
    update();
  }

  async function authorize(event, form) {
    const button = event.submitter;
    if (!button || button.dataset.authorize === undefined) return;
    event.preventDefault();
    // Opened inside the click, or browsers take it for an unwanted pop-up.
    const tab = window.open("about:blank", "_blank");
    const answer = await send(form.action, new FormData(form));
    if (answer.done) {
      tab?.close();
      return location.assign(answer.done);
    }
    if (!answer.url) {
      tab?.close();
      return refuse(form, answer.error);
    }
    form.querySelector("[data-refusal-of-flow]").hidden = true;
    const waiting = document.querySelector("[data-waiting]");
    waiting.hidden = false;
    document.querySelectorAll("[data-outcome]").forEach((note) => (note.hidden = true));
    waiting.scrollIntoView({ block: "nearest" });
    waiting.focus();
    const link = waiting.querySelector("[data-provider-link]");
    link.href = answer.url;
    link.hidden = false;
    if (tab) tab.location = answer.url;
    poll(waiting);
  }

  async function send(address, body) {
    try {
      const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      return await response.json();
    } catch {
      return { error: "The server did not answer. Nothing was started. Check your network and try again." };
    }
  }

  function refuse(form, words) {
    const note = form.querySelector("[data-refusal-of-flow]");
    note.querySelector("[data-words]").textContent = words;
    note.hidden = false;
    note.focus();
  }

  function poll(waiting) {
    if (waiting.dataset.polling) return;
    waiting.dataset.polling = "1";
    const ask = async () => {
      let state = "waiting";
      try {
        const response = await fetch(waiting.dataset.waiting, { headers: { Accept: "application/json" } });
        if (response.ok) state = (await response.json()).state;
      } catch {
        // A lost connection is not an outcome: ask again.
      }
      if (state === "waiting") window.setTimeout(ask, 2000);
      else location.assign(waiting.dataset.back);
    };
    window.setTimeout(ask, 1500);
  }

  function showModal(dialog) {
    dialog.close();
    dialog.showModal();
    // A reload must not congratulate again.
    const plain = new URL(location.href);
    plain.searchParams.delete("enabled");
    history.replaceState(null, "", plain);
    dialog.addEventListener("click", (event) => {
      if (event.target.closest("[data-close-dialog]")) {
        event.preventDefault();
        dialog.close();
      }
    });
  }

  function pairs(group) {
    const add = group.querySelector("[data-pair-add]");
    const label = () => {
      group.querySelectorAll("[data-pair-remove]").forEach((button) => (button.hidden = false));
    };
    add.hidden = false;
    label();
    group.addEventListener("click", (event) => {
      const rows = group.querySelectorAll(".integration-pair");
      if (event.target === add) {
        const row = rows[rows.length - 1].cloneNode(true);
        row.querySelectorAll("input").forEach((input) => (input.value = ""));
        add.before(row);
        row.querySelector("input").focus();
      }
      const remove = event.target.closest("[data-pair-remove]");
      if (!remove) return;
      const row = remove.closest(".integration-pair");
      if (rows.length > 1) row.remove();
      else row.querySelectorAll("input").forEach((input) => (input.value = ""));
      add.focus();
    });
  }
})();
