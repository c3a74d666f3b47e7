/* The reader's choices, on the root before anything is painted: data-size, data-names, data-light (tokens.css, base.css).
   In <head>, and not deferred. What browsers keep is what preferences_form.js wrote; anything else is passed over. */
(() => {
  "use strict";

  const root = document.documentElement;
  const known = { size: ["xs", "s", "l"], names: ["sq", "sr", "en"], light: ["light", "dark"] };
  root.dataset.script = "";
  for (const choice of Object.keys(known)) {
    let kept;
    try {
      kept = localStorage.getItem(`kosovo-peace-${choice}`);
    } catch {
      return; // the browser keeps nothing for this site
    }
    if (known[choice].includes(kept)) root.dataset[choice] = kept;
  }
})();
