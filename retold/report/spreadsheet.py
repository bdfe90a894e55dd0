"""findings.xlsx: one sheet a table, for people who sort, filter and forward."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

from retold.naming import label, slug, what, who
from retold.records import RetoldError
from retold.report import tables
from retold.report.palette import TYPES

if TYPE_CHECKING:
    import pandas as pd

    from retold.compare import Comparison, OpenStory

# Column widths in characters; a column not named here is as wide as a short label.
WIDTHS = {
    "text": 70, "original_text": 60, "version_text": 60, "english": 60, "before": 36, "after": 36, "publisher": 22,
    "claim": 60, "result": 60, "comment": 36, "state": 36,
    "statement": 60, "original_source": 36, "version_source": 36, "original_chain": 28, "version_chain": 28,
    "verdict": 24,
    "document": 14, "warnings": 24, "faces": 16, "signature": 60, "what": 24,
}  # fmt: skip
SHEET = 31  # characters Excel allows in a sheet's name
TEXT = 32_767  # characters Excel allows in a cell


_UNDATED = datetime.date(1980, 1, 1)  # the first day a ZIP archive can hold


def workbook(opened: OpenStory) -> bytes:
    """The workbook as bytes; equal results give equal bytes.

    Every text is stored as text, never as a formula or a link, whatever it starts with.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    dates = [d.date for d in opened.story.documents if d.date]
    dated = datetime.datetime.combine(max(dates, default=_UNDATED), datetime.time())
    book.set_properties({"title": opened.story.title, "comments": "retold", "created": dated})
    _Writer(book, opened).write()
    book.close()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Any, opened: OpenStory) -> None:
        self.book, self.opened = book, opened
        base = {"text_wrap": True, "valign": "top"}
        self.plain = book.add_format(base)
        self.date = book.add_format({**base, "num_format": "yyyy-mm-dd"})
        self.share = book.add_format({**base, "num_format": "0.00"})
        self.link = book.add_format({**base, "font_color": "#0a4f86", "underline": 1})
        self.head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#eceae4", "valign": "top"})
        self.mark = {t: book.add_format({"bold": True, "font_color": c, "underline": 1}) for t, c in TYPES.items()}
        self.names = _sheet_names([c.version.id for c in opened.comparisons])

    def write(self) -> None:
        self._overview()
        self._table("Claims", tables.claims(self.opened))
        self._findings()
        self._table("Sources", tables.ledger(self.opened))
        for c in self.opened.comparisons:
            self._table(self.names[c.version.id], self._reading(c))
            self._table(self.names[c.version.id, "links"], tables.links(c))
        self._table("Kinship", tables.kinship(self.opened).reset_index())
        review = self.opened.review.table()
        if len(review):
            self._table("Review", review)
        self._table("Segments", tables.segments(self.opened))
        self._signatures()

    def _overview(self) -> None:
        table = tables.overview(self.opened).reset_index()
        sheet = self._table("Overview", table)
        for row, id in enumerate(table["document"], 1):
            if id in self.names:
                sheet.write_url(row, 0, f"internal:'{self.names[id]}'!A1", self.link, id)

    def _findings(self) -> None:
        table = tables.all_findings(self.opened)
        sheet = self._table("Findings", table)
        columns = list(table.columns)
        row = 0
        for c in self.opened.comparisons:
            for f in c.all_found:
                row += 1
                for side, role, segments, number, span in (
                    ("original", c.original.role, c.original_segments, f.original, f.original_span),
                    ("version", c.version.role, c.version_segments, f.version, f.version_span),
                ):
                    if number is None:
                        continue
                    place = f"internal:'{self.names[c.version.id]}'!A{self._row(c, side, number)}"
                    sheet.write_url(row, columns.index(side), place, self.link, label(role, number))
                    self._marked(sheet, row, columns.index(f"{side}_text"), segments[number].text, span, f.type)

    def _marked(self, sheet: Any, row: int, column: int, text: str, span: tuple[int, int] | None, type: str) -> None:
        """A sentence with the words of one finding set off from the rest."""
        if span is None or len(text) > TEXT:
            return
        parts: list[Any] = []
        for piece, marked in ((text[: span[0]], False), (text[slice(*span)], True), (text[span[1] :], False)):
            if piece:
                parts += [self.mark[type], piece] if marked else [piece]
        if len(parts) > 2:
            sheet.write_rich_string(row, column, *parts, self.plain)

    def _reading(self, c: Comparison) -> pd.DataFrame:
        return tables.statuses(c).rename(columns={"side": "of"})

    def _row(self, c: Comparison, side: str, n: int) -> int:
        """The row of a segment on its document's sheet, from 1, below the header."""
        return n + 2 + (len(c.original_segments) if side == "version" else 0)

    def _signatures(self) -> None:
        import pandas as pd

        rows = [("translator", self.opened.translator.signature), ("encoder", self.opened.encoder.signature)]
        rows += [(f"{who(c.version, c.story)}, {what(c.version)}", c.signature) for c in self.opened.comparisons]
        self._table("Signatures", pd.DataFrame(rows, columns=["what", "signature"]))

    def _table(self, name: str, table: pd.DataFrame) -> Any:
        sheet = self.book.add_worksheet(name)
        for column, title in enumerate(table.columns):
            sheet.set_column(
                column, column, WIDTHS.get(str(title), 34 if title in self.names else max(10, len(str(title)) + 3))
            )
            sheet.write_string(0, column, str(title).replace("_", " "), self.head)
            for row, value in enumerate(table[title].tolist(), 1):
                self._write(sheet, row, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(table)), max(0, len(table.columns) - 1))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        import pandas as pd

        if isinstance(value, bool):
            sheet.write_string(row, column, "yes" if value else "", self.plain)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, column, datetime.datetime(value.year, value.month, value.day), self.date)
        elif value is None or value is pd.NA or value != value:
            sheet.write_blank(row, column, None, self.plain)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.share if isinstance(value, float) else self.plain)
        else:
            sheet.write_string(row, column, _fit(str(value)), self.plain)


def _fit(text: str) -> str:
    return text if len(text) <= TEXT else text[: TEXT - 2] + " …"


def _sheet_names(ids: list[str]) -> dict[Any, str]:
    """Sheet names by document id, and by (id, "links"), cut to what Excel allows and still apart."""
    names: dict[Any, str] = {}
    for id in ids:
        short = slug(id)[: SHEET - 6]
        while short.lower() in {n.lower() for n in names.values()}:
            if len(short) < 2:
                raise RetoldError(f"document id {id!r} cannot be told from another's on a sheet of the workbook")
            short = short[:-2] + "~" + str(len(names))
        names[id], names[id, "links"] = short, f"{short} links"
    return names
