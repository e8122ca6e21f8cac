"""Make `ui/assets/icon.png`, the small picture in the tab of a browser.

The picture is drawn here: a map pin on the directory's teal.
"""

from pathlib import Path

from PIL import Image, ImageDraw

SIZE = 256
TARGET = Path(__file__).resolve().parent.parent / "ui" / "assets" / "icon.png"


def main() -> None:
    """Draw four times larger than needed, then shrink, so that edges are smooth."""
    image = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, SIZE - 1, SIZE - 1), radius=56, fill="#0b5563")
    draw.ellipse((72, 40, 184, 152), fill="white")
    draw.polygon([(80, 122), (176, 122), (128, 216)], fill="white")
    draw.ellipse((104, 72, 152, 120), fill="#0b5563")
    image.resize((64, 64), Image.Resampling.LANCZOS).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()
