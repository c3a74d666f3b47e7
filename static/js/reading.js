/* What a long page folds: opened by a link to something in it, and for print. The list of contents follows the reader.
   Tables whose rows stand as blocks on a phone are still called tables.

   A page without it works: browsers open what is folded around the target of a link, or it takes a click. */
(() => {
  "use strict";

  const AT_THE_TOP = 80; // pixels: a link of the contents leads there, however short the part is
  const contents = document.querySelector(".contents");

  const reveal = (id) => {
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.matches("details")) at.open = true;
    target.scrollIntoView({ behavior: "instant" });
  };
  const named = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  };
  window.addEventListener("hashchange", () => reveal(named()));
  if (location.hash) reveal(named());
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || link.hash !== location.hash) return; // the same address again is no change of it
    setTimeout(() => event.defaultPrevented || reveal(named()));
  });

  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("main details:not([open])")];
    for (const part of closed) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
    closed = [];
  });

  // A page that the browser kept as it was left shows again what it was asked for, not what was chosen to leave it.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("main form[method='get']")) form.reset();
  });

  // What the style shows unfolded is open for programs that read the page as well; older browsers need it to be.
  const byStyle = CSS.supports("selector(::details-content)");
  for (const part of document.querySelectorAll(".unfolds")) {
    const shown = byStyle ? getComputedStyle(part.firstElementChild).display === "none" : innerWidth > 1100;
    if (shown) part.open = true;
  }

  // Some browsers forget what a table is where its rows are shown as blocks.
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };
  for (const table of document.querySelectorAll("table.stacks")) {
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tr, td, th")]) {
      const heading = part.scope === "col" ? "columnheader" : "rowheader";
      part.setAttribute("role", roles[part.localName] ?? heading);
    }
  }

  if (!contents) return;
  const links = [...contents.querySelectorAll("a")];
  const places = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  let current;
  let waiting = false;
  const follow = () => {
    waiting = false;
    const passed = places.findLastIndex((place) => place && place.getBoundingClientRect().top < AT_THE_TOP);
    if (links[passed] === current) return;
    current?.removeAttribute("aria-current");
    current = links[passed];
    if (!current) return;
    current.setAttribute("aria-current", "true");
    const [list, entry] = [contents.getBoundingClientRect(), current.getBoundingClientRect()];
    if (entry.top < list.top || entry.bottom > list.bottom) {
      contents.scrollTop += entry.top - list.top - contents.clientHeight / 2;
    }
  };
  document.addEventListener(
    "scroll",
    () => {
      if (!waiting) requestAnimationFrame(follow);
      waiting = true;
    },
    { passive: true },
  );
  follow();
})();
