"""What can go wrong, each with the exit code that the command line promises."""

from __future__ import annotations

from pathlib import Path

EXIT_PUBLISHED = 0
EXIT_BUILD_FAILED = 1
EXIT_WRONG_USE = 2
EXIT_LOCKED = 3


class SupportKpisError(Exception):
    """A failure that can be told in plain words.

    Args:
        message: one sentence or a few lines: what failed, where, and what to do.
    """

    exit_code = EXIT_BUILD_FAILED


class WrongUse(SupportKpisError):
    """The call, the configuration, the input or the machine does not allow a refresh."""

    exit_code = EXIT_WRONG_USE


class BuildFailed(SupportKpisError):
    """The build or its audit failed; nothing was published."""

    exit_code = EXIT_BUILD_FAILED


class LockHeld(SupportKpisError):
    """Another refresh of the same warehouse is running."""

    exit_code = EXIT_LOCKED


class Stopped(SupportKpisError):
    """A signal asked the refresh to stop; nothing was published."""

    exit_code = EXIT_BUILD_FAILED


def is_disk_full(error: BaseException | str) -> bool:
    """Whether an error says that a disk has no room left."""
    if isinstance(error, OSError) and error.errno in (27, 28, 122):  # EFBIG, ENOSPC, EDQUOT
        return True
    text = str(error).lower()
    return any(words in text for words in ("no space left", "disk quota exceeded", "file too large"))


def disk_full(where: str) -> WrongUse:
    """The failure to raise where a disk is full.

    Args:
        where: the folder that could not be written.
    """
    return WrongUse(
        f"The disk that holds {where} is full: free some space there (earlier builds in published/ may "
        "go), or choose another folder with --warehouse-dir, then run the refresh again."
    )


def file_failure(error: BaseException, warehouse_root: Path) -> BaseException:
    """The failure to raise where a file of a warehouse could not be used.

    Args:
        error: what was raised.
        warehouse_root: the folder of the warehouse.

    Returns:
        What to do about it; the error itself where it is not about files.
    """
    if is_disk_full(error):
        return disk_full(str(warehouse_root))
    if isinstance(error, OSError):
        where = error.filename or warehouse_root
        return WrongUse(
            f"{where} cannot be used ({error.strerror or error}): give this user the right to read and "
            f"write the warehouse folder {warehouse_root}, or choose another one with --warehouse-dir."
        )
    return error
