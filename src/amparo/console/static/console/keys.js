// Single keys for the desk. Every one of them only moves the focus or presses what a mouse could press.
"use strict";
(() => {
  const OFF = "amparo-keys-off";
  const help = document.getElementById("keys");
  const summary = document.getElementById("errors");
  if (summary) summary.focus();
  if (!help) return;

  const shown = document.getElementById("keys-switch");
  const button = shown.querySelector("button");
  const isOff = () => localStorage.getItem(OFF) === "yes";
  const say = () => { button.textContent = isOff() ? "Turn single keys on" : "Turn single keys off"; };
  shown.hidden = false;
  say();
  button.addEventListener("click", () => { localStorage.setItem(OFF, isOff() ? "no" : "yes"); say(); });

  const cards = () => [...document.querySelectorAll(".card button")];
  const move = (step) => {
    const all = cards();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)].focus();
  };
  const rule = (key) => {
    const radio = document.querySelector(`#remove input[data-key="${key}"]`);
    if (!radio) return;
    radio.checked = true;
    document.querySelector("#remove button").focus();
  };
  const look = () => {
    const veil = document.getElementById("look");
    if (veil) return veil.click();
    const reveal = document.querySelector(".reveal");
    if (!reveal) return;
    reveal.checked = true;
    setTimeout(() => { reveal.checked = false; }, 3000);
  };
  const focus = (id) => { const found = document.getElementById(id); if (found) found.focus(); };
  const press = (id) => { const found = document.getElementById(id); if (found) found.click(); };
  const keys = {
    j: () => move(1), k: () => move(-1),
    1: () => rule("1"), 2: () => rule("2"), 3: () => focus("reason"), 4: () => press("ask"),
    v: look, "?": () => { help.open = !help.open; help.querySelector("summary").focus(); },
  };

  document.addEventListener("keydown", (event) => {
    if (isOff() || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const inField = event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
    const act = keys[event.key.toLowerCase()];
    if (inField || !act) return;
    event.preventDefault();
    act();
  });
})();
