"""`qantar accept`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from qantar.accepting import accept
from qantar.cli.reporters import refuse
from qantar.errors import InvalidCorpus
from qantar.store import Folder


def accept_and_report(folder: Folder, document: str, layers: Sequence[str]) -> int:
    """Confirms draft layers and names them; 1 where the document has errors."""
    try:
        accepted = accept(folder, document, layers)
    except InvalidCorpus as error:
        return refuse(error.problems, "changed", folder)
    found = f"no longer drafts: {', '.join(accepted)}" if accepted else "none of these layers is a draft; nothing was changed"
    sys.stdout.write(f"{document}: {found}.\n")
    return 0
