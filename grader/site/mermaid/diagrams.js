/* Draws what notes write between fences marked as mermaid; without this script its source is shown.
   The drawing is in a shadow tree: its style sheet does not reach the page. */
(() => {
  const blocks = [...document.querySelectorAll("pre.gw-mermaid")];
  if (!blocks.length || !globalThis.mermaid) return;

  const isDark = () => document.body.getAttribute("data-md-color-scheme") === "slate";
  const begin = () => mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: {htmlLabels: false},
    theme: isDark() ? "dark" : "default",
    fontFamily: getComputedStyle(document.body).fontFamily,
    // A diagram may not set these for itself: they would reach beyond it.
    secure: ["secure", "securityLevel", "startOnLoad", "maxTextSize", "maxEdges",
      "suppressErrorRendering", "htmlLabels", "themeCSS", "fontFamily", "altFontFamily"],
  });

  const frame = (block) => {
    const box = document.createElement("div");
    box.className = "gw-drawn";
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", "Diagram; its source follows");
    const fold = document.createElement("details");
    const title = document.createElement("summary");
    title.textContent = "Source of the diagram";
    block.before(box, fold);
    fold.append(title, block);
    return box.attachShadow({mode: "open"});
  };

  const roots = new Map();
  const draw = async () => {
    begin();
    for (const [number, block] of blocks.entries()) {
      try {
        const {svg} = await mermaid.render(`gw-mermaid-${number}`, block.textContent);
        if (!roots.has(block)) roots.set(block, frame(block));
        roots.get(block).innerHTML = svg;
      } catch {
        // What cannot be drawn keeps its source.
        document.getElementById(`dgw-mermaid-${number}`)?.remove();
      }
    }
    document.body.dataset.gwDrawn = String(roots.size);
  };

  let queue = draw();
  let wasDark = isDark();
  new MutationObserver(() => {
    if (isDark() === wasDark) return;
    wasDark = isDark();
    queue = queue.then(draw);
  }).observe(document.body, {attributes: true, attributeFilter: ["data-md-color-scheme"]});
})();
