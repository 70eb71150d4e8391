"""Write the assets of the dashboards anew: `python -m support_kpis.boards`."""

from pathlib import Path

from support_kpis.boards.all_boards import BOARDS
from support_kpis.boards.assets import assets, write
from support_kpis.settings import find_project


def main() -> None:
    """Write them, and say what changed."""
    folder: Path = find_project() / "dashboards"
    print("\n".join(write(folder, assets(BOARDS))) or "Nothing changed.")


if __name__ == "__main__":
    main()
