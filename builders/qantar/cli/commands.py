"""The commands: a function each, which adds it with its arguments and says what runs it.

Heavy imports wait until a command runs, so that --help answers at once.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from qantar.cli.arguments import Commands, add_corpus, add_source, folder, level, listed, natural, positive, share, store


def _build(commands: Commands) -> None:
    command = commands.add("build", "check a corpus and build its release: Parquet tables, card, manifest")
    add_source(command)
    command.add_argument("--out", type=Path, metavar="DIR", help="folder of the release (default: releases/<name>-<version>)")
    command.add_argument("--workers", type=positive, default=1, metavar="N", help="processes to build shards with (default: 1)")
    command.add_argument("--drafts", action="store_true", help="build although layers are drafts; the card names them")
    command.add_argument("--replace", action="store_true", help="replace a sealed release of the same version with other content")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.building import build_and_report

        given = {name: getattr(arguments, name) for name in ("workers", "replace", "drafts")}
        return build_and_report(store(arguments), arguments.out, readme=not arguments.installed, **given)


def _check(commands: Commands) -> None:
    command = commands.add("check", "check a corpus: bytes, shapes, anchors, references, role fillers")
    add_source(command)
    forms = ("text", "json", "github", "sarif")
    command.add_argument("--format", choices=forms, default="text", metavar="FORMAT", help=f"{', '.join(forms)} (default: text)")
    command.add_argument("--select", type=listed, action="extend", metavar="CODES", help="report these codes alone, by comma")
    command.add_argument("--ignore", type=listed, action="extend", default=[], metavar="CODES", help="do not report these codes")
    command.add_argument("--level", type=level, default=6, metavar="N", help="check up to this level only, 1 to 6 (default: 6)")
    command.add_argument("--max", type=natural, default=20, metavar="N", help="problems of a code that text shows, 0 for all (default: 20)")
    command.add_argument("--statistics", action="store_true", help="count problems by code in place of the list; text and json")
    fails = "exit with 1 from this severity on: error, warning or never (default: error)"
    command.add_argument("--fail-on", choices=("error", "warning", "never"), default="error", metavar="SEVERITY", help=fails)
    command.add_argument("--changed-since", metavar="REV", help="only what was changed in the folder since this revision of git")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.checking import check_and_report
        from qantar.selection import Selection

        selection = Selection(arguments.select and tuple(arguments.select), tuple(arguments.ignore))
        options = {name: getattr(arguments, name) for name in ("level", "statistics", "fail_on")}
        return check_and_report(
            store(arguments), selection, since=arguments.changed_since, form=arguments.format, most=arguments.max, **options
        )


def _explain(commands: Commands) -> None:
    command = commands.add("explain", "say what a code of `check` means, why it matters, and how to mend it")
    command.add_argument("codes", nargs="*", default=[], metavar="CODE", help="code of a problem (default: a line for each there is)")
    command.add_argument("--json", action="store_true", help="print one JSON object (a list of them unless one CODE is given)")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.explaining import explain_and_report

        return explain_and_report(arguments.codes, as_json=arguments.json)


def _export(commands: Commands) -> None:
    command = commands.add("export", "write a corpus or release in another format")
    command.add_argument("format", metavar="FORMAT", help="native or frames")
    command.add_argument("out", type=Path, metavar="OUT", help="folder for a .json a document, or a file .jsonl, .jsonl.gz or .jsonl.zst")
    add_source(command)
    command.add_argument("--replace", action="store_true", help="replace a file that is there")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.exporting import export_and_report

        return export_and_report(arguments.format, store(arguments), arguments.out, replace=arguments.replace)


def _new(commands: Commands) -> None:
    command = commands.add("new", "start a corpus of your own: settings, ontology, guidelines, an example document")
    command.add_argument("dir", type=Path, metavar="DIR", help="folder to make; its name becomes that of the corpus")
    command.add_argument("--languages", type=listed, metavar="TAGS", help="BCP-47 tags, by comma (default: kk,ru,uk,en)")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.starting import start_and_report

        return start_and_report(arguments.dir, arguments.languages)


def _add(commands: Commands) -> None:
    command = commands.add("add", "add raw texts to a corpus folder, with drafts of zones, languages and sentences")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE", help="plain text in UTF-8; its bytes are copied untouched")
    add_corpus(command)
    command.add_argument("--lang", metavar="TAG", help="language of the texts (default: guessed from the letters of each)")
    command.add_argument("--id", metavar="ID", help="id of a single text (default: made from its name)")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.adding import add_and_report

        return add_and_report(folder(arguments), arguments.files, lang=arguments.lang, name=arguments.id)


def _accept(commands: Commands) -> None:
    command = commands.add("accept", "confirm draft layers of a document that you have read and corrected")
    command.add_argument("document", metavar="DOCUMENT", help="id of the document")
    command.add_argument("layers", nargs="*", default=[], metavar="LAYER", help="layers that you confirm (default: all its drafts)")
    add_corpus(command)

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.accepting import accept_and_report

        return accept_and_report(folder(arguments), arguments.document, arguments.layers)


def _fix(commands: Commands) -> None:
    command = commands.add("fix", "rewrite the files of a corpus folder in canonical form: order and JSON, no value")
    command.add_argument("source", type=Path, nargs="?", metavar="CORPUS", help="corpus folder (default: the corpus here)")
    add_corpus(command)
    command.add_argument("--check", action="store_true", help="list what would change and change nothing; 1 where something would")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.fixing import fix_and_report

        return fix_and_report(arguments.source, corpus=arguments.corpus, check=arguments.check)


def _path(commands: Commands) -> None:
    command = commands.add("path", "print the folder of the installed corpus's release; the first call builds it")

    @command.runs
    def _(_: Namespace) -> int:
        from qantar.cli.locating import print_path

        return print_path()


def _tokens(commands: Commands) -> None:
    command = commands.add("tokens", "propose sentences and tokens for a document")
    command.add_argument("document", metavar="DOCUMENT", help="id of the document")
    add_source(command)
    morphology = "add missing lemmas and parts of speech of Russian and Ukrainian (extras ru, uk); a draft is kept"
    command.add_argument("--morphology", action="store_true", help=morphology)
    command.add_argument("--write", action="store_true", help="put them into the corpus folder as a draft, instead of printing them")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.tokens import propose_tokens

        return propose_tokens(arguments.document, store(arguments), write=arguments.write, morphology=arguments.morphology)


def _reanchor(commands: Commands) -> None:
    command = commands.add("reanchor", "move the records of a document to a corrected version of its text")
    command.add_argument("old", type=Path, metavar="OLD", help="the text that was annotated; it or NEW is raw/<document>.txt of a corpus")
    command.add_argument("new", type=Path, metavar="NEW", help="the corrected text, in UTF-8")
    command.add_argument("--corpus", type=Path, metavar="DIR", help="corpus folder, where neither of them lies in it")
    command.add_argument("--write", action="store_true", help="write the text and all records, if each has a sure place")
    command.add_argument("--json", action="store_true", help="print one JSON object in place of text")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.reanchoring import reanchor_and_report

        return reanchor_and_report(arguments.old, arguments.new, arguments.corpus, write=arguments.write, as_json=arguments.json)


def _schema(commands: Commands) -> None:
    _schema_compile(Commands(commands.add("schema", "the schemas that everything is derived from")))


def _schema_compile(commands: Commands) -> None:
    command = commands.add("compile", "compile the schemas into self-contained ones, and the stubs of the record types")
    command.add_argument("--out", type=Path, metavar="DIR", help="folder for them (default: schema/compiled of the checkout)")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.schemas import compile_schemas

        return compile_schemas(arguments.out)


def _stats(commands: Commands) -> None:
    command = commands.add("stats", "count what a corpus holds, and list what in it is unfinished")
    add_source(command)
    command.add_argument("--layer", metavar="NAME", help="only the counts of this layer")
    command.add_argument("--json", action="store_true", help="print one JSON object (docs/statistics.md) in place of text")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.statistics import stats_and_report

        return stats_and_report(store(arguments), layer=arguments.layer, as_json=arguments.json)


def _agree(commands: Commands) -> None:
    command = commands.add("agree", "compare two independent passes of annotation: agreement, and where they differ")
    side = "a pass of the corpus (annotators/<pass>), `gold` for its own annotation, or another corpus, release or native file"
    command.add_argument("one", metavar="A", help=side)
    command.add_argument("two", metavar="B", help="the same; A is the key, B the response")
    add_source(command)
    command.add_argument("--layer", type=listed, action="extend", default=[], metavar="NAMES", help="only these layers or files, by comma")
    command.add_argument("--format", choices=("text", "json"), default="text", metavar="FORMAT", help="text or json (default: text)")
    command.add_argument("--all", action="store_true", help="text by label and by language, too")
    command.add_argument("--level", type=share, default=0.95, metavar="SHARE", help="level of the intervals (default: 0.95)")
    command.add_argument("--resamples", type=positive, default=1000, metavar="N", help="resamples of the bootstrap (default: 1000)")
    command.add_argument("--seed", type=natural, default=0, metavar="N", help="seed of the bootstrap (default: 0)")
    command.add_argument("--disagreements", type=Path, metavar="FILE", help="write every difference as a line of this .jsonl file")

    @command.runs
    def _(arguments: Namespace) -> int:
        from qantar.cli.agreeing import agree_and_report

        options = {name: getattr(arguments, name) for name in ("level", "resamples", "seed")}
        options |= {"form": arguments.format, "whole": not arguments.all, "out": arguments.disagreements}
        return agree_and_report(arguments.one, arguments.two, lambda: store(arguments), arguments.layer, **options)


#: In the order of the help.
COMMANDS: tuple[Callable[[Commands], None], ...] = (
    _build,
    _check,
    _explain,
    _export,
    _new,
    _add,
    _accept,
    _fix,
    _path,
    _tokens,
    _reanchor,
    _schema,
    _stats,
    _agree,
)
