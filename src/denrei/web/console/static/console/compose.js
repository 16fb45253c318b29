// The compose page: the question before leaving, lists that narrow, Enter in the search field.
// Without this file every button still works; nothing here decides anything.
"use strict";

const form = document.getElementById("compose");

// What only works with script is shown with script.
document.addEventListener("htmx:load", (event) => {
  for (const one of event.target.querySelectorAll("[data-script]")) one.hidden = false;
});

// ---------- leaving an edited form asks はい or いいえ ----------
const NOT_CONTENT = new Set(["csrfmiddlewaretoken", "person", "checked", "revision"]);
const contentOf = () =>
  JSON.stringify([...new FormData(form)].filter(([name]) => !NOT_CONTENT.has(name)));
const atFirst = contentOf();
const dialog = document.getElementById("leave");
let leaving = false;
let goOn = null;

const isEdited = () => !leaving && ("unsaved" in form.dataset || contentOf() !== atFirst);

function ask(event, then) {
  if (!isEdited()) return;
  event.preventDefault();
  goOn = then;
  dialog.showModal();
  dialog.querySelector("[value=no]").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.origin !== location.origin || link.getAttribute("href").startsWith("#")) return;
  ask(event, () => location.assign(link.href));
});
document.addEventListener("submit", (event) => {
  if (event.target === form) leaving = true;
  else if (event.target.id !== "readers") {
    const { target, submitter } = event;
    ask(event, () => target.requestSubmit(submitter));
  }
});
dialog.addEventListener("click", (event) => {
  const answer = event.target.closest("button")?.value;
  if (!answer) return;
  dialog.close();
  if (answer !== "yes") return;
  leaving = true;
  goOn();
});
window.addEventListener("beforeunload", (event) => {
  if (isEdited()) event.preventDefault();
});
window.addEventListener("pageshow", () => {
  leaving = false;
});

// ---------- lists of groups and positions ----------
const folded = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0x60));

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrow]")) return;
  event.stopPropagation();
  const wanted = folded(event.target.value.trim());
  for (const row of event.target.closest("[data-picklist]").querySelectorAll("li")) {
    row.hidden = !folded(row.textContent).includes(wanted);
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mark]");
  if (!button) return;
  const boxes = button.closest("[data-picklist]").querySelectorAll("li:not([hidden]) input");
  for (const box of boxes) box.checked = button.dataset.mark === "yes";
  boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
});

// ---------- Enter in the search field searches ----------
document.addEventListener("keydown", (event) => {
  const button = event.target.dataset?.enter;
  if (!button || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  document.getElementById(button).click();
});

// ---------- what is shown beside the form may be old where the server can't be asked ----------
const offline = document.getElementById("offline");
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, () => {
    offline.hidden = false;
  });
}
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.successful) offline.hidden = true;
});

// ---------- what was opened stays open when it is swapped ----------
const opened = new Map();
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id) opened.set(event.target.id, event.target.open);
  },
  true,
);
document.addEventListener("htmx:load", (event) => {
  for (const one of event.target.querySelectorAll("details[id]")) {
    if (opened.has(one.id)) one.open = opened.get(one.id);
  }
});

// ---------- a swap may take away the button that was pressed ----------
let swapped = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  swapped = target.contains(document.activeElement) ? target.id : swapped;
});
document.addEventListener("htmx:afterSettle", () => {
  const region = swapped && document.getElementById(swapped);
  swapped = "";
  if (!region || document.activeElement !== document.body) return;
  region.querySelector("button:enabled")?.focus({ preventScroll: true });
});
