"use strict";
/* Opens the sample of a dialog; each of its buttons closes it. */
const sample = document.getElementById("sample");
document.getElementById("open-sample").addEventListener("click", () => sample.showModal());
sample.addEventListener("click", (event) => { if (event.target.closest("button")) sample.close(); });
