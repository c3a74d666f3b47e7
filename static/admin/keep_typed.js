// Keeps what is typed into the form of an edition or of one of its rows, in this browser, until it is saved.
//
// A form with a field `[data-keep-typed]` is watched: what differs from the page as it came is written to
// localStorage a moment after it was typed, under the editor's id and the form's address. When the server
// has saved it, it says so in a cookie, and the entry goes. What is left of a form that was never saved is
// offered when the form is opened again; nothing is put back unasked. Logging out forgets everything.
"use strict";

(() => {
  const PREFIX = "typed:";
  const OLDEST = 30 * 24 * 3600 * 1000; // milliseconds after which an entry is forgotten
  const DELAY = 400;
  const { editor, path } = document.currentScript.dataset;
  const ROW = /^(.+)-(\d+)-([^-]+)$/;

  const stored = {
    all() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      } catch {
        return []; // storage is switched off
      }
    },
    read(key) {
      try {
        const entry = JSON.parse(localStorage.getItem(key));
        return entry && typeof entry.fields === "object" && entry.fields ? entry : null;
      } catch {
        return null;
      }
    },
    write(key, entry) {
      try {
        localStorage.setItem(key, JSON.stringify(entry));
      } catch {
        // full or switched off: the form itself still has everything
      }
    },
    remove(key) {
      try {
        localStorage.removeItem(key);
      } catch {
        // as above
      }
    },
  };

  function forgetWhatIsSaved() {
    for (const cookie of document.cookie.split("; ")) {
      const match = /^saved-([a-z0-9]+)=/i.exec(cookie);
      if (match) {
        stored.all().filter((key) => key.endsWith(`:${match[1]}`)).forEach(stored.remove);
        document.cookie = `saved-${match[1]}=; Max-Age=0; path=${path}; SameSite=Strict`;
      }
    }
    for (const key of stored.all()) {
      const entry = stored.read(key);
      if (!entry || Date.now() - entry.at > OLDEST) stored.remove(key);
    }
  }

  let loggedOut = false;

  function forgetAllAtLogOut() {
    document.addEventListener("submit", (event) => {
      const address = new URL(event.target.getAttribute("action") || "", location);
      if (!address.pathname.endsWith("/logout/")) return;
      loggedOut = true;
      stored.all().forEach(stored.remove);
    });
  }

  // One field as it can be kept: names of rows are given by the row's id, as its number may change.
  const isKept = (field) =>
    field.name && !field.name.startsWith("_") && !field.name.includes("__prefix__") && !field.disabled &&
    !["hidden", "submit", "button", "file", "password"].includes(field.type) && !field.readOnly;

  function isAsItCame(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].every((one) => one.selected === one.defaultSelected || isBlankDefault(field, one));
    return field.value === field.defaultValue;
  }

  // Where no option of a choice of one is marked, the browser selects the first.
  const isBlankDefault = (field, one) =>
    !field.multiple && one.index === 0 && one.selected && ![...field.options].some((other) => other.defaultSelected);

  function valueOf(field) {
    if (field.type === "checkbox") return field.checked;
    if (field.tagName === "SELECT") return [...field.selectedOptions].map((one) => [one.value, one.text]);
    return field.value;
  }

  function inWords(value) {
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (Array.isArray(value)) return value.map((pair) => pair[1]).join("; ");
    return value;
  }

  const labelOf = (field) =>
    field.getAttribute("aria-label") || (field.labels[0] ? field.labels[0].textContent.replace(/:\s*$/, "").trim() : field.name);

  const named = (form, name) => form.elements.namedItem(name);

  function keyOf(form, field) {
    const match = ROW.exec(field.name);
    const id = match && named(form, `${match[1]}-${match[2]}-id`);
    if (!match || !id) return field.type === "checkbox" ? `${field.name}=${field.value}` : field.name;
    const row = id.value ? `#${id.value}` : `+${match[2]}`;
    return `${match[1]}|${row}|${match[3]}`;
  }

  // The fields that an entry's keys stand for in the form as it is now; rows it lacks are added.
  function fieldsOf(form, keys) {
    const added = new Map();
    const found = new Map();
    for (const key of keys) {
      const [prefix, row, part] = key.split("|");
      if (part === undefined) {
        const [name, value] = key.split("=");
        const fields = named(form, name);
        const field = fields instanceof RadioNodeList ? [...fields].find((one) => one.value === value) : fields;
        if (field) found.set(key, field);
        continue;
      }
      let number = null;
      if (row.startsWith("#")) {
        const ids = [...form.querySelectorAll(`input[name^="${CSS.escape(prefix)}-"][name$="-id"]`)];
        const id = ids.find((one) => one.value === row.slice(1));
        if (id) number = ROW.exec(id.name)[2];
      }
      if (number === null) {
        const name = `${prefix}${row}`;
        if (!added.has(name)) added.set(name, addRow(form, prefix));
        number = added.get(name);
      }
      const field = number !== null && named(form, `${prefix}-${number}-${part}`);
      if (field) found.set(key, field);
    }
    return found;
  }

  function addRow(form, prefix) {
    const total = named(form, `${prefix}-TOTAL_FORMS`);
    const add = document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);
    if (!total || !add) return null;
    const number = total.value;
    add.click();
    return total.value === number ? null : number;
  }

  function putInto(field, value) {
    if (field.type === "checkbox") {
      field.checked = value;
    } else if (field.tagName === "SELECT" && Array.isArray(value)) {
      for (const one of field.options) one.selected = false;
      for (const [id, text] of value) {
        const option = [...field.options].find((one) => one.value === id) || field.appendChild(new Option(text, id));
        option.selected = true;
      }
    } else {
      field.value = value;
    }
    for (const details of ancestors(field, "details")) details.open = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function* ancestors(element, tag) {
    for (let at = element.closest(tag); at; at = at.parentElement.closest(tag)) yield at;
  }

  function watch(form, marker) {
    marker.value ||= [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const key = `${PREFIX}${editor}:${location.pathname}:${marker.value}`;
    const version = (named(form, "seen_version") || named(form, "seen") || { value: "" }).value;
    // A form that was refused comes back with what was typed in it, and is kept on under the same name.
    const came = stored.read(key) || { fields: {}, labels: {} };
    let timer = null;

    function keep() {
      clearTimeout(timer);
      timer = null;
      if (loggedOut) return;
      const fields = { ...came.fields };
      const labels = { ...came.labels };
      for (const field of form.elements) {
        if (!isKept(field)) continue;
        const name = keyOf(form, field);
        if (name in came.fields || !isAsItCame(field)) {
          fields[name] = valueOf(field);
          labels[name] = labelOf(field);
        }
      }
      if (Object.keys(fields).length) stored.write(key, { version, fields, labels, at: Date.now() });
      else stored.remove(key);
    }

    function soon() {
      clearTimeout(timer);
      timer = setTimeout(keep, DELAY);
    }

    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    if (window.django && django.jQuery) django.jQuery(form).on("change", "select", soon); // select2 tells jQuery alone
    form.addEventListener("submit", keep);
    addEventListener("pagehide", () => timer && keep());
    return { key, version, keep };
  }

  function offer(form, watched) {
    const mine = `${PREFIX}${editor}:${location.pathname}:`;
    const keys = stored.all().filter((key) => key.startsWith(mine) && key !== watched.key);
    for (const key of keys.sort((a, b) => stored.read(a).at - stored.read(b).at)) {
      const entry = stored.read(key);
      form.insertAdjacentElement("afterbegin", panel(form, watched, key, entry));
    }
  }

  function panel(form, watched, key, entry) {
    const at = new Date(entry.at);
    const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const section = made("section", { className: "kept" });
    const title = made("h2", { textContent: "Typed here and not saved" });
    title.id = `kept-${key.split(":").pop()}`;
    section.setAttribute("aria-labelledby", title.id);
    section.append(title, made("p", { textContent: `You typed this on ${day} at ${time}, and it was not saved. It is kept in this browser only.` }));
    if (entry.version !== watched.version) {
      section.append(made("p", { textContent: "Since then a newer version was saved: you typed this on an older one. Compare before you put it back." }));
    }
    const details = made("details", {});
    details.append(made("summary", { textContent: `Read it: ${Object.values(entry.labels).join(", ")}` }));
    const list = made("dl", {});
    for (const [name, value] of Object.entries(entry.fields)) {
      const field = [...form.elements].find((one) => isKept(one) && keyOf(form, one) === name);
      list.append(made("dt", { textContent: entry.labels[name] || name }));
      const typed = made("dd", {});
      typed.append(made("ins", { textContent: "You typed: " }), inWords(value) || "(empty)");
      list.append(typed);
      const now = made("dd", {});
      now.append("In the form now: ", (field && inWords(valueOf(field))) || "(empty)");
      list.append(now);
    }
    details.append(list);
    section.append(details);
    const back = made("button", { type: "button", className: "button", textContent: "Put it back" });
    back.addEventListener("click", () => {
      const found = fieldsOf(form, Object.keys(entry.fields));
      for (const [name, field] of found) putInto(field, entry.fields[name]);
      watched.keep();
      const missing = Object.keys(entry.fields).filter((name) => !found.has(name));
      if (missing.length) {
        const names = missing.map((name) => entry.labels[name] || name).join(", ");
        section.append(made("p", { textContent: `The form has no place any more for: ${names}. Copy it from here.` }));
        details.open = true;
        back.remove();
        return;
      }
      stored.remove(key);
      finish(section, "It is in the form again, and not saved yet.");
    });
    const away = made("button", { type: "button", className: "button", textContent: "Throw it away" });
    away.addEventListener("click", () => {
      stored.remove(key);
      finish(section, "Thrown away.");
    });
    section.append(back, away);
    return section;
  }

  function finish(section, text) {
    const said = made("p", { textContent: text, tabIndex: -1 });
    said.setAttribute("role", "status");
    section.replaceChildren(said);
    said.focus();
  }

  const made = (tag, properties) => Object.assign(document.createElement(tag), properties);

  forgetWhatIsSaved();
  forgetAllAtLogOut();
  const marker = document.querySelector("input[data-keep-typed]");
  if (marker && editor) {
    const watched = watch(marker.form, marker);
    offer(marker.form, watched);
  }
})();
