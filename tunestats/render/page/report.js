"use strict";
(() => {
  const table = document.getElementById("all-findings");
  const filters = document.getElementById("filters");
  if (!table || !filters) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const [text, severity, rule] = ["text", "severity", "rule"].map((name) => document.getElementById(`filter-${name}`));
  const shown = document.getElementById("shown");

  const compare = (a, b) => (isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b);

  function sort(head) {
    const up = head.getAttribute("aria-sort") !== "ascending";
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const column = heads.indexOf(head);
    const keyed = rows.map((row, index) => [row.cells[column].dataset.sort, index, row]);
    keyed.sort((a, b) => (up ? compare(a[0], b[0]) : compare(b[0], a[0])) || a[1] - b[1]);
    body.append(...keyed.map((item) => item[2]));
  }

  function filter() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const said = row.textContent.toLowerCase();
      row.hidden = !(
        (!severity.value || row.dataset.severity === severity.value) &&
        (!rule.value || row.dataset.rule === rule.value) &&
        words.every((word) => said.includes(word))
      );
      count += !row.hidden;
    }
    shown.textContent = `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")} shown`;
  }

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head));
    head.append(button);
  }
  for (const field of [text, severity, rule]) field.addEventListener("input", filter);
  for (const link of document.querySelectorAll("a[data-rule]")) {
    link.addEventListener("click", () => {
      rule.value = link.dataset.rule;
      filter();
    });
  }
  filters.hidden = false;
  filter();
})();
