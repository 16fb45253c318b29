// What pages do with script; each works without.
"use strict";

// Counters of characters as people count them: the rule of denrei.domain.text.length, by which the
// server judges, character by character.
const EXTENDS = /^[\p{Mn}\p{Me}\p{Mc}\p{Cf}\u{1f3fb}-\u{1f3ff}\u1160-\u11ff]$/u;
const HALF_FLAG = /^[\u{1f1e6}-\u{1f1ff}]$/u;
const JOINER = "\u200d";

function lengthOf(text) {
  let count = 0;
  let joined = false;
  let halfFlag = false;
  for (const character of text.replaceAll("\r\n", "\n")) {
    if (EXTENDS.test(character)) {
      joined = character === JOINER && count > 0;
      continue;
    }
    const isFlag = HALF_FLAG.test(character);
    if (!joined && !(isFlag && halfFlag)) count += 1;
    halfFlag = isFlag && !halfFlag;
    joined = false;
  }
  return count;
}

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
