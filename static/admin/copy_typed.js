// Beside each text that is only shown, a button that copies it. Without script the text can be selected.
"use strict";

for (const text of document.querySelectorAll("textarea[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button copy-typed";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy"); // where the page was not reached by https
    }
    button.textContent = "Copied";
  });
  text.insertAdjacentElement("afterend", button);
}
