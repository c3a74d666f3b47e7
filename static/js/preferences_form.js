/* The form of the footer that sets the reader's choices, keeps them in this browser and applies them at once. */
(() => {
  "use strict";

  const root = document.documentElement;
  const form = document.getElementById("preferences");

  for (const field of form.querySelectorAll("select")) field.value = root.dataset[field.name] || "";

  form.addEventListener("change", ({ target }) => {
    const key = `kosovo-peace-${target.name}`;
    if (target.value) root.dataset[target.name] = target.value;
    else delete root.dataset[target.name];
    let kept = true;
    try {
      if (target.value) localStorage.setItem(key, target.value);
      else localStorage.removeItem(key);
    } catch {
      kept = false;
    }
    form.querySelector("output").value = kept
      ? "Kept in this browser, sent to nobody."
      : "This browser keeps nothing: the choice holds for this page.";
  });
})();
