"""What is sent."""

from semcom.sources.bits import RandomBits
from semcom.sources.digits import Digits
from semcom.sources.folder import Folder
from semcom.sources.photographs import Photographs
from semcom.sources.source import Batch, Source
from semcom_channels import Family

KINDS = (RandomBits, Photographs, Digits, Folder)
SOURCES = Family("semcom.sources", KINDS)

__all__ = [
    "KINDS",
    "SOURCES",
    "Batch",
    "Digits",
    "Folder",
    "Photographs",
    "RandomBits",
    "Source",
]
