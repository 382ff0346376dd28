"""Pages of invented articles as they are printed: a born-digital PDF of them, the truth about them, and scans of them.

    page ─┬─ pdf(): the lines with their places ────────► read_pdf
          └─ scan(): the same lines drawn, then blurred, turned, noisy, compressed ► text recognition

`python tests/support/printed_pages.py --seed 1 --pages 3 --out DIR` writes some to look at.
"""

import argparse
import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pdf_writer import BASELINE_EM, Show, write_pdf
from press.desk import plan_page
from press.invented import invented_pool
from press.kinds import CLEAN
from press.layout import Box, lay_out
from press.truth import gold_of
from press.typesetting import width_of
from press.writing import write

BODY_PT = 9.0
LEAD_EM = 1.5
MARGIN_PT = 36.0
POOL_ARTICLES = 300
PRINT = replace(CLEAN, name="print", rates={"kicker": 0.2, "deck": 0.2, "subheads": 0.3}, stories=(4, 6))
"""What happens to a printed page here: nothing that another generator's text dumps show, since nothing is dumped."""
ENLARGED = {"headline": 2.4, "kicker": 1.35, "deck": 1.35, "label": 1.35, "subhead": 1.15}
"""Size of type by role, to the body's."""
FACES = {"song": ("NotoSerifCJK-Regular.ttc", 2), "hei": ("NotoSansCJK-Bold.ttc", 2)}
"""Number of the simplified Chinese font in each collection (Debian's fonts-noto-cjk)."""
FONT_FOLDERS = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk")


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page.

    Args:
        shows: its lines with their places, in points.
        text: what `gold` counts its spans in; its lines in the order in which they are read.
        size: width and height in points.
    """

    shows: tuple[Show, ...]
    text: str
    gold: dict[str, Any]
    size: tuple[float, float]

    def pdf(self) -> bytes:
        """Return it as a PDF with a text layer."""
        return write_pdf([replace(show, font="song") for show in self.shows], size=self.size)


@dataclass(frozen=True, slots=True)
class Scanner:
    """What a scanner makes of a page.

    Args:
        degrees: how far the sheet lies askew.
        blur_pt: radius of the blur in points; .2 is a lens a little out of focus.
        noise: standard deviation in levels of grey.
        paper, ink: levels of grey.
        quality: of the JPEG.
    """

    dpi: int = 200
    degrees: float = 0.0
    blur_pt: float = 0.1
    noise: float = 3.0
    paper: int = 245
    ink: int = 30
    quality: int = 85

    @staticmethod
    def drawn(rng: random.Random) -> "Scanner":
        """Return one of those an office has."""
        return Scanner(
            rng.choice((150, 150, 200, 200, 300)),
            rng.uniform(-1, 1),
            rng.uniform(0.05, 0.25),
            rng.uniform(2, 10),
            rng.randint(215, 250),
            rng.randint(20, 70),
            rng.randint(55, 90),
        )

    def scan(self, page: PrintedPage, seed: int = 0) -> bytes:
        """Return the page as a JPEG that states its resolution."""
        import numpy as np
        from PIL import Image, ImageFilter

        image = _drawn(page, self.dpi, self.paper, self.ink)
        image = image.rotate(self.degrees, Image.Resampling.BICUBIC, fillcolor=self.paper)
        image = image.filter(ImageFilter.GaussianBlur(self.blur_pt * self.dpi / 72))
        grain = np.random.default_rng(seed).normal(0, self.noise, (image.height, image.width))
        noisy = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
        return as_file(noisy, "JPEG", self.dpi, quality=self.quality)


def as_file(image: Any, kind: str, dpi: float, **options: Any) -> bytes:
    """Return an image as a file's content."""
    held = io.BytesIO()
    image.save(held, kind, dpi=(dpi, dpi), **options)
    return held.getvalue()


def scanned_pdf(*images: bytes, dpi: float = 200) -> bytes:
    """Return a PDF of pages that are pictures, without a text layer."""
    from PIL import Image

    opened = [Image.open(io.BytesIO(image)) for image in images]
    held = io.BytesIO()
    opened[0].save(held, "PDF", save_all=True, append_images=opened[1:], resolution=dpi)
    return held.getvalue()


