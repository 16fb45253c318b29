// The list of drafts: marks all without loading the page again.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-mark]");
  if (!link) return;
  event.preventDefault();
  for (const box of link.closest("[data-marks]").querySelectorAll("[name=draft]")) {
    box.checked = link.dataset.mark === "yes";
  }
});
