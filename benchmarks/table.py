"""What the benchmarks share: a line about the machine, medians, one markdown table."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles


def machine() -> str:
    """Processor cores, system and versions, as one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "streamlit"))
    busy = f", load average {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores{busy}; {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}"
    )


def p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def spread(values: list[float]) -> str:
    """ "median, p95" of milliseconds."""
    return f"{median(values):.1f}, {p95(values):.1f}" if values else "–"


def show(notes: list[str], rows: list[dict], file: Path | None) -> None:
    """Print the notes and the rows as a markdown table; write both as JSON where asked to."""
    print(*notes, sep="  \n", end="\n\n")
    print("| " + " | ".join(rows[0]) + " |")
    print("|---" * len(rows[0]) + "|")
    for row in rows:
        print("| " + " | ".join(map(str, row.values())) + " |")
    if file:
        file.write_text(json.dumps({"notes": notes, "rows": rows}, indent=1, ensure_ascii=False))
