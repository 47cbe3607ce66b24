/* What scrolls by itself takes the keyboard: wide tables, code, formulas. A page works without. */
(() => {
  const boxes = ".md-typeset__scrollwrap, .md-content pre > code, .md-content math, .gw-output, .gw-tries";
  const look = () => {
    for (const box of document.querySelectorAll(boxes)) {
      if (box.scrollWidth > box.clientWidth) box.setAttribute("tabindex", "0");
    }
  };
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  addEventListener("load", look);
  addEventListener("resize", look);
  addEventListener("toggle", look, true); // what folds has no size before it is opened
})();
