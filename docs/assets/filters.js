/* Lists of class gw-list: a field finds words, and lists choose by what each entry is marked with.
   Without this file the lists are whole. */
"use strict";

document.querySelectorAll(".gw-filters").forEach((bar) => {
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = [...document.querySelectorAll(".gw-list > li")].map((row) => ({
    row,
    text: fold(row.textContent),
    marks: row.dataset.facets.split("|").map((numbers) => numbers.split(" ")),
  }));
  const folds = [...document.querySelectorAll("details:has(> .gw-list)")];
  let wereOpen = null; // how the reader had left the foldings before the first choice

  const label = (words, control) => {
    const whole = document.createElement("label");
    whole.className = "gw-filter";
    whole.append(`${words} `, control);
    bar.append(whole, " ");
    return control;
  };
  const words = label("Find", document.createElement("input"));
  words.type = "search";
  const choices = JSON.parse(bar.dataset.facets).map(([name, values]) => {
    const choice = document.createElement("select");
    choice.append(new Option("all", ""), ...values.map((value, n) => new Option(value, n)));
    return values.length ? label(name, choice) : choice;
  });
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  bar.append(count);
  bar.setAttribute("role", "search");
  bar.setAttribute("aria-label", "Filter the list");

  const choose = () => {
    const wanted = fold(words.value).split(/\s+/).filter(Boolean);
    const isActive = wanted.length > 0 || choices.some((choice) => choice.value);
    for (const { row, text, marks } of entries) {
      row.hidden = !(wanted.every((word) => text.includes(word))
        && choices.every((choice, n) => !choice.value || marks[n].includes(choice.value)));
    }
    document.querySelectorAll(".gw-list").forEach((list) => {
      const isEmpty = [...list.children].every((row) => row.hidden);
      const head = list.previousElementSibling;
      list.hidden = isEmpty;
      if (head?.matches("h2")) head.hidden = isEmpty; // of a folder of notes
      if (list.parentElement.matches("details")) list.parentElement.hidden = isEmpty;
    });
    if (isActive) {
      wereOpen ??= folds.map((one) => one.open);
      folds.forEach((one) => { one.open = true; });
    } else if (wereOpen) {
      folds.forEach((one, n) => { one.open = wereOpen[n]; });
      wereOpen = null;
    }
    const left = entries.filter(({ row }) => !row.hidden).length;
    count.textContent = isActive ? `${left} of ${entries.length}` : "";
  };
  [words, ...choices].forEach((control) => control.addEventListener("input", choose));
});
