"""The commands and their arguments. Heavy imports wait until a command runs, so that --help answers at once."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from qantar import __version__

if TYPE_CHECKING:
    from qantar.store import Store

Command = Callable[[Namespace], int]
_SOURCE = "corpus folder, release, or native .jsonl[.gz|.zst] file (default: ./corpus, else the installed corpus)"


def parser() -> ArgumentParser:
    """The parser of the whole command line; the chosen command stands in `command`."""
    main = ArgumentParser("qantar", description="Annotated corpora as validated, versioned Hugging Face datasets.", allow_abbrev=False)
    main.add_argument("--version", action="version", version=f"qantar {__version__}")
    commands = main.add_subparsers(title="commands", metavar="COMMAND", required=True)
    build = _command(commands, "build", _build, "check a corpus and build its release: Parquet tables, card, manifest")
    _add_source(build)
    build.add_argument("--out", type=Path, metavar="DIR", help="folder of the release (default: releases/<name>-<version>)")
    build.add_argument("--workers", type=_positive, default=1, metavar="N", help="processes to build shards with (default: 1)")
    build.add_argument("--replace", action="store_true", help="replace a sealed release of the same version with other content")
    _add_source(_command(commands, "check", _check, "check a corpus: bytes, shapes, anchors, references, role fillers"))
    export = _command(commands, "export", _export, "write a corpus or release in another format")
    export.add_argument("format", metavar="FORMAT", help="native or frames")
    export.add_argument("out", type=Path, metavar="OUT", help="folder for a .json a document, or a file .jsonl, .jsonl.gz or .jsonl.zst")
    _add_source(export)
    tokens = _command(commands, "tokens", _tokens, "propose sentences and tokens for a document")
    tokens.add_argument("document", metavar="DOCUMENT", help="id of the document")
    _add_source(tokens)
    tokens.add_argument(
        "--morphology", action="store_true", help="with lemmas and parts of speech of Russian and Ukrainian (extras ru, uk)"
    )
    tokens.add_argument("--write", action="store_true", help="put them into the corpus folder as a draft, instead of printing them")
    schema = _command(commands, "schema", None, "the schemas that everything is derived from")
    parts = schema.add_subparsers(title="commands", metavar="COMMAND", required=True)
    compile_ = _command(parts, "compile", _compile, "compile the schemas into self-contained ones, and the stubs of the record types")
    compile_.add_argument("--out", type=Path, metavar="DIR", help="folder for them (default: schema/compiled of the checkout)")
    return main


def _command(commands: _SubParsersAction[ArgumentParser], name: str, run: Command | None, text: str) -> ArgumentParser:
    made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
    made.set_defaults(command=run)
    return made


def _add_source(command: ArgumentParser) -> None:
    command.add_argument("source", type=Path, nargs="?", metavar="SOURCE", help=_SOURCE)
    command.add_argument("--corpus", type=Path, metavar="DIR", help="corpus folder whose settings a native file takes")


def _positive(word: str) -> int:
    if not word.isascii() or not word.isdigit() or int(word) < 1:
        raise ArgumentTypeError(f"{word!r} is no number of processes; give 1 or more")
    return int(word)


def _store(arguments: Namespace) -> Store:
    from qantar.resources import data_dir
    from qantar.store import open_store

    path = arguments.source
    if path is None:
        here = Path("corpus")
        path = here if (here / "corpus.toml").is_file() else data_dir("corpus")
        sys.stderr.write(f"qantar: using {'./corpus' if path == here else f'the installed corpus ({path})'}\n")
    return open_store(path, corpus=arguments.corpus)


def _build(arguments: Namespace) -> int:
    from qantar.cli.building import build_and_report

    return build_and_report(_store(arguments), arguments.out, workers=arguments.workers, replace=arguments.replace)


def _check(arguments: Namespace) -> int:
    from qantar.cli.checking import check_and_report

    return check_and_report(_store(arguments))


def _export(arguments: Namespace) -> int:
    from qantar.cli.exporting import export_and_report

    return export_and_report(arguments.format, _store(arguments), arguments.out)


def _tokens(arguments: Namespace) -> int:
    from qantar.cli.tokens import propose_tokens

    return propose_tokens(arguments.document, _store(arguments), write=arguments.write, morphology=arguments.morphology)


def _compile(arguments: Namespace) -> int:
    from qantar.cli.schemas import compile_schemas

    return compile_schemas(arguments.out)
