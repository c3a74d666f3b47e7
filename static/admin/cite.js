// “Cite here” in a dialog over the form of an edition: the page it otherwise opens, without leaving
// what is being written. The marker lands at the cursor.
"use strict";

{
  const HEADERS = { Accept: "application/json" };
  const SEARCH_AFTER = 250; // milliseconds without a key
  const LOST =
    "The server did not answer as it should, so nothing is cited yet; what you typed stays here. " +
    "Perhaps you were logged out: log in again in another tab, then press the button once more.";

  const dialog = document.createElement("dialog");
  dialog.className = "cite-dialog";
  dialog.setAttribute("aria-labelledby", "cite-dialog-title");
  dialog.innerHTML =
    '<div class="cite-dialog-head"><h2 id="cite-dialog-title">Cite here</h2>' +
    '<button type="button" class="button cite-close">Close</button></div>' +
    '<p class="errornote" role="alert" hidden></p><div class="cite-body"></div>';
  const body = dialog.querySelector(".cite-body");
  const alert = dialog.querySelector(".errornote");

  let textarea = null; // where the marker goes
  let address = "";
  let searches = 0;
  let waiting;
  let tokenIsOld = false;

  const say = (text) => {
    alert.textContent = text;
    alert.hidden = !text;
  };

  const ask = async (where, options = {}) => {
    const answer = await fetch(where, { headers: HEADERS, credentials: "same-origin", ...options });
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error(LOST);
    return answer.json();
  };

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  const show = (html) => {
    body.replaceChildren(...parsed(html).body.childNodes);
    body.querySelector("button[name=find]").type = "button"; // Enter elsewhere is not to search
  };

  const open = async (button) => {
    textarea = document.getElementById(button.dataset.textarea);
    address = button.dataset.address;
    say("");
    dialog.showModal();
    try {
      if (!body.querySelector("form")) show((await ask(address)).form);
      body.querySelector("[name=q]").focus();
    } catch {
      say("The form did not come. Perhaps you were logged out: log in again in another tab, then try once more.");
    }
  };

  const search = async () => {
    const form = body.querySelector("form");
    const query = new URLSearchParams({ q: form.elements.q.value });
    const chosen = form.querySelector("[name=choice]:checked");
    if (chosen) query.set("choice", chosen.value);
    const number = ++searches;
    try {
      const found = parsed((await ask(`${address}&${query}`)).form);
      if (number !== searches) return; // a later one was faster
      body.querySelector(".cite-found").replaceWith(found.querySelector(".cite-found"));
      body.querySelector(".cite-count").textContent = found.querySelector(".cite-count").textContent;
    } catch (error) {
      say(error.message);
    }
  };

  const insert = (marker) => {
    textarea.focus();
    textarea.setSelectionRange(textarea.selectionEnd, textarea.selectionEnd);
    // Typed rather than set, so that the browser can undo it.
    if (!document.execCommand("insertText", false, marker)) {
      textarea.setRangeText(marker, textarea.selectionEnd, textarea.selectionEnd, "end");
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const noteVersion = (before, version) => {
    // Only where nobody else saved in between: otherwise the form must go on to say so.
    const seen = textarea.form.elements.seen_version;
    if (seen && seen.value === String(before)) seen.value = String(version);
  };

  const showPanel = (html) => {
    const panel = document.getElementById("citations-panel");
    if (!panel) return;
    const fresh = parsed(html).getElementById("citations-panel");
    const [was, is] = [panel, fresh].map((one) => one.querySelector("details"));
    if (was && is) is.open = was.open;
    panel.replaceWith(fresh);
  };

  const renewToken = async (form) => {
    const fresh = parsed((await ask(address)).form).querySelector("[name=csrfmiddlewaretoken]");
    form.elements.csrfmiddlewaretoken.value = fresh.value;
    tokenIsOld = false;
  };

  const send = async (form) => {
    say("");
    const button = form.querySelector("button[name=cite]");
    button.disabled = true;
    try {
      if (tokenIsOld) await renewToken(form);
      const answer = await ask(address, { method: "POST", body: new FormData(form) });
      if (answer.marker) {
        body.replaceChildren();
        dialog.close();
        noteVersion(answer.before, answer.version);
        showPanel(answer.panel);
        insert(answer.marker);
      } else if (answer.form) {
        show(answer.form);
        (body.querySelector("[aria-invalid=true]") || body.querySelector(".errornote")).focus();
      } else {
        say(answer.error || LOST);
      }
    } catch {
      tokenIsOld = true;
      say(LOST);
    } finally {
      button.disabled = false;
    }
  };

  const offer = (link) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.textContent = "Cite here";
    button.dataset.textarea = link.dataset.textarea;
    button.dataset.address = link.href;
    button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", () => open(button));
    link.replaceWith(button);
  };

  document.body.append(dialog);
  document.querySelectorAll("a.cite-here").forEach(offer);
  dialog.querySelector(".cite-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => textarea && textarea.focus());
  body.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target);
  });
  body.addEventListener("click", (event) => {
    if (event.target.name === "find") search();
  });
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.name === "q") {
      event.preventDefault();
      search();
    }
  });
  body.addEventListener("input", (event) => {
    if (event.target.name === "q") {
      clearTimeout(waiting);
      waiting = setTimeout(search, SEARCH_AFTER);
    } else if (event.target.name?.startsWith("new-")) {
      body.querySelector("[name=choice][value=new]").checked = true;
    }
  });
}
