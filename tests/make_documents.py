"""One small story as a plain text, a Markdown file, a web page and a Word document, for the tests of reading."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

TXT = """Old harbour bridge to close in May

The city council voted on Monday to close the old harbour bridge, two officials told the Gazette.

The bridge, built in 1931, carries about 12,000 cars a day. Repairs would cost 40 million euros.

What comes next

• Closure: May 2026

• A new bridge: 2028 at the earliest

“We cannot wait any longer,” said Mayor Anna Berg. Work on a new bridge may begin in May.
"""
KINDS = ["title", *["sentence"] * 3, "heading", "list_item", "list_item", "sentence", "sentence"]

MD = """---
layout: post
---
# Old harbour bridge to close in May

The city council voted on Monday to close the old harbour bridge,
two officials told [the Gazette](https://example.org/gazette).

The bridge, built in **1931**, carries about 12,000 cars a day. Repairs would cost 40 million euros.

## What comes next

* Closure: May 2026
* A new bridge: 2028 at the *earliest*

“We cannot wait any longer,” said Mayor Anna Berg. Work on a new bridge may begin in May.
"""

HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Old harbour bridge to close in May | The Gazette</title>
<meta property="og:site_name" content="The Gazette"><meta property="og:url" content="https://example.org/bridge">
<meta property="article:published_time" content="2026-03-02T08:00:00+00:00">
<script>track("a bridge of lies")</script></head>
<body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/city">City</a></li></ul></nav>
<main><article>
<header><h1>Old harbour bridge to close in&#32;May</h1></header>
<div class="body">
<p>The city council voted on Monday to close the old harbour bridge,
   two officials told <a href="/gazette">the Gazette</a>.</p>
<!-- an advertisement stood here -->
<p>The bridge, built in <b>1931</b>, carries about 12,000 cars a day. Repairs would cost 40 million euros.</p>
<h2>What comes next</h2>
<ul><li>Closure: May 2026</li>
<li>A new bridge: 2028 at the <em>earliest</em></li></ul>
<p>&ldquo;We cannot wait any longer,&rdquo; said Mayor Anna Berg. Work on a new bridge may begin in May.</p>
</div></article>
<aside><p>Also read: the tunnel under the harbour is still not ready, say sources close to it.</p></aside></main>
<footer><p>© 2026 The Gazette. All rights reserved by the publishers of this newspaper.</p></footer>
</body></html>
"""


def docx(change: Callable[[str, str], str] | None = None, more: dict[str, bytes] | None = None) -> bytes:
    """A Word document made by python-docx. change: (part, its XML) → other XML; more: further parts, by name."""
    import docx as word

    document = word.Document()
    document.add_heading("Old harbour bridge to close in May", 0)
    document.add_paragraph(
        "The city council voted on Monday to close the old harbour bridge, two officials told the Gazette."
    )
    paragraph = document.add_paragraph("The bridge, built in ")
    paragraph.add_run("1931").bold = True
    paragraph.add_run(", carries about 12,000 cars a day. Repairs would cost 40 million euros.")
    document.add_heading("What comes next", 2)
    document.add_paragraph("Closure: May 2026", style="List Bullet")
    document.add_paragraph("A new bridge: 2028 at the earliest", style="List Bullet")
    document.add_paragraph("“We cannot wait any longer,” said Mayor Anna Berg. Work on a new bridge may begin in May.")
    made = io.BytesIO()
    document.save(made)
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if change and name.endswith(".xml"):
                data = change(name, data.decode()).encode()
            new.writestr(name, data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def files() -> dict[str, bytes]:
    """The story in every format, by file name."""
    return {"a.txt": TXT.encode(), "a.md": MD.encode(), "a.html": HTML.encode(), "a.docx": docx()}
