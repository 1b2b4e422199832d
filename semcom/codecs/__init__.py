"""Pictures into bits and back: the source codecs of classical transceivers."""

from semcom.codecs.avif import Avif
from semcom.codecs.codec import Codec
from semcom.codecs.jpeg import Jpeg
from semcom.codecs.jpeg2000 import Jpeg2000
from semcom.codecs.pcm import Pcm
from semcom.codecs.webp import Webp
from semcom_channels import Family

KINDS = (Jpeg, Webp, Jpeg2000, Avif, Pcm)
CODECS = Family("semcom.codecs", KINDS)

__all__ = ["CODECS", "KINDS", "Avif", "Codec", "Jpeg", "Jpeg2000", "Pcm", "Webp"]
