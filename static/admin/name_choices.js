/* Names the lists of choices for those who do not see them: select2 gives an empty one no name at all. */
"use strict";

(() => {
  const describe = (select) => {
    const shown = select.nextElementSibling?.querySelector(".select2-selection--single .select2-selection__rendered");
    if (!shown) return;
    const name = (select.labels[0]?.textContent || select.getAttribute("aria-label") || "").trim().replace(/:$/, "");
    const chosen = select.selectedOptions[0]?.textContent.trim() || "nothing chosen";
    shown.setAttribute("aria-label", `${name}: ${chosen}`);
  };
  const describeAll = () => document.querySelectorAll("select.admin-autocomplete").forEach(describe);

  window.addEventListener("load", () => {
    const $ = window.django?.jQuery;
    if (!$) return;
    $(describeAll); // after Django's own script has made the lists
    $(document).on("change", "select.admin-autocomplete", (event) => describe(event.target));
  });
  document.addEventListener("formset:added", () => setTimeout(describeAll));
})();