def print_page(seed: int, number: int = 0) -> PrintedPage:
    """Compose a page: the same for the same seed and number."""
    rng = random.Random(f"printed {seed} {number}")
    plan = plan_page(_pool(seed), PRINT, rng)
    boxes = lay_out(plan, rng)
    text, lines = write(boxes, plan, "wrapped", rng)
    gold = gold_of(f"{seed}-{number:03d}", text, lines, plan, "threads", "wrapped")
    shows = [show for box in boxes for show in _shows(box)]
    width = max(show.x + show.size * width_of(show.text) for show in shows) + MARGIN_PT
    height = max(show.y + show.size * LEAD_EM for show in shows) + MARGIN_PT
    return PrintedPage(tuple(shows), text, gold, (round(width), round(height)))


def has_fonts() -> bool:
    """Tell whether this machine has the fonts that pages are drawn in."""
    return all(_face_path(name) for name, _number in FACES.values())


@cache
def _pool(seed: int) -> Any:
    return invented_pool(POOL_ARTICLES, seed)


def _shows(box: Box) -> list[Show]:
    lead = BODY_PT * LEAD_EM
    x, y = MARGIN_PT + box.left * BODY_PT, MARGIN_PT + box.top * lead
    size = BODY_PT * ENLARGED.get(box.role, 1.0)
    step = lead * (3 if box.role in ("headline", "kicker", "deck", "label") else 1)
    found = []
    for row, line in enumerate(box.lines):
        enlarged = BODY_PT * ENLARGED["subhead"] if line.role == "subhead" else size
        indent = 2 * BODY_PT if line.first else 0.0
        font = "song" if line.role == "body" else "hei"
        found.append(Show(x + indent, y + row * step, enlarged, line.text, font=font))
    return found


def _face_path(name: str) -> Path | None:
    return next((path for folder in FONT_FOLDERS if (path := Path(folder) / name).is_file()), None)


def _drawn(page: PrintedPage, dpi: int, paper: int, ink: int) -> Any:
    from PIL import Image, ImageDraw

    scale = dpi / 72
    image = Image.new("L", (round(page.size[0] * scale), round(page.size[1] * scale)), paper)
    draw = ImageDraw.Draw(image)
    for show in page.shows:
        face = _face(show.font, show.size * scale)
        x, y = show.x * scale, (show.y + BASELINE_EM * show.size) * scale
        for char in show.text:
            room = show.size * scale * width_of(char)
            if char.isascii() and face.getlength(char) > room:  # the font's digits and % are wider than half an em
                _draw_narrow(image, char, face, (x, y), room, ink)
            else:
                draw.text((x, y), char, fill=ink, font=face, anchor="ls")
            x += room
    return image


def _draw_narrow(image: Any, char: str, face: Any, place: tuple[float, float], room: float, ink: int) -> None:
    """Draw a character squeezed into its room."""
    from PIL import Image, ImageDraw

    height = round(2 * face.size)
    mask = Image.new("L", (round(face.getlength(char)), height), 0)
    ImageDraw.Draw(mask).text((0, 1.5 * face.size), char, fill=255, font=face, anchor="ls")
    mask = mask.resize((max(round(room), 1), height), Image.Resampling.LANCZOS)
    image.paste(ink, (round(place[0]), round(place[1] - 1.5 * face.size)), mask)


@cache
def _face(font: str, size: float) -> Any:
    from PIL import ImageFont

    name, number = FACES[font]
    return ImageFont.truetype(str(_face_path(name)), size, index=number)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write OUT/NNN.jpg, OUT/NNN.pdf, OUT/NNN.txt and OUT/NNN.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    for number in range(options.pages):
        page = print_page(options.seed, number)
        scanner = Scanner.drawn(random.Random(f"scanner {options.seed} {number}"))
        stem = options.out / f"{number:03d}"
        stem.with_suffix(".jpg").write_bytes(scanner.scan(page, options.seed))
        stem.with_suffix(".pdf").write_bytes(page.pdf())
        stem.with_suffix(".txt").write_text(page.text, "utf-8")
        gold = json.dumps({**page.gold, "scanner": repr(scanner)}, ensure_ascii=False)
        stem.with_suffix(".json").write_text(gold, "utf-8")


if __name__ == "__main__":
    main()
