"""How Superset runs for the dashboards: one machine, loopback, nothing asked of any other host.

It runs in .venv-dashboard, not in the project's own environment. `support-kpis dashboard` sets the variables that are read here.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

_HOME = Path(os.environ["SUPPORT_KPIS_DASHBOARD_HOME"])
_MARTS_URI = os.environ["SUPPORT_KPIS_DASHBOARD_MARTS"]

SECRET_KEY = json.loads((_HOME / "sign-in.json").read_text(encoding="utf-8"))["secret_key"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_HOME / 'superset.db'}"
DATA_DIR = str(_HOME)
UPLOAD_FOLDER = str(_HOME / "uploads") + "/"

APP_NAME = "Support KPIs"
LOGO_TARGET_PATH = "/superset/dashboard/overview/"
FAVICONS: list[dict[str, str]] = [{"href": "/static/assets/images/favicon.png"}]
LANGUAGES: dict[str, Any] = {}
SQL_MAX_ROW = 100_000
# Behind a proxy that ends TLS: SUPPORT_KPIS_DASHBOARD_PROXY=1 trusts its forwarded headers, and cookies travel by https only.
ENABLE_PROXY_FIX = os.environ.get("SUPPORT_KPIS_DASHBOARD_PROXY", "") == "1"
SESSION_COOKIE_SECURE = ENABLE_PROXY_FIX
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Filters choose rows inside the datasets' SQL; nothing of the machine can be reached from a template.
FEATURE_FLAGS = {
    "ENABLE_TEMPLATE_PROCESSING": True,
    "ALERT_REPORTS": False,
    "THUMBNAILS": False,
    "SLACK_ENABLE_AVATARS": False,
    "ENABLE_EXTENSIONS": False,
}

# A refresh must be seen at the next reload, so no result is kept; what a browser's filters say is kept with the metadata.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
RATELIMIT_STORAGE_URI = "memory://"

# The browser may talk to this server alone: no map tiles, fonts, pixels or pictures of other hosts.
CONTENT_SECURITY_POLICY_WARNING = False
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": SESSION_COOKIE_SECURE,
}
THEME_FONT_URL_ALLOWED_DOMAINS: list[str] = []
MAPBOX_API_KEY = ""


def _published(path: Path) -> Path:
    """A name of its own for the version of the published file that is there now.

    DuckDB shares one open database between all connections of a process to one path (links are followed), and so would go on serving
    the file that a refresh has replaced for as long as any connection to it is open. A hard link whose name holds the file's identity
    is another path for each version, takes no room, and keeps the version whole until the last reader has gone.

    Args:
        path: the published file.
    """
    versions = _HOME / "versions"
    name = _version_name(path)
    if not (versions / name).exists():
        versions.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_HOME, prefix=".version-") as folder:
            taken = Path(folder) / path.name
            try:
                os.link(path, taken)
            except OSError:  # another disk, or one without hard links
                shutil.copy2(path, taken)
            else:
                name = _version_name(taken)
            taken.replace(versions / name)
        # The one before stays for a connection that is being opened at this moment.
        for old in sorted(versions.iterdir(), key=lambda version: version.stat().st_ctime_ns)[:-2]:
            old.unlink(missing_ok=True)
    return versions / name


def _version_name(path: Path) -> str:
    state = path.stat()
    return f"{state.st_ino}-{state.st_mtime_ns}.duckdb"


def DB_CONNECTION_MUTATOR(
    uri: Any, params: dict[str, Any], username: str, security_manager: Any, source: Any
) -> Any:
    """Lead every connection to the marts to where they are now; the stored address is only a name.

    Args:
        uri: the address in Superset's own database.
        params: arguments of SQLAlchemy's create_engine.
        username: who asks.
        security_manager: Superset's.
        source: which part of Superset asks.

    Returns:
        The address and the arguments to use.
    """
    if uri.database != "support_kpis_marts":
        return uri, params
    marts = make_url(_MARTS_URI)
    if marts.get_backend_name() == "duckdb":
        marts = marts.set(database=str(_published(Path(marts.database))))
        params["connect_args"] = {
            "read_only": True,
            "config": {
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "enable_external_access": "false",
                "custom_user_agent": "support-kpis",
            },
        }
    else:
        params["connect_args"] = {"application_name": "support-kpis dashboards", "connect_timeout": 10}
    return marts, params
