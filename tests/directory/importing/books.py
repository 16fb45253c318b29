"""Workbooks, made for a test; honest ones, and ones that nobody's spreadsheet would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS: Mapping[str, str] = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
    '<sheets><sheet name="名簿" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def book(*rows: Sequence[object], formats: Mapping[str, str] | None = None) -> io.BytesIO:
    """Return a workbook of one sheet as Excel saves it; `formats` by cell ("A2")."""
    made = Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cell, written_as in (formats or {}).items():
        sheet[cell].number_format = written_as
    return saved(made)


def saved(made: Workbook) -> io.BytesIO:
    """Return the file of a workbook."""
    file = io.BytesIO()
    made.save(file)
    return file


def crafted(rows: str, parts: Mapping[str, str | bytes] | None = None) -> io.BytesIO:
    """Return a workbook whose sheet has these rows of XML, with other parts beside or instead."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**PARTS, "xl/worksheets/sheet1.xml": sheet, **(parts or {})}.items():
            archive.writestr(name, content)
    return file


def cell(at: str, words: str) -> str:
    """Return the XML of a cell with text."""
    return f'<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>'
