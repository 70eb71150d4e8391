"""Make a raw input hostile: the same operation, spelled so that engines are tempted to read it differently.

`python tests/engines/hostile.py RAW OUT` writes OUT, the raw folder RAW with ids that only bytes can order,
listed words among strange spaces and capitals, numbers and times in every form that may be written and some
that may not, comments of many alphabets, and schedules in zones that engines know by other names.
"""

# ruff: noqa: RUF001  # characters that look like others are what it is about
from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

# Kinds of ids by the columns that hold them: one id is spelled alike wherever it stands.
KINDS = {
    "ticket": ("ticket_id", "merged_into_ticket_id"),
    "customer": ("customer_id", "merged_into_customer_id"),
    "agent": ("agent_id", "assignee_id", "author_id"),
    "team": ("team_id",),
    "unit": ("business_unit_id", "parent_business_unit_id"),
    "account": ("account_id",),
    "topic": ("topic_id",),
    "article": ("article_id",),
    "schedule": ("schedule_id",),
    "session": ("session_id",),
    "row": ("interaction_id", "event_id", "response_id", "order_id", "subscription_id", "shift_id"),
    "word": ("segment", "channel", "wave"),
}
KIND_OF = {column: kind for kind, columns in KINDS.items() for column in columns}
BEFORE = [
    "",
    "",
    "É",
    "é",
    "e\u0301",
    "Z",
    "a",
    "_",
    "-",
    "\\",
    "'",
    '"',
    "😀",
    "𝒜",
    "ß",
    " ",
    "{",
    "%",
    "|",
    "\u00a0",
]
AFTER = ["", "", " ", "\t", "'", "\\", "|", "\u0301", "A", "a", "\u00a0", "''", "%", "{{ x }}"]
SPACES = ["", "", "", " ", "\u00a0", "\u3000", "\u2003 "]
LISTED = {"status", "priority", "direction", "survey_type", "event_type", "language"}
NUMBERS = [
    "1",
    "1.5",
    "1e2",
    "1E+2",
    ".5",
    "5.",
    "-0",
    "1e-9",
    "0.285",
    "9999999999.9",
    "1e10",
    "1e99",
    "1e-99",
    "NaN",
    "Infinity",
    "-inf",
    "1e400",
    "٥",
    "0.30000000000000004",
    "12345678901234567890123456789",
    "1_0",
    "2.5",
]
NUMBERS.append("0." + "0" * 400 + "1")
DECIMALS = [
    "19.99",
    "1e-99",
    "123456789012345678901234567890e-20",
    "12345678901234567.5e-5",
    "0.00000000005",
    "5.e3",
    "-0.00000000005",
    "123.456789012345e-2",
    "1e13",
    "9999999999999.9999",
    "9999999999999.99999999995",
    ".5e1",
    "0.0000000000000000000000000000000001e30",
    "000000000000000000000000000012.5e0",
    "NaN",
    "1,5",
    "2.675",
]
OF_NUMBERS = {
    "talk_seconds",
    "hold_seconds",
    "wrap_up_seconds",
    "queue_seconds",
    "concurrency",
    "score",
    "sequence",
}
OF_DECIMALS = {"amount", "refunded_amount", "monthly_amount"}
TIMES = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01",
    "9999-12-31",
    "1899-12-31T23:59:59",
    "2100-01-01",
    "2024-02-29T23:59:60",
    "2023-02-29",
    "1900-02-29",
    "infinity",
    "now",
    "epoch",
    "2024-01-01 00:00:00 BC",
    "2024-01-01T00:00:00-00:00:30",
    "2024-10-27T02:30:00+01:00",
    "2024-03-31T02:30:00",
]
COMMENTS = [
    "İSTANBUL WAİTED",
    "ΟΔΟΣ waited",
    "slow\u00a0app",
    "sl\u0301ow",
    "l’attente",
    "'slow'",
    "waitedⅧ",
    "slow① x",
    "slow٣",
    "warte\u00adzeit",
    "gelo\u0308st",
    "GELÖST",
    "langsam\u200bx",
    "ⓢlow slow",
    "𝒜 slow",
    "slow²",
    "slow⁴",
    "½slow",
    "⅓slow",
    "slow_x",
    "ẞ kaputt",
    "日本slow",
    "日本 slow",
    "slow\x85again",
    "slow\ufe0f",
    "अच्छा slow",
    "TOO\u2003LONG",
    "too  long",
    "   ",
    "\u00a0",
    "\t",
    "\u3000 ",
    "RÁPIDO",
    'say "x"\nslow \\',
]
ZONES = [
    "CET",
    "EET",
    "MET",
    "WET",
    "ROC",
    "America/Coyhaique",
    "EST5EDT",
    "Asia/Kolkata",
    "europe/berlin",
    "UTC ",
    "PST",
]


def make_hostile(raw: Path, out: Path, seed: int = 1) -> None:
    """Write a raw folder anew, spelled in hostile ways.

    Args:
        raw: a folder of CSV files.
        out: where to write; made if it is not there.
        seed: of what is spelled how.
    """
    out.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    spelled: dict[tuple[str, str], str] = {}
    for path in sorted(raw.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        columns = list(rows[0]) if rows else []
        zones = iter(ZONES)
        for row in rows:
            _spell(row, path.stem, chance, spelled)
            if path.stem == "schedules":
                row["time_zone"] = next(zones, row["time_zone"])
            if path.stem == "tickets":
                row |= {
                    "u" * 70 + "1": "x",
                    "u" * 70 + "2": "",
                    "É": "1",
                    "ß": "2",
                    "a \"b' {{x}}, (1)\n=": "x",
                }
        if path.stem == "tickets":
            rows += [{**rows[-1], "ticket_id": f"at {time}", "created_at": time} for time in TIMES]
        chance.shuffle(rows)
        with (out / path.name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _spell(
    row: dict[str, str], table: str, chance: random.Random, spelled: dict[tuple[str, str], str]
) -> None:
    """Spell the values of one row in hostile ways."""
    changed = {"team": "team", "assignee": "agent"}.get(row.get("event_type", ""))
    for column, value in row.items():
        kind = KIND_OF.get(column) or (changed if column in ("from_value", "to_value") else None)
        if column == "author_id" and row.get("author_type") == "customer":
            kind = "customer"
        if kind and value:
            key = (kind, value)
            if key not in spelled:
                spelled[key] = chance.choice(BEFORE) + value + chance.choice(AFTER)
            row[column] = spelled[key]
        elif column in LISTED or (column == "to_value" and row.get("event_type") == "status"):
            strange = chance.choice([value, value, value.upper(), value.title(), value.replace("i", "İ")])
            row[column] = chance.choice(SPACES) + strange + chance.choice(SPACES) if value else value
        elif column in OF_NUMBERS and chance.random() < 0.1:
            row[column] = chance.choice(NUMBERS)
        elif column in OF_DECIMALS and chance.random() < 0.2:
            row[column] = chance.choice(DECIMALS)
        elif column == "comment" and table == "survey_responses" and chance.random() < 0.6:
            row[column] = chance.choice(COMMENTS)


if __name__ == "__main__":
    make_hostile(Path(sys.argv[1]), Path(sys.argv[2]))
