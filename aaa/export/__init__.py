"""Files from rows: JSON lines in the forms that trainers read, written whole or not at all."""

from aaa.export.formats import FORMATS, Format, export_rows
from aaa.export.jsonl import Written, write_jsonl

__all__ = ["FORMATS", "Format", "Written", "export_rows", "write_jsonl"]
