"""Pictures that people upload, drawn anew: only the picture is left, without the place where it was taken."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

MOST_PIXELS: Final = 24_000_000
"""What phones take by default has half of it; a small file can unfold to far more."""
QUALITY: Final = 88
FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG"}


class PictureError(ValueError):
    """Not a picture that can be drawn anew; ``code`` is ``pixels`` where it is too large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def drawn_anew(data: bytes, content_type: str) -> bytes:
    """The picture as it is seen, upright, in the same format and without anything else; raises `PictureError`."""
    kind = FORMATS[content_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PictureError("pixels")
                upright = ImageOps.exif_transpose(picture)
                return _written(upright, kind)
    except Image.DecompressionBombError as error:
        raise PictureError("pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError("content") from error


def _written(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        plain = picture if picture.mode in {"RGB", "L"} else picture.convert("RGB")
        plain.info.clear()
        plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    else:
        plain = picture if picture.mode in {"1", "L", "LA", "RGB", "RGBA", "P"} else picture.convert("RGBA")
        transparency = plain.info.get("transparency")
        plain.info.clear()
        plain.save(out, "PNG", **({"transparency": transparency} if transparency is not None else {}))
    return out.getvalue()
