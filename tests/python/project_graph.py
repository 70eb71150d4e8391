"""The project as dbt parses it, for the tests of its structure."""

import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from conftest import PROJECT, environment

Node = dict[str, Any]


@dataclass(frozen=True)
class Graph:
    """A dbt manifest and the questions that the structural rules put to it."""

    manifest: dict[str, Any]

    def of_type(self, resource_type: str) -> dict[str, Node]:
        """All nodes of a resource type by unique id."""
        return {
            key: node
            for key, node in self.manifest["nodes"].items()
            if node["resource_type"] == resource_type
        }

    @cached_property
    def models(self) -> dict[str, Node]:
        """All models by unique id."""
        return self.of_type("model")

    @cached_property
    def seeds(self) -> dict[str, Node]:
        """All seeds by unique id."""
        return self.of_type("seed")

    @cached_property
    def sources(self) -> dict[str, Node]:
        """All source tables by unique id."""
        return dict(self.manifest["sources"])

    @cached_property
    def tests(self) -> dict[str, list[Node]]:
        """The generic tests of each node."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.of_type("test").values():
            if node.get("attached_node"):
                found[node["attached_node"]].append(node)
        return found

    @cached_property
    def unit_tests(self) -> dict[str, Node]:
        """All unit tests by unique id."""
        return dict(self.manifest["unit_tests"])

    def layer(self, layer: str) -> dict[str, Node]:
        """The models of one layer: staging, intermediate or marts."""
        return {key: node for key, node in self.models.items() if folders(node)[0] == layer}

    def children(self, key: str) -> list[str]:
        """Models that read a node."""
        return [child for child, node in self.models.items() if key in parents(node)]


def folders(node: Node) -> tuple[str, ...]:
    """The folders of a node below models/, such as ('marts', 'core')."""
    return Path(node["original_file_path"]).parent.parts[1:]


def parents(node: Node) -> list[str]:
    """What a node reads: models, seeds and sources."""
    return list(dict.fromkeys(node["depends_on"]["nodes"]))


def parsed(target: Path, **settings: str) -> Graph:
    """Parse the project with dbt.

    Args:
        target: a folder for what dbt writes.
        settings: environment variables, such as SUPPORT_KPIS_RAW_SCHEMA.

    Returns:
        The graph of the project under these settings.
    """
    (target / "build").mkdir()
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "parse"]
    done = subprocess.run(
        [*command, "--target-path", str(target), "--log-path", str(target)],
        cwd=PROJECT,
        env=environment(
            DBT_PROFILES_DIR="profiles",
            DBT_SEND_ANONYMOUS_USAGE_STATS="false",
            SUPPORT_KPIS_WAREHOUSE_DIR=str(target),
            **settings,
        ),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Graph(json.loads((target / "manifest.json").read_text(encoding="utf-8")))
