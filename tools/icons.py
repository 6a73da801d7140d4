"""Draws the mark as PNG files for phones: `icons.py`. The shapes are those of layout/mark.svg."""

from pathlib import Path

from PIL import Image, ImageDraw

LAYOUT = Path(__file__).resolve().parent.parent / "tagwerk" / "interfaces" / "web" / "layout"
ACCENT, PAPER, SPARK = "#2450b4", "#ffffff", "#f0c24b"
FINER = 4  # drawn so much larger, then made smaller: smooth edges


def mark(size: int, *, maskable: bool = False) -> Image.Image:
    """The mark, `size` pixels wide; a maskable one fills its square, its letter well within what any mask leaves."""
    unit = size * FINER / 32
    image = Image.new("RGBA", (size * FINER, size * FINER), ACCENT if maskable else (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if not maskable:
        draw.rounded_rectangle((2 * unit, 2 * unit, 30 * unit, 30 * unit), 8 * unit, fill=ACCENT)
    inset, shrink = (16 * (1 - 0.8), 0.8) if maskable else (0.0, 1.0)

    def line(x1: float, y1: float, x2: float, y2: float, colour: str) -> None:
        """A line with round ends, 3 units wide."""
        points = [(inset + value * shrink) * unit for value in (x1, y1, x2, y2)]
        half = 1.5 * shrink * unit
        draw.line(points, fill=colour, width=round(2 * half))
        for x, y in (points[:2], points[2:]):
            draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    line(9, 11, 23, 11, PAPER)
    line(16, 11, 16, 22, PAPER)
    line(20.5, 21.5, 23, 21.5, SPARK)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all of them beside mark.svg."""
    for size, maskable in ((192, False), (512, False), (512, True)):
        name = f"mark-{size}{'-maskable' if maskable else ''}.png"
        mark(size, maskable=maskable).quantize(64).save(LAYOUT / name, optimize=True)


if __name__ == "__main__":
    main()
