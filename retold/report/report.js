"use strict";
(() => {
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const findings = all(".finding:not(.refused)");
  const filters = document.querySelector(".filters");
  const cursor = document.querySelector(".cursor");
  const fields = (name) => all(`[name="${name}"]`, filters);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let current = null;

  filters.hidden = false;

  // Lighting up: a segment, what faces it, and its band in the ribbon.
  const unlit = (name = "lit") => all("." + name).forEach((e) => e.classList.remove(name));
  const lightSegment = (doc, side, n) => {
    const bands = all(`#d-${CSS.escape(doc)} .band[data-${side}="${n}"]`);
    const ends = new Set([`${side}${n}`]);
    bands.forEach((band) => {
      band.classList.add("lit");
      ends.add(`o${band.dataset.o}`).add(`v${band.dataset.v}`);
    });
    ends.forEach((end) => {
      document.getElementById(`s-${doc}-${end}`)?.classList.add("lit");
      all(`#d-${CSS.escape(doc)} .bar[data-${end[0]}="${end.slice(1)}"]`).forEach((e) => e.classList.add("lit"));
    });
  };
  const place = (element) => {
    const doc = element.closest("section.document")?.id.slice(2);
    const side = element.dataset.o !== undefined ? "o" : "v";
    return doc && element.dataset[side] !== undefined ? [doc, side, element.dataset[side]] : null;
  };
  const relight = () => {
    unlit();
    if (current) lightFinding(current);
  };
  document.addEventListener("pointerover", (event) => {
    const over = event.target.closest?.(".seg, .ribbon .bar, .ribbon .band");
    if (!over) return;
    relight();
    const at = place(over);
    if (at) lightSegment(...at);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.target.closest?.(".seg, .ribbon .bar, .ribbon .band")) relight();
  });

  // The finding in hand.
  const marks = (finding) => all(`.m[data-f~="${CSS.escape(finding.id.slice(2))}"]`);
  const lightFinding = (finding) => {
    finding.classList.add("lit");
    marks(finding).forEach((mark) => mark.classList.add("lit"));
    for (const side of ["o", "v"])
      if (finding.dataset[side] !== undefined)
        document.getElementById(`s-${finding.dataset.doc}-${side}${finding.dataset[side]}`)?.classList.add("lit");
  };
  const shown = () => findings.filter((f) => !f.hidden);
  const show = (finding, scroll = true) => {
    current = finding;
    relight();
    const folded = finding.closest("details");
    if (folded) folded.open = true;
    history.replaceState(null, "", "#" + finding.id);
    const some = shown();
    cursor.hidden = false;
    cursor.querySelector(".at").textContent = `${some.indexOf(finding) + 1} / ${some.length}`;
    const said = (query) => finding.querySelector(query)?.textContent.replace(/\s+/g, " ").trim() ?? "";
    const english = finding.querySelector(".after")?.title;
    cursor.querySelector(".say").textContent =
      `${said(".kind")}: ${said(".words")} (${said(".where")})` + (english ? ` · In English: ${english}` : "");
    if (!scroll) return;
    const side = finding.dataset.v !== undefined ? "v" : "o";
    const row = document.getElementById(`s-${finding.dataset.doc}-${side}${finding.dataset[side]}`);
    (row && !row.closest(".row").hidden ? row : finding).scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  };
  const step = (by) => {
    const some = shown();
    if (!some.length) return;
    if (current) return show(some[(some.indexOf(current) + by + some.length) % some.length]);
    // None in hand yet: begin with the document on screen.
    const tab = document.querySelector(".tabs a.here");
    const here = some.find((f) => tab && f.closest("section").id === tab.hash.slice(1));
    show(by > 0 ? here ?? some[0] : some[some.length - 1]);
  };
  const clear = () => {
    current = null;
    cursor.hidden = true;
    unlit();
  };
  cursor.querySelector(".on").addEventListener("click", () => step(1));
  cursor.querySelector(".back").addEventListener("click", () => step(-1));
  cursor.querySelector(".shut").addEventListener("click", clear);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input:not([type=checkbox]), textarea")) return;
    if (event.key === "n" || event.key === "j") step(1);
    else if (event.key === "p" || event.key === "k") step(-1);
    else if (event.key === "f") filters.open = !filters.open;
    else if (event.key === "Escape") filters.open ? (filters.open = false) : clear();
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.(".m");
    const finding = mark
      ? document.getElementById("f-" + mark.dataset.f.trim().split(" ")[0])
      : event.target.closest?.("a") ? null : event.target.closest?.(".finding");
    if (finding) {
      event.preventDefault();
      show(finding, !mark);
    } else if (!event.target.closest?.(".filters")) filters.open = false;
  });

  // Filters.
  const filter = () => {
    const types = new Set(fields("type").filter((e) => e.checked).map((e) => e.value));
    const facets = new Set(fields("facet").filter((e) => e.checked).map((e) => e.value));
    const statuses = new Set(fields("status").filter((e) => e.checked).map((e) => e.value));
    const every = statuses.size === fields("status").length;
    const wanted = (seg) => every || statuses.has(seg?.dataset.status);
    const ends = (f) => ["o", "v"].filter((side) => f.dataset[side] !== undefined)
      .map((side) => document.getElementById(`s-${f.dataset.doc}-${side}${f.dataset[side]}`));
    const least = Number(fields("confidence")[0].value);
    document.querySelector(".least").textContent = least.toFixed(2);
    const visible = new Set();
    findings.forEach((f) => {
      const fits = types.has(f.dataset.type) && facets.has(f.dataset.facet) && Number(f.dataset.confidence) >= least;
      f.hidden = !(fits && (every || ends(f).some(wanted)));
      if (!f.hidden) visible.add(f.id.slice(2));
    });
    all(".m").forEach((m) => m.classList.toggle("off", !m.dataset.f.trim().split(" ").some((key) => visible.has(key))));
    const only = fields("differences")[0].checked;
    const touched = new Set();
    shown().forEach((f) => ends(f).forEach((seg) => touched.add(seg?.id)));
    all(".reading .row:not(.heads)").forEach((row) => {
      const segs = all(".seg", row);
      row.hidden = (only && !segs.some((seg) => touched.has(seg.id))) || !segs.some(wanted);
    });
    document.querySelector(".tally").textContent =
      visible.size === findings.length ? "" : `· ${visible.size} of ${findings.length}`;
    if (current?.hidden) clear();
  };
  const reorder = () => {
    const key = fields("order")[0].checked ? "turn" : "at";
    all(".reading").forEach((view) => {
      const some = all(".row:not(.heads)", view).sort((a, b) => a.dataset[key] - b.dataset[key]);
      view.append(...some);
    });
  };
  filters.addEventListener("input", (event) => (event.target.name === "order" ? reorder() : filter()));
  filters.querySelector(".reset").addEventListener("click", () => {
    all("input[type=checkbox]", filters).forEach((e) => (e.checked = ["type", "facet", "status", "english"].includes(e.name)));
    fields("confidence")[0].value = 0;
    filter();
    reorder();
  });

  // Where we are: the tab of the section on screen, and the finding a permalink names.
  const tabs = new Map(all(".tabs a").map((a) => [a.hash.slice(1), a]));
  const watch = new IntersectionObserver(
    (entries) =>
      entries.forEach((entry) => {
        if (!entry.isIntersecting) return;
        tabs.forEach((tab, id) => tab.classList.toggle("here", id === entry.target.id));
        const tab = tabs.get(entry.target.id); // on a narrow screen the row of tabs goes along
        tab?.parentElement.scrollTo({ left: tab.offsetLeft - tab.parentElement.offsetLeft - 8 });
      }),
    { rootMargin: "-20% 0px -75% 0px" },
  );
  all("main > section").forEach((section) => watch.observe(section));
  const follow = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named?.classList.contains("finding")) show(named, false);
  };
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => all("main details").forEach((e) => (e.open = true)));
  follow();
})();
