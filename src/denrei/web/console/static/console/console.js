// What pages do with script; each works without.
"use strict";

// Counters of characters, as people count them (one for each cluster of code points).
const clusters = new Intl.Segmenter("ja", { granularity: "grapheme" });
const lengthOf = (text) => [...clusters.segment(text)].length;

function showCount(field) {
  const counter = document.querySelector(`[data-count-of="${field.id}"]`);
  if (!counter) return;
  const limit = Number(field.dataset.limit);
  const length = lengthOf(field.value);
  counter.textContent = `${length}／${limit}`;
  counter.classList.toggle("count--over", length > limit);
}

document.addEventListener("input", (event) => {
  if (event.target.dataset?.limit) showCount(event.target);
});
document.addEventListener("htmx:load", (event) => {
  for (const field of event.target.querySelectorAll("[data-limit]")) showCount(field);
});
