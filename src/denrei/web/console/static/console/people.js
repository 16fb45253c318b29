// Choosing people in the list: how many are chosen, all of the page at once.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form.people");
  const counter = form?.querySelector("[data-chosen-count]");
  if (!counter) return;
  const people = [...form.querySelectorAll("input[name=person]")];
  const everyone = form.querySelector("[data-everyone]");
  const pickAll = form.querySelector("[data-pick-all]");
  const language = document.documentElement.lang;

  const show = () => {
    const chosen = people.filter((box) => box.checked).length;
    counter.hidden = chosen === 0 || Boolean(everyone?.checked);
    counter.textContent = language === "ja" ? `${chosen}人を選択中` : `${chosen} chosen`;
    for (const box of people) box.closest("tr").classList.toggle("is-sel", box.checked);
    const all = pickAll.querySelector("input");
    all.checked = chosen === people.length;
    all.indeterminate = chosen > 0 && chosen < people.length;
  };
  pickAll.hidden = false;
  pickAll.addEventListener("change", (event) => {
    for (const box of people) box.checked = event.target.checked;
    show();
  });
  form.addEventListener("change", show);
  show();
});
