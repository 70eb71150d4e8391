"""Did the raw files stay as they were while a refresh read them? Whoever writes them knows nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stamp:
    """What tells that a file was written.

    Args:
        size: in bytes.
        written_ns: when, in nanoseconds of the file system's clock.
    """

    size: int
    written_ns: int


def stamps_of(files: Iterable[Path]) -> dict[Path, Stamp | None]:
    """The stamps of raw files, and of the Parquet files in raw folders.

    Args:
        files: files and folders, as `find_files` finds them.

    Returns:
        File to its stamp, None where it is gone. A folder stands for itself too, so that a file which joins
        it is seen.
    """
    found: dict[Path, Stamp | None] = {}
    for path in files:
        found[path] = _stamp(path)
        if path.is_dir():
            found.update({part: _stamp(part) for part in sorted(path.glob("*.parquet"))})
    return found


def changed_since(stamps: Mapping[Path, Stamp | None]) -> list[Path]:
    """The files that were written or removed since their stamps were taken; a folder only if none in it was.

    Args:
        stamps: of the files as they were.
    """
    changed = [path for path, stamp in stamps.items() if _stamp(path) != stamp]
    return [path for path in changed if not any(path in other.parents for other in changed)]


def change_told(changed: Sequence[Path], failure: str) -> str:
    """A failure whose cause is that the input changed.

    Args:
        changed: the files; at least one.
        failure: what failed, in words.
    """
    return (
        f"{names_of(changed)} changed while the refresh read the raw files, so the build saw other rows than "
        "the check did. Wait until whoever writes there has finished, and run the refresh again.\n"
        f"What failed: {failure}"
    )


def names_of(changed: Sequence[Path]) -> str:
    """A few of the files, as the beginning of a sentence."""
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    return ", ".join(str(path) for path in changed[:3]) + more


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns)
