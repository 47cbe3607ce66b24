/* What the theme leaves nameless gets its name, and what scrolls sideways can be reached by key. */
"use strict";

document.querySelector(".md-search")?.setAttribute("aria-label", "Search");

const reach = () => document
  .querySelectorAll(".md-typeset :is(math[display=block], .md-typeset__scrollwrap, .gw-scroll, .gw-tries, .gw-entry table, .gw-note table, .gw-output)")
  .forEach((box) => {
    if (box.scrollWidth > box.clientWidth) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  });
addEventListener("load", reach);
addEventListener("resize", reach);
