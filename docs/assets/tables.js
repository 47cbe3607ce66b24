/* Tables of class gw-sort: a button in each head sorts, a list filters by state.
   Without this file they are plain tables in course order. */
"use strict";

document.querySelectorAll("table.gw-sort").forEach((table) => {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];

  const value = (row, column) => {
    const cell = row.cells[column];
    return "value" in cell.dataset ? cell.dataset.value : cell.textContent.trim();
  };
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    return isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b;
  };
  const sort = (column, order) => {
    const sorted = order === "none" ? rows : [...rows].sort((one, other) => {
      const [a, b] = [value(one, column), value(other, column)];
      const last = a === "" || b === ""; // what is unknown stays below, both ways
      return order === "descending" && !last ? compare(b, a) : compare(a, b);
    });
    body.append(...sorted);
    heads.forEach((head, n) => n === column && order !== "none"
      ? head.setAttribute("aria-sort", order) : head.removeAttribute("aria-sort"));
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: "none" };
      sort(column, next[head.getAttribute("aria-sort")] || "ascending");
    });
  });

  const states = [...new Set(rows.map((row) => row.dataset.state))];
  const label = document.createElement("label");
  const choice = document.createElement("select");
  const told = document.createElement("span");
  label.className = "gw-filter";
  told.setAttribute("role", "status");
  label.append("Show ", choice);
  ["all", ...states].forEach((state) => choice.append(new Option(state, state)));
  choice.addEventListener("change", () => {
    rows.forEach((row) => { row.hidden = ![row.dataset.state, "all"].includes(choice.value); });
    told.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  });
  const bar = document.createElement("p");
  bar.append(label, " ", told);
  table.parentElement.before(bar);
});
