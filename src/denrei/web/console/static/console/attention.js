// Choosing all cases of the page at once; without script each is chosen by itself.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form.cases-form");
  const pickAll = form?.querySelector("[data-pick-all]");
  if (!pickAll) return;
  const all = pickAll.querySelector("input");
  const cases = [...form.querySelectorAll("input[name=case]")];

  const show = () => {
    const chosen = cases.filter((box) => box.checked).length;
    all.checked = chosen === cases.length;
    all.indeterminate = chosen > 0 && chosen < cases.length;
  };
  pickAll.hidden = false;
  all.addEventListener("change", () => {
    for (const box of cases) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  show();
});
