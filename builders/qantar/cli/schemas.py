"""`qantar schema compile`."""

from __future__ import annotations

import sys
from pathlib import Path

from qantar.resources import data_dir
from qantar.schema.sources import canonical_json
from qantar.settings import read_settings


def compile_schemas(out: Path | None) -> int:
    """Writes the compiled schemas, and beside the package, in a checkout, the stub of the record types."""
    from qantar.release.seal import compiled

    _, registry = read_settings(data_dir("corpus"))
    folder = out or data_dir("schema") / "compiled"
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in compiled(registry).items():
        path = folder / Path(name).name
        path.write_text(canonical_json(body), encoding="utf-8", newline="")
        sys.stdout.write(f"{path}\n")
    if out is None:
        stub = Path(__file__).resolve().parents[1] / "records.pyi"
        stub.write_text(registry.types.stub(), encoding="utf-8", newline="")
        sys.stdout.write(f"{stub}\n")
    return 0
