// Passkeys and recovery codes: says why the browser refused, prints.
"use strict";

function showFailure(name) {
  const sentences = [...document.querySelectorAll("[data-passkey-failed]")];
  const fitting = sentences.find((sentence) => sentence.dataset.passkeyFailed === name);
  const shown = fitting ?? sentences.find((sentence) => sentence.dataset.passkeyFailed === "");
  for (const sentence of sentences) sentence.hidden = sentence !== shown;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  showFailure(event.detail.exception?.name ?? "");
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
