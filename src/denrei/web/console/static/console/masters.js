// Sorting a list by dragging its rows, by mouse, pen or finger. The ↑↓ buttons do it without script.
"use strict";

// Pixels at the edges of the window where a drag scrolls it, and how fast.
const EDGE = 64;
const SPEED = 12;

let drag = null;

const rowsOf = (body) => [...body.querySelectorAll("tr[data-entry]")];

function start(event) {
  const grip = event.target.closest?.(".grip");
  if (!grip || drag || event.button !== 0) return;
  event.preventDefault();
  const row = grip.closest("tr");
  const body = row.parentElement;
  drag = { row, pointer: event.pointerId, y: event.clientY, before: rowsOf(body) };
  body.setPointerCapture(event.pointerId); // the row will move in the document, the body won't
  row.classList.add("is-moving");
  document.body.classList.add("is-sorting");
  drag.frame = requestAnimationFrame(scroll);
}

function move(event) {
  if (event.pointerId !== drag?.pointer) return;
  drag.y = event.clientY;
  follow();
}

// Put the row where the pointer is: before the first row whose middle lies below it.
function follow() {
  const { row, y } = drag;
  const others = rowsOf(row.parentElement).filter((other) => other !== row);
  const next = others.find((other) => {
    const box = other.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  if ((next ?? null) !== nextRow(row)) row.parentElement.insertBefore(row, next ?? null);
}

function nextRow(row) {
  const rows = rowsOf(row.parentElement);
  return rows[rows.indexOf(row) + 1] ?? null;
}

function scroll() {
  if (!drag) return;
  if (drag.y < EDGE) window.scrollBy(0, -SPEED);
  else if (drag.y > window.innerHeight - EDGE) window.scrollBy(0, SPEED);
  follow();
  drag.frame = requestAnimationFrame(scroll);
}

function finish(keep) {
  const { row, before, frame } = drag;
  cancelAnimationFrame(frame);
  row.classList.remove("is-moving");
  document.body.classList.remove("is-sorting");
  const after = rowsOf(row.parentElement);
  drag = null;
  if (!row.isConnected) return; // the answer to an earlier drag replaced the list
  if (after.every((other, place) => other === before[place])) return;
  if (!keep) return putBack(before);
  const form = row.closest("form");
  form.elements.moved.value = row.dataset.entry;
  form.addEventListener("htmx:sendError", () => fail(before), { once: true });
  form.requestSubmit();
}

const putBack = (rows) => rows[0].parentElement.append(...rows);

function fail(before) {
  putBack(before);
  const said = document.getElementById("said");
  said.classList.add("said--bad");
  said.textContent = said.dataset.failed;
}

document.documentElement.classList.add("is-sortable");
document.addEventListener("pointerdown", start);
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", (event) => {
  if (event.pointerId === drag?.pointer) finish(true);
});
document.addEventListener("pointercancel", (event) => {
  if (event.pointerId === drag?.pointer) finish(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag) finish(false);
});
document.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("said")?.classList.remove("said--bad");
});
// What can't be sorted any more was deleted, or the sign-in ended: the page tells.
document.addEventListener("htmx:responseError", () => location.reload());
