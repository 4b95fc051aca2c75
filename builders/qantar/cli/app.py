"""The commands. Heavy imports wait until a command runs, so that --help answers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qantar.store import Store

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Annotated corpora as validated, versioned Hugging Face datasets.",
)  # fmt: skip
schema_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The schemas that everything is derived from.")
app.add_typer(schema_app, name="schema")

CorpusPath = Annotated[
    Path | None,
    typer.Argument(help="Corpus folder, release or native .jsonl[.gz|.zst] file. Default: ./corpus, else the installed corpus."),
]
SettingsPath = Annotated[Path | None, typer.Option("--corpus", help="Corpus folder whose settings a native file takes.")]


def _store(path: Path | None, corpus: Path | None = None) -> Store:
    from qantar.resources import data_dir
    from qantar.store import open_store

    if path is None:
        here = Path("corpus")
        path = here if (here / "corpus.toml").is_file() else data_dir("corpus")
        sys.stderr.write(f"qantar: using {'./corpus' if path == here else f'the installed corpus ({path})'}\n")
    return open_store(path, corpus=corpus)


@app.command()
def build(
    source: CorpusPath = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the release. Default: releases/<name>-<version>.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes to build shards with.")] = 1,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a sealed release of the same version with other content.")] = False,
    corpus: SettingsPath = None,
) -> int:
    """Check a corpus and build its release: Parquet tables, card, manifest."""
    from qantar.cli.building import build_and_report

    return build_and_report(_store(source, corpus), out, workers=workers, replace=replace)


@app.command()
def check(source: CorpusPath = None, corpus: SettingsPath = None) -> int:
    """Check a corpus: bytes, shapes, anchors, references, role fillers."""
    from qantar.cli.checking import check_and_report

    return check_and_report(_store(source, corpus))


@app.command()
def export(
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help="native or frames.")],
    out: Annotated[Path, typer.Argument(help="Folder, one .json a document; or a file ending in .jsonl, .jsonl.gz or .jsonl.zst.")],
    source: CorpusPath = None,
    corpus: SettingsPath = None,
) -> int:
    """Write a corpus or release in another format."""
    from qantar.cli.exporting import export_and_report

    return export_and_report(format_name, _store(source, corpus), out)


@schema_app.command("compile")
def schema_compile(
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the compiled schemas. Default: schema/compiled of the checkout.")
    ] = None,
) -> int:
    """Compile the schemas into self-contained ones, and the stubs of the record types."""
    from qantar.cli.schemas import compile_schemas

    return compile_schemas(out)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.", is_eager=True)] = False,
) -> None:
    if version:
        from qantar import __version__

        typer.echo(f"qantar {__version__}")
        raise typer.Exit
