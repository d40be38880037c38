"""The same bytes each time: an Office file packed again without the hour at which it was made."""

from __future__ import annotations

import io
import zipfile

from jmrules.report.house import HOUSE


def packed_alike(data: bytes) -> bytes:
    """The same parts in the same order, all of them dated as the house style says."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for part in given.infolist():
            entry = zipfile.ZipInfo(part.filename, (*HOUSE.made, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            # a plain file whatever the system that packs it
            entry.create_system, entry.external_attr = 0, 0
            target.writestr(entry, given.read(part), compresslevel=6)
    return made.getvalue()
