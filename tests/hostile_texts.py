"""Texts that try to be more than text, for every place where text of a file is shown. Made up.

What would run sets the title of the page.
"""

RUN = "document.title='hacked'"

HTML = (
    f"<img src=x onerror={RUN}>",
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"'\"><svg onload={RUN}>",
    f"</title></textarea></style><svg/onload={RUN}>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><script xlink:href=data:,{RUN}></script>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<body onload={RUN}>",
    f"<math><mi xlink:href='javascript:{RUN}'>x</mi></math>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=//made-up.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//made-up.example/'>",
    "<base href=//made-up.example/>",
    "<form action=//made-up.example/><button>x</button></form>",
    "<!-- x --!> <![CDATA[ x ]]> <?x ?>",
    "<noscript><p title='</noscript><img src=x>'>",
    "&lt;b&gt; &amp;lt; &#60;b&#62; &#x3c;",
    "<a href=javascript:alert(1)>x</a>",
    "<p style=position:fixed;inset:0>x</p>",
    "<video src=//made-up.example/x autoplay>",
    "</div></div></li></ol></main>",
    "<b",
    "<<b>>",
)
ATTRIBUTES = (
    f'" onmouseover="{RUN}',
    f"' onfocus='{RUN}' autofocus='",
    '" style="display:none',
    f"` onclick={RUN} `",
    'x" data-card="other',
    "&quot; onload=&quot;x",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//made-up.example/x",
    "https://made-up.example@made-up.invalid/",
)
TEMPLATES = (
    f"${{parent.{RUN}}}",
    f"`+(parent.{RUN})+`",
    "{{7*7}} {% raw %} {# x #}",
    "{{'map_div'}} {{ this.get_name() }}",
    "#{7*7} <%= 7*7 %> ${{7*7}}",
    "%s %d %(name)s {0} {name!r}",
    "\\u003cimg src=x\\u003e \\x3cb\\x3e",
    "'; alert(1); //",
    "\\'; alert(1); //",
    "*/ alert(1) /*",
    "]]></script><x>",
)
JSON_LD = (
    '"}</script><script>x</script>',
    '", "@type": "Person", "x": "',
    '\\"}, {"@id": "x',
    "<!--<script>",
    "line\u2028end\u2029",
)
STYLES = (
    "};*{display:none}/*",
    "expression(alert(1))",
    "url(//made-up.example/x)",
    "@import '//made-up.example/x';",
)
MARKDOWN = (
    "[link](javascript:alert(1))",
    "![picture](https://made-up.example/x.png)",
    "<https://made-up.example>",
    "**bold** _thin_ ~~gone~~ `code`",
    "# heading",
    "- [ ] task | table | cell",
    "[x]: https://made-up.example",
    "$x$ and $$\\frac{1}{2}$$",
    ":material/home: :red[x] :smile: :blue-badge[x]",
    ":streamlit: :green-background[x] :small[x]",
    "1\\. x \\* y",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    ":material/home :100: :+1: :streamlit: 9:30:15",
)
FORMULAS = (
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    '=HYPERLINK("https://made-up.example","x")',
    '=IMPORTXML(CONCAT("https://made-up.example"),"//a")',
)
TEXTS = (
    *HTML, *ATTRIBUTES, *ADDRESSES, *TEMPLATES, *JSON_LD, *STYLES, *MARKDOWN, *FORMULAS,
)  # fmt: skip
