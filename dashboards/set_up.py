"""Make or renew Superset's own database: its tables, its roles and the account to sign in with.

Run with .venv-dashboard's Python by `support-kpis dashboard`; SUPERSET_CONFIG_PATH names the configuration. Safe to run again.
"""

import json
import os
import sys
from pathlib import Path

from flask_migrate import upgrade
from superset.app import create_app


def main() -> None:
    """Bring the tables to this version's form, then the roles, then the account."""
    sign_in = json.loads((Path(os.environ["SUPPORT_KPIS_DASHBOARD_HOME"]) / "sign-in.json").read_text())
    app = create_app()
    with app.app_context():
        upgrade(directory=str(Path(sys.modules["superset"].__file__).parent / "migrations"))

    # Roles are read from tables that were not there when the first application began.
    app = create_app()
    with app.app_context():
        app.appbuilder.add_permissions(update_perms=True)
        manager = app.appbuilder.sm
        manager.sync_role_definitions()
        if manager.find_user(username=sign_in["user"]) is None:
            made = manager.add_user(
                username=sign_in["user"],
                first_name="Support",
                last_name="KPIs",
                email="admin@localhost",
                role=manager.find_role("Admin"),
                password=sign_in["password"],
            )
            if not made:
                raise SystemExit("Superset did not take the account; its log above says why.")


if __name__ == "__main__":
    main()
