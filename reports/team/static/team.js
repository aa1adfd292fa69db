// Live progress of a job and keys for moderators. Without it the pages work the same way.
"use strict";

function follow(box) {
  const source = new EventSource(box.dataset.events);
  source.addEventListener("message", (event) => {
    const state = JSON.parse(event.data);
    const bar = box.querySelector("progress");
    box.querySelector("[role=status]").textContent = state.words;
    if (bar && state.total) {
      bar.max = state.total;
      bar.value = state.done;
    }
    if (state.ended) {
      source.close();
      location.reload();
    }
  });
}

function keys(form) {
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
    const choice = document.querySelector("[data-keys-switch]");
    if (choice && !choice.checked) return;
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches("input")) {
      wanted.focus();
    }
    wanted.click();
  });
}

document.querySelectorAll("[data-events]").forEach(follow);
document.querySelectorAll("[data-keys]").forEach(keys);
const choice = document.querySelector("[data-keys-switch]");
if (choice) {
  choice.checked = localStorage.getItem("keys") !== "off";
  choice.addEventListener("change", () => localStorage.setItem("keys", choice.checked ? "on" : "off"));
}
const alert = document.getElementById("fehler");
if (alert) alert.focus();
