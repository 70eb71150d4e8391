"""Take off each imported dashboard the charts that its file no longer names; importing only ever adds.

Run with .venv-dashboard's Python by `support-kpis dashboard` after an import. A chart that the assets brought earlier and no longer
have, and that stands on no dashboard, is removed; charts that people made themselves stay. The two are told apart by their ids:
those of the assets are made of names (version 5), those that Superset gives are random.
"""

import sys
from pathlib import Path

import yaml
from superset.app import create_app


def main(assets: Path) -> None:
    """Compare the dashboards with their files.

    Args:
        assets: the folder that was imported.
    """
    app = create_app()
    with app.app_context():
        from superset import db
        from superset.models.dashboard import Dashboard
        from superset.models.slice import Slice

        kept = {yaml.safe_load(path.read_text())["uuid"] for path in (assets / "charts").glob("*.yaml")}
        for path in (assets / "dashboards").glob("*.yaml"):
            content = yaml.safe_load(path.read_text())
            dashboard = db.session.query(Dashboard).filter_by(uuid=content["uuid"]).one()
            cells = [cell for cell in content["position"].values() if isinstance(cell, dict)]
            named = {cell["meta"]["uuid"] for cell in cells if cell["type"] == "CHART"}
            dashboard.slices = [chart for chart in dashboard.slices if str(chart.uuid) in named]
        db.session.flush()
        for chart in db.session.query(Slice).all():
            if chart.uuid.version == 5 and str(chart.uuid) not in kept and not chart.dashboards:
                db.session.delete(chart)
        db.session.commit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
