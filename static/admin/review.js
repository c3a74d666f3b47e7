/* The review page: ticks are kept as they are chosen, selected words become the passage of a note, and on the
   form of an edition notes are marked as resolved without leaving it. Without script the buttons do the same. */
"use strict";

/** Send a form; returns the page it leads to. Throws with what the page says when it was refused. */
async function send(form) {
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok) {
    const words = page.querySelector(".messagelist .error, .errornote, #content p");
    throw new Error(words ? words.textContent.trim() : response.statusText);
  }
  return page;
}

/** Put the parts of a page that are marked as such in place of those shown. */
function refresh(page) {
  for (const shown of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.getElementById(shown.id);
    if (fresh) shown.replaceWith(document.adoptNode(fresh));
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  const status = form.querySelector(".kept");
  let sending = Promise.resolve();
  form.addEventListener("change", (event) => {
    const line = event.target.closest("li");
    status.textContent = "Keeping …";
    sending = sending.then(async () => {
      try {
        const page = await send(form);
        refresh(page);
        line.classList.toggle("left", !event.target.value);
        status.textContent = "Kept.";
      } catch (error) {
        status.textContent = `Not kept: ${error.message}`;
      }
    });
  });
}

const passage = document.getElementById("id_passage");
if (passage) {
  let put = passage.value;
  document.addEventListener("mouseup", () => {
    const selection = document.getSelection();
    const start = selection.anchorNode && selection.anchorNode.parentElement;
    const words = selection.toString().trim().replace(/\b(added|removed): /g, "").slice(0, 5000);
    if (!words || !start || !start.closest(".difference, .sentence") || passage.value !== put) return;
    passage.value = put = words;
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-resolve]")) return;
  event.preventDefault();
  const resolving = form.getAttribute("action") === form.dataset.resolve;
  const headers = { "X-Requested-With": "fetch" };
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
    if (response.status !== 204) throw new Error(response.statusText);
  } catch {
    form.submit(); // the page that answers says what is the matter
    return;
  }
  form.setAttribute("action", resolving ? form.dataset.reopen : form.dataset.resolve);
  const button = document.querySelector(`button[form="${form.id}"]`);
  const note = button.closest(".note");
  note.classList.toggle("resolved", resolving);
  note.querySelector(".mark-resolved").textContent = resolving ? "✓ Resolved just now." : "Not resolved.";
  button.querySelector(".label").textContent = resolving ? "Mark as not resolved" : "Mark as resolved";
});
