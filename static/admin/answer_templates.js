/* Templates for answers: with script they are put in where the cursor stands, and nothing typed is replaced. */
"use strict";

for (const list of document.querySelectorAll(".answer-templates")) {
  const field = document.getElementById(`id_${list.dataset.field}`);
  if (!field) continue;
  list.querySelector("[data-how]").textContent =
    "Its words are put into the field where your cursor stands. What you have typed stays.";
  for (const link of list.querySelectorAll("a[data-words]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = link.textContent;
    button.addEventListener("click", () => {
      const { selectionEnd: at, value } = field;
      const before = value.slice(0, at) && !/\s$/.test(value.slice(0, at)) ? " " : "";
      const after = value.slice(at) && !/^\s/.test(value.slice(at)) ? " " : "";
      field.setRangeText(`${before}${link.dataset.words}${after}`, at, at, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    link.replaceWith(button);
  }
}
