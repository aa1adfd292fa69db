// Comfort only: every page works without this file, and the server has the last word.
"use strict";
(() => {
  const spoken = (pattern, words) => pattern.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  const written = number => number.toLocaleString(document.documentElement.lang);
  const form = document.querySelector("form[data-unsent]");
  if (!form) return;

  // Leaving with answers that are not sent: the browser asks first, in its own words.
  let touched = false, sending = false;
  form.addEventListener("input", () => { touched = true; sending = false; });
  form.addEventListener("submit", () => { sending = true; });
  addEventListener("pageshow", () => { sending = false; });
  addEventListener("beforeunload", event => {
    if (!sending && (touched || form.dataset.unsent)) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  // "Take the answer back" appears as soon as there is one, as it does after a round trip.
  const given = field => field.type === "radio" ? field.checked : field.value !== "";
  const offerClearing = item => {
    const clear = item && item.querySelector(".clear");
    if (clear) clear.hidden = ![...item.querySelectorAll("select, input[type=radio], .other input")].some(given);
  };
  form.addEventListener("input", event => offerClearing(event.target.closest(".item")));

  // Up and down in a ranking, as survey/ranking_moves.py does it.
  const named = select => document.querySelector(`label[for="${select.id}"]`).textContent.trim();
  const moved = (before, chosen, up, places) => {
    const at = before.indexOf(chosen), after = before.filter(select => select !== chosen);
    if (up && at < 0) return [...before.slice(0, places - 1), chosen];
    if (up) after.splice(Math.max(at - 1, 0), 0, chosen);
    else if (at >= 0 && at < before.length - 1) after.splice(at + 1, 0, chosen);
    return after;
  };
  const say = (box, chosen, places, displaced) => {
    const words = {name: named(chosen), place: chosen.value, places};
    const sentences = [spoken(chosen.value ? box.dataset.moved : box.dataset.unplaced, words)];
    for (const select of displaced) sentences.push(spoken(box.dataset.displaced, {name: named(select)}));
    box.querySelector(".status").textContent = sentences.join(" ");
  };
  const mark = select => select.closest(".card").classList.toggle("placed", select.value !== "");

  form.addEventListener("click", event => {
    const button = event.target.closest(".arrow");
    // Where a page has mistakes, the server answers: it knows which of them are gone.
    if (!button || document.getElementById("fehler")) return;
    event.preventDefault();
    const box = button.closest("[data-order]"), [action, name] = button.value.split(":");
    const selects = box.dataset.order.split(" ").map(code => form.elements[`${box.dataset.ranking}.${code}`]);
    const places = selects[0].options.length - 1, chosen = form.elements[name];
    const before = selects.filter(given).sort((a, b) => a.value - b.value).slice(0, places);
    const after = moved(before, chosen, action === "up", places);
    for (const select of selects) {
      select.value = after.includes(select) ? after.indexOf(select) + 1 : "";
      mark(select);
    }
    for (const reason of box.querySelectorAll("input[type=radio]")) reason.checked = false;
    touched = true;
    offerClearing(box.closest(".item"));
    say(box, chosen, places, before.filter(select => select !== chosen && !after.includes(select)));
  });
  form.addEventListener("change", event => {
    const box = event.target.closest("[data-order]");
    if (!box || event.target.tagName !== "SELECT") return;
    mark(event.target);
    say(box, event.target, event.target.options.length - 1, []);
  });

  // How much may still be written, from three quarters of the length on.
  for (const status of form.querySelectorAll("[data-most]")) {
    const field = document.getElementById(status.dataset.field), most = Number(status.dataset.most);
    const count = () => {
      const left = most - [...field.value.trim()].length;
      const pattern = left < 0 ? status.dataset.over : left <= most / 4 ? status.dataset.left : "";
      status.textContent = spoken(pattern, {count: written(Math.abs(left))});
    };
    let waiting;
    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(count, 400); });
    count();
  }

  // How many points are given.
  for (const status of form.querySelectorAll("[data-sum]")) {
    const fields = [...status.closest("fieldset").querySelectorAll("input[type=text]")];
    const count = () => {
      const sum = fields.reduce((total, field) => total + (/^\d{1,6}$/.test(field.value.trim()) ? Number(field.value) : 0), 0);
      status.textContent = spoken(status.dataset.given, {given: written(sum)});
    };
    for (const field of fields) field.addEventListener("input", count);
  }
})();
