/* A note opens where it is referred to: beside its line where the margin is free, below its paragraph elsewhere.
   Focus goes to it and, by Escape, “Close” or the number again, back to the number. What it shows is copied from the
   list of sources in the page.

   In that list each source of a note gets its link to report a mistake, and each place that refers to the note an
   arrow that leads back to it.

   A page without it works: the number leads to its note in that list, the arrow there leads back to the first place,
   and a link above the list to the readers' form. */
(() => {
  "use strict";

  const article = document.querySelector("article.record");
  const links = article ? [...article.querySelectorAll("a[role='doc-noteref']")] : [];
  if (!links.length) return;

  const list = article.querySelector(".notes");

  /** The link to the readers' form, filled in on the server with the words of this source of a note. */
  const reportLink = (part, name) => {
    const { figure, citation } = part.dataset;
    const key = figure ?? citation ?? part.querySelector("a").pathname.split("/").at(-2);
    const link = document.createElement("a");
    link.className = "report";
    link.rel = "nofollow";
    link.href = `${list.dataset.report}&${new URLSearchParams({ [figure ? "figure" : "citation"]: key })}`;
    link.textContent = "Report a mistake";
    link.setAttribute("aria-label", `Report a mistake: ${name}`);
    return link;
  };

  for (const note of list.dataset.report ? list.children : []) {
    const parts = note.querySelectorAll(".note-part");
    const name = `note ${note.id.split("-")[1]}`;
    parts.forEach((part, n) => part.append(reportLink(part, parts.length > 1 ? `${name}, source ${n + 1}` : name)));
  }

  const places = new Map(); // how many places have referred to a note, by its id
  for (const link of links) {
    const place = (places.get(link.hash) ?? 0) + 1;
    places.set(link.hash, place);
    const back = document.getElementById(link.hash.slice(1))?.querySelector(".back-links");
    if (place === 1 || !back) continue;
    const arrow = back.firstElementChild.cloneNode(true);
    arrow.href = `#${link.id}`;
    arrow.setAttribute("aria-label", `Back to the text, place ${place}`);
    back.append(" ", arrow);
  }

  const panel = document.createElement("div");
  panel.className = "opened-note";
  panel.tabIndex = -1;
  panel.setAttribute("role", "note");
  const side = article.querySelector(".side");
  let opener = null; // the link whose note is open
  let row = null; // of a table, where it stands in one
  let stands = ""; // "beside" or "below"

  const aboutSource = new Map(); // what the list says of a source where it is first named, by the address of its page
  for (const said of article.querySelectorAll(".notes .about-source")) {
    aboutSource.set(said.parentElement.querySelector("a").pathname, said);
  }

  for (const link of links) link.setAttribute("aria-expanded", "false");

  const made = (name, className, ...content) => {
    const element = document.createElement(name);
    element.className = className;
    element.append(...content);
    return element;
  };

  /** Fill the panel with the note of a link: what the list says of its source elsewhere stands here too. */
  const fill = (link, note) => {
    const name = link.getAttribute("aria-label");
    const button = made("button", "close", "Close");
    button.type = "button";
    button.setAttribute("aria-label", `Close ${name.toLowerCase()}`);
    button.addEventListener("click", () => close(true));
    panel.setAttribute("aria-label", name);
    panel.replaceChildren(made("p", "opened-head", made("span", "label", name), " ", button));
    for (const part of note.querySelectorAll(".note-part")) {
      const copy = part.cloneNode(true);
      if (!copy.querySelector(".about-source")) {
        const said = aboutSource.get(part.querySelector("a").pathname)?.cloneNode(true);
        if (said) copy.querySelector(".evidence").after(said);
      }
      panel.append(copy);
    }
    const inTheList = made("a", "", "This note in the list of sources");
    inTheList.href = link.hash;
    const foot = made("p", "opened-foot", inTheList);
    const meaning = panel.querySelector(".not-compared") && document.querySelector("a.what-compared");
    if (meaning) {
      const what = made("a", "", "What “not yet compared” means");
      what.href = meaning.href;
      foot.append(" ", what);
    }
    panel.append(foot);
  };

  /** Insert the panel after what the reader is reading: the paragraph, the entry of a list, the row or the table. */
  const insert = () => {
    const table = opener.closest(".table-scroll, table");
    const line = opener.closest("tbody tr");
    const block = opener.closest("p, h1, h2, h3, h4, .inline-list");
    row?.remove();
    row = null;
    if (line && stands === "below") {
      row = made("tr", "note-row");
      const cell = row.insertCell();
      cell.colSpan = [...line.cells].reduce((columns, one) => columns + one.colSpan, 0);
      cell.append(panel);
      line.after(row);
    } else if (table) {
      table.after(panel);
    } else if (block) {
      block.after(panel);
    } else {
      const entry = opener.closest("li, dd, figcaption, blockquote, div");
      const after = (one) => opener.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
      const nested = [...entry.children].find((one) => one.matches("ul, ol, details") && after(one));
      entry.insertBefore(panel, nested || null);
    }
  };

  /** Where it is to stand: in the margin below the infobox, where there is one; never on top of anything. */
  const place = () => {
    if (!opener) return;
    const text = opener.closest(".text")?.getBoundingClientRect();
    const margin = side?.getBoundingClientRect();
    const taken = side?.lastElementChild?.getBoundingClientRect().bottom ?? 0;
    const line = opener.getBoundingClientRect();
    const beside = Boolean(text && margin && margin.left >= text.right && line.top > taken + 8);
    const now = beside ? "beside" : "below";
    if (now !== stands) {
      const focused = panel.contains(document.activeElement);
      stands = now;
      panel.classList.toggle("beside", beside);
      insert();
      if (focused) panel.focus({ preventScroll: true });
    }
    panel.style.left = beside ? `${margin.left - text.left}px` : "";
    panel.style.width = beside ? `${margin.width}px` : "";
    panel.style.marginTop = "";
    if (beside) panel.style.marginTop = `${line.top - panel.getBoundingClientRect().top}px`;
  };

  /** Do what moves the page, and keep a line of it where the reader sees it. */
  const holding = (line, work) => {
    const before = line.getBoundingClientRect().top;
    work();
    scrollBy({ top: line.getBoundingClientRect().top - before, behavior: "instant" });
  };

  const takeAway = () => {
    opener?.setAttribute("aria-expanded", "false");
    panel.remove();
    row?.remove();
    opener = row = null;
    stands = "";
  };

  const close = (returning) => {
    const link = opener;
    holding(link, takeAway);
    if (returning) link.focus();
  };

  const open = (link, note) => {
    holding(link, () => {
      takeAway();
      opener = link;
      link.setAttribute("aria-expanded", "true");
      fill(link, note);
      place();
    });
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  };

  article.addEventListener("click", (event) => {
    const link = event.target.closest("a[role='doc-noteref']");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const note = document.getElementById(link.hash.slice(1));
    if (!note) return;
    event.preventDefault();
    event.stopPropagation(); // it is no way to another place of the page
    if (link === opener) close(true);
    else open(link, note);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !opener || document.querySelector(".report-selection")) return;
      const at = document.activeElement;
      if (!at.matches("input, select, textarea")) close(at === document.body || at === opener || panel.contains(at));
    },
    true,
  );
  // Other text sizes, narrower windows and unfolded parts move the line.
  new ResizeObserver(place).observe(article);
})();
