"""Files from rows: the forms that trainers read, written whole or not at all, and checked by their readers' rules."""

from aaa.export.checking import Checked, check_files
from aaa.export.entry import Entry, LeftOut
from aaa.export.form import Format
from aaa.export.formats import FORMATS, Exported, export_rows, format_of
from aaa.export.jsonl import Written, read_json, write_jsonl, write_text
from aaa.export.page import Bars, Grid, Page, Picture, Ranges, html

__all__ = [
    "FORMATS",
    "Bars",
    "Checked",
    "Entry",
    "Exported",
    "Format",
    "Grid",
    "LeftOut",
    "Page",
    "Picture",
    "Ranges",
    "Written",
    "check_files",
    "export_rows",
    "format_of",
    "html",
    "read_json",
    "write_jsonl",
    "write_text",
]
