"""The commands and their arguments. Heavy imports wait until a command runs, so that --help answers at once."""

from __future__ import annotations

from argparse import Action, ArgumentError, ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qantar import __version__
from qantar.errors import UnknownName

if TYPE_CHECKING:
    from qantar.store import Folder, Store

Command = Callable[[Namespace], int]
_SOURCE = "corpus folder, release, or native .jsonl[.gz|.zst] file (default: the corpus here)"


class _Parser(ArgumentParser):
    """Names the nearest of the commands where one does not exist."""

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise ArgumentError(None, str(UnknownName("command", value, action.choices)))


def parser() -> ArgumentParser:
    """The parser of the whole command line; the chosen command stands in `command`."""
    main = _Parser("qantar", description="Annotated corpora as validated, versioned Hugging Face datasets.", allow_abbrev=False)
    main.add_argument("--version", action="version", version=f"qantar {__version__}")
    main.set_defaults(command=None, parser=main)
    commands = main.add_subparsers(title="commands", metavar="COMMAND")
    build = _command(commands, "build", _build, "check a corpus and build its release: Parquet tables, card, manifest")
    _add_source(build)
    build.add_argument("--out", type=Path, metavar="DIR", help="folder of the release (default: releases/<name>-<version>)")
    build.add_argument("--workers", type=_positive, default=1, metavar="N", help="processes to build shards with (default: 1)")
    build.add_argument("--drafts", action="store_true", help="build although layers are drafts; the card names them")
    build.add_argument("--replace", action="store_true", help="replace a sealed release of the same version with other content")
    _add_source(_command(commands, "check", _check, "check a corpus: bytes, shapes, anchors, references, role fillers"))
    export = _command(commands, "export", _export, "write a corpus or release in another format")
    export.add_argument("format", metavar="FORMAT", help="native or frames")
    export.add_argument("out", type=Path, metavar="OUT", help="folder for a .json a document, or a file .jsonl, .jsonl.gz or .jsonl.zst")
    _add_source(export)
    new = _command(commands, "new", _new, "start a corpus of your own: settings, ontology, guidelines, an example document")
    new.add_argument("dir", type=Path, metavar="DIR", help="folder to make; its name becomes that of the corpus")
    new.add_argument("--languages", type=_listed, metavar="TAGS", help="BCP-47 tags, by comma (default: kk,ru,uk,en)")
    add = _command(commands, "add", _add, "add raw texts to a corpus folder, with drafts of zones, languages and sentences")
    add.add_argument("files", type=Path, nargs="+", metavar="FILE", help="plain text in UTF-8; its bytes are copied untouched")
    _add_corpus(add)
    add.add_argument("--lang", metavar="TAG", help="language of the texts (default: guessed from the letters of each)")
    add.add_argument("--id", metavar="ID", help="id of a single text (default: made from its name)")
    accept = _command(commands, "accept", _accept, "confirm draft layers of a document that you have read and corrected")
    accept.add_argument("document", metavar="DOCUMENT", help="id of the document")
    accept.add_argument("layers", nargs="*", default=[], metavar="LAYER", help="layers that you confirm (default: all its drafts)")
    _add_corpus(accept)
    _command(commands, "path", _path, "print the folder of the installed corpus's release; the first call builds it")
    tokens = _command(commands, "tokens", _tokens, "propose sentences and tokens for a document")
    tokens.add_argument("document", metavar="DOCUMENT", help="id of the document")
    _add_source(tokens)
    tokens.add_argument(
        "--morphology",
        action="store_true",
        help="add missing lemmas and parts of speech of Russian and Ukrainian (extras ru, uk); a draft is kept",
    )
    tokens.add_argument("--write", action="store_true", help="put them into the corpus folder as a draft, instead of printing them")
    reanchor = _command(commands, "reanchor", _reanchor, "move the records of a document to a corrected version of its text")
    reanchor.add_argument("old", type=Path, metavar="OLD", help="the text that was annotated; it or NEW is raw/<document>.txt of a corpus")
    reanchor.add_argument("new", type=Path, metavar="NEW", help="the corrected text, in UTF-8")
    reanchor.add_argument("--corpus", type=Path, metavar="DIR", help="corpus folder, where neither of them lies in it")
    reanchor.add_argument("--write", action="store_true", help="write the text and all records, if each has a sure place")
    reanchor.add_argument("--json", action="store_true", help="print one JSON object in place of text")
    schema = _command(commands, "schema", None, "the schemas that everything is derived from")
    parts = schema.add_subparsers(title="commands", metavar="COMMAND")
    compile_ = _command(parts, "compile", _compile, "compile the schemas into self-contained ones, and the stubs of the record types")
    compile_.add_argument("--out", type=Path, metavar="DIR", help="folder for them (default: schema/compiled of the checkout)")
    stats = _command(commands, "stats", _stats, "count what a corpus holds, and list what in it is unfinished")
    _add_source(stats)
    stats.add_argument("--layer", metavar="NAME", help="only the counts of this layer")
    stats.add_argument("--json", action="store_true", help="print one JSON object (docs/statistics.md) in place of text")
    return main


