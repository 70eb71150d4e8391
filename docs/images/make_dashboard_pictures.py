"""Make the README's pictures of the dashboards, small, out of what make test-dashboards saw (target/screenshots).

Run ``.venv-dashboard/bin/python docs/images/make_dashboard_pictures.py`` after it; that environment has Pillow.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
SCREENS = HERE.parents[1] / "target" / "screenshots"
WIDTH, HEIGHT = 900, 760
COLOURS = 96
LARGEST = 150_000


def main() -> None:
    """Cut the top of each screen, scale it, and keep few colours."""
    for slug in ("overview", "customer-experience"):
        with Image.open(SCREENS / f"dashboard-{slug}.png") as screen:
            scale = WIDTH / screen.width
            picture = screen.convert("RGB").resize(
                (WIDTH, round(screen.height * scale)), Image.Resampling.LANCZOS
            )
        picture = picture.crop((0, 0, WIDTH, min(HEIGHT, picture.height))).quantize(COLOURS)
        path = HERE / f"dashboard-{slug}.png"
        picture.save(path, optimize=True)
        size = path.stat().st_size
        if size > LARGEST:
            raise SystemExit(f"{path.name} has {size:,} bytes, more than {LARGEST:,}: take fewer colours.")
        print(f"{path.name}: {size:,} bytes")


if __name__ == "__main__":
    main()
