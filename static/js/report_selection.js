// Words that are selected in an article can be reported from where they stand: a link to the form, filled in with
// them, stands below. The next Tab leads to it, Escape takes it away. Without script the form at the foot of the
// page does the same.
"use strict";

{
  const LONGEST = 1000; // characters of a passage
  const LONGEST_ADDRESS = 7000; // the server reads queries of up to 8 kB
  const AFTER = 300; // milliseconds in which the selection has not changed
  const NOT_WORDS = "sup.ref, a.report, .visually-hidden, .report-selection";
  const BLOCKS = "p, li, dt, dd, th, td, tr, caption, blockquote, figcaption, h1, h2, h3, h4, div, section, br";

  const article = document.querySelector("article.record");
  const address = document.currentScript.dataset.address;

  const link = document.createElement("a");
  link.className = "report-selection";
  link.rel = "nofollow";
  link.textContent = "Report a mistake in these words";

  let waiting;
  let pressed = false; // a button of the mouse, or a finger, is down
  let dismissed = ""; // the words for which the link was taken away
  let isNew = false; // no Tab since it was offered: browsers would start from the top of the page

  /** What is selected, without numbers of notes and other links of ours, in one line. */
  const words = (range) => {
    const part = range.cloneContents();
    part.querySelectorAll(NOT_WORDS).forEach((element) => element.remove());
    part.querySelectorAll(BLOCKS).forEach((element) => element.after(" "));
    return [...part.textContent.replace(/\s+/g, " ").trim()].slice(0, LONGEST).join("");
  };

  const addressFor = (passage) => {
    const full = `${address}&${new URLSearchParams({ passage })}`;
    return full.length > LONGEST_ADDRESS ? addressFor([...passage].slice(0, -50).join("")) : full;
  };

  const place = (range) => {
    const lines = range.getClientRects();
    const end = lines.length ? lines[lines.length - 1] : range.getBoundingClientRect();
    const farthest = document.documentElement.clientWidth - link.offsetWidth - 8;
    link.style.left = `${window.scrollX + Math.max(8, Math.min(end.left, farthest))}px`;
    link.style.top = `${window.scrollY + end.bottom + 8}px`;
  };

  const offer = () => {
    if (pressed || document.activeElement === link) return;
    const selection = document.getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    const within = range && article.contains(range.commonAncestorContainer);
    const passage = within && !selection.isCollapsed ? words(range) : "";
    if (passage.length < 2 || passage === dismissed) {
      link.remove();
      return;
    }
    dismissed = "";
    const target = addressFor(passage);
    isNew ||= !link.isConnected || link.getAttribute("href") !== target;
    link.href = target;
    const end = range.endContainer;
    const last = end.nodeType === Node.ELEMENT_NODE ? end : end.parentElement;
    const block = last.closest("p, li, dt, dd, th, td, caption, figcaption, h1, h2, h3, h4, div") || article;
    if (link.parentElement !== block) block.append(link);
    place(range);
  };

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, AFTER);
  };

  document.addEventListener("selectionchange", soon);
  document.addEventListener("pointerdown", (event) => {
    pressed = event.target !== link;
  });
  for (const released of ["pointerup", "pointercancel"]) {
    document.addEventListener(released, () => {
      pressed = false;
      soon();
    });
  }
  link.addEventListener("mousedown", (event) => event.preventDefault()); // it would undo the selection
  link.addEventListener("blur", soon);
  document.addEventListener("keydown", (event) => {
    if (!link.isConnected) return;
    if (event.key === "Tab" && !event.shiftKey && isNew) {
      isNew = false;
      event.preventDefault();
      link.focus();
    } else if (event.key === "Escape") {
      const selection = document.getSelection();
      dismissed = selection.rangeCount ? words(selection.getRangeAt(0)) : "";
      link.remove();
    }
  });
}