def _command(commands: _SubParsersAction[_Parser], name: str, run: Command | None, text: str) -> _Parser:
    made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
    made.set_defaults(command=run, parser=made)
    return made


def _add_source(command: ArgumentParser) -> None:
    command.add_argument("source", type=Path, nargs="?", metavar="SOURCE", help=_SOURCE)
    command.add_argument("--corpus", type=Path, metavar="DIR", help="corpus folder; beside a native file, the one whose settings it takes")
    command.add_argument("--installed", action="store_true", help="the corpus that came with qantar")


def _add_corpus(command: ArgumentParser) -> None:
    command.add_argument("--corpus", type=Path, metavar="DIR", help="corpus folder to change (default: the corpus here)")


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]


def _positive(word: str) -> int:
    if not word.isascii() or not word.isdigit() or int(word) < 1:
        raise ArgumentTypeError(f"{word!r} is no number of processes; give 1 or more")
    return int(word)


def _store(arguments: Namespace) -> Store:
    from qantar.cli.places import store_of

    return store_of(arguments.source, corpus=arguments.corpus, installed=arguments.installed)


def _folder(arguments: Namespace) -> Folder:
    from qantar.cli.places import folder_of

    return folder_of(arguments.corpus)


def _build(arguments: Namespace) -> int:
    from qantar.cli.building import build_and_report

    store = _store(arguments)
    return build_and_report(store, arguments.out, workers=arguments.workers, replace=arguments.replace, drafts=arguments.drafts)


def _check(arguments: Namespace) -> int:
    from qantar.cli.checking import check_and_report

    return check_and_report(_store(arguments))


def _export(arguments: Namespace) -> int:
    from qantar.cli.exporting import export_and_report

    return export_and_report(arguments.format, _store(arguments), arguments.out)


def _new(arguments: Namespace) -> int:
    from qantar.cli.starting import start_and_report

    return start_and_report(arguments.dir, arguments.languages)


def _add(arguments: Namespace) -> int:
    from qantar.cli.adding import add_and_report

    return add_and_report(_folder(arguments), arguments.files, lang=arguments.lang, name=arguments.id)


def _accept(arguments: Namespace) -> int:
    from qantar.cli.accepting import accept_and_report

    return accept_and_report(_folder(arguments), arguments.document, arguments.layers)


def _path(arguments: Namespace) -> int:
    from qantar.cli.locating import print_path

    return print_path()


def _tokens(arguments: Namespace) -> int:
    from qantar.cli.tokens import propose_tokens

    return propose_tokens(arguments.document, _store(arguments), write=arguments.write, morphology=arguments.morphology)


def _reanchor(arguments: Namespace) -> int:
    from qantar.cli.reanchoring import reanchor_and_report

    return reanchor_and_report(arguments.old, arguments.new, arguments.corpus, write=arguments.write, as_json=arguments.json)


def _compile(arguments: Namespace) -> int:
    from qantar.cli.schemas import compile_schemas

    return compile_schemas(arguments.out)


def _stats(arguments: Namespace) -> int:
    from qantar.cli.statistics import stats_and_report

    return stats_and_report(_store(arguments), layer=arguments.layer, as_json=arguments.json)
