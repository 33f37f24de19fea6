// Sorting and choosing in the cohort's table; without it the report is whole all the same.
"use strict";
const table = document.getElementById("cohort-table");
if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
  };
  for (const button of table.querySelectorAll("thead button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      rows.sort((a, b) => {
        const x = value(a, head.cellIndex), y = value(b, head.cellIndex);
        const order = typeof x === "number" ? x - y : x.localeCompare(y);
        return up ? order : -order;
      });
      body.append(...rows);
    });
  }
  const find = document.getElementById("find");
  const choices = [document.getElementById("outcome"), document.getElementById("standing")];
  const found = document.getElementById("found");
  const choose = () => {
    const wanted = find.value.trim().toLowerCase();
    const [outcome, standing] = choices.map((choice) => choice.value);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(row.cells[0].textContent.toLowerCase().includes(wanted)
        && (!outcome || row.dataset.outcome === outcome)
        && (!standing || row.dataset.standings.split(" ").includes(standing)));
      shown += !row.hidden;
    }
    found.textContent = wanted || outcome || standing ? found.dataset.words.replace("{n}", shown) : "";
  };
  find.closest("p").hidden = false;
  find.addEventListener("input", choose);
  for (const choice of choices) choice.addEventListener("change", choose);
  choose(); // a browser may have kept what was chosen before the page was loaded again
}
// what is folded away on the screen stands on paper
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details:not([open])")) {
    one.dataset.folded = "";
    one.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const one of document.querySelectorAll("details[data-folded]")) {
    delete one.dataset.folded;
    one.open = false;
  }
});
