// Facts suggested while a figure is typed: those that seem to answer the same question, as buttons.
"use strict";

{
  const NAMES = ["measure", "as_of", "country", "group"];
  const AFTER = 400; // milliseconds without a key
  const fact = document.getElementById("id_fact");

  const start = () => {
    const box = document.createElement("div");
    box.className = "fact-suggestions";
    box.setAttribute("role", "status");
    fact.closest(".form-row").append(box);
    let waiting;
    let asked = 0;

    const show = (facts) => {
      box.replaceChildren();
      const others = facts.filter((one) => one.slug !== fact.value.trim());
      if (!others.length || others.length < facts.length) return; // it has one of them already
      box.append("These seem to answer the same question. Press one to take it: ");
      for (const one of others) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button";
        button.textContent = one.about;
        button.addEventListener("click", () => {
          fact.value = one.slug;
          fact.dispatchEvent(new Event("input", { bubbles: true }));
          fact.focus();
        });
        box.append(button);
      }
    };

    const ask = async () => {
      const query = new URLSearchParams(NAMES.map((name) => [name, document.getElementById(`id_${name}`).value]));
      const number = ++asked;
      try {
        const answer = await fetch(`${fact.dataset.suggest}&${query}`, { credentials: "same-origin" });
        const { facts } = await answer.json();
        if (number === asked) show(facts);
      } catch {
        box.replaceChildren(); // a help that is not there keeps nobody from saving
      }
    };

    const later = () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, AFTER);
    };
    for (const name of [...NAMES, "fact"]) {
      const field = document.getElementById(`id_${name}`);
      field.addEventListener("input", later);
      window.django.jQuery(field).on("change", later); // what is chosen from a list of select2
    }
    ask();
  };

  if (fact && fact.dataset.suggest) start();
}
