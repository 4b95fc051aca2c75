"""`qantar fix`: the canonical form of a corpus folder, and nothing but the form."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from builds import build, contents, edit_lines
from generate import corpora
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qantar import canonical
from qantar.corpus import Corpus
from qantar.errors import OutputError
from qantar.fixing import fix
from qantar.rules import RULES
from qantar.store import Folder
from qantar.store.writing import lines_of, write_folder
from qantar.tables import TABLES
from spoil import stamps, swap
from tiny import write_corpus

Run = Callable[..., tuple[int, str, str]]
#: Generated corpora are sound in form, not in sense: no rule keeps them from being built that tables do not rest on.
LENIENT = "".join(f'\n[[rules]]\ncode = "{rule.code}"\nseverity = "off"\nreason = "Made up."\n' for rule in RULES if not rule.firm)
SETTINGS = Path(__file__).resolve().parents[1] / "corpus" / "corpus.toml"
ENTITIES = "annotations/entities/one.jsonl"
WRITTEN = "warning[not-canonical]: 1 line is not written canonically: from column"


def disarray(path: Path, seed: int) -> None:
    """Shuffles the lines of a file and writes their JSON in other ways: blanks, escapes, keys in another order, CRLF, 3.0."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    records = [json.loads(line) for line in path.read_bytes().splitlines()]  # text would split at U+2028, too
    chance.shuffle(records)
    lines = []
    for record in records:
        keys = list(record)
        chance.shuffle(keys)
        record = {key: record[key] for key in keys}
        if path.parent.name == "values":
            record |= {key: float(record[key]) for key in ("min", "max") if isinstance(record.get(key), int)}
        separators = chance.choice([(",", ":"), (", ", ": "), (" ,\t", " :")])
        lines.append(json.dumps(record, ensure_ascii=chance.random() < 0.5, separators=separators) + chance.choice(["", " ", "\r"]))
    path.write_bytes("\n".join(lines).encode() + b"\n" * chance.randrange(2) * bool(lines))


def files_of_records(root: Path) -> list[Path]:
    return sorted(root.rglob("*.jsonl"))


def rows_by_id(release: Path) -> dict[str, list[Any]]:
    """The rows of every table, in an order that does not follow the file's; lists of layers inside documents likewise."""
    found = {}
    for table in (table.name for table in TABLES):
        files = sorted((release / "data" / table).glob("*.parquet"))
        rows = [row for file in files for row in pq.read_table(file).to_pylist()]
        if table == "documents":
            for row in rows:
                for value in row.values():
                    if isinstance(value, list):
                        value.sort(key=repr)
        found[table] = sorted(rows, key=repr)
    return found


# ---- the form


def test_the_corpora_that_we_write_are_canonical(root: Path, tiny: Path, run: Run, tmp_path: Path) -> None:
    for corpus in (root / "corpus", tiny):
        assert run("fix", corpus, "--check") == (0, "Every file is canonical.\n", "")
    run("new", tmp_path / "mine", "--languages", "kk,ru,uk,en")
    for number, text in enumerate(("Порт закрито\n\nReuters пише: докери страйкують. Sputnik мовчить.\n", "Хлеб\n\n- Цены\n- Ещё\n")):
        (tmp_path / f"text-{number}.txt").write_text(text, encoding="utf-8")
        assert run("add", tmp_path / f"text-{number}.txt", "--corpus", tmp_path / "mine")[0] == 0
    assert run("fix", tmp_path / "mine", "--check") == (0, "Every file is canonical.\n", "")


def record(name: str, *spans: tuple[int, int]) -> Any:
    return SimpleNamespace(id=name, spans=tuple(SimpleNamespace(start=start, end=end) for start, end in spans))


def shuffled(records: list[Any]) -> list[Any]:
    return records[1::2] + records[::2][::-1]


def test_order() -> None:
    registry: Any = SimpleNamespace(shapes={"a": {"x-anchor": "spans"}, "b": {"x-anchor": "partition"}, "c": {"x-anchor": "none"}, "d": {}})
    spans = [record("T9", (3, 9)), record("T10", (3, 9)), record("T1", (3, 5), (6, 8)), record("T2", (3, 8)), record("T0", (4, 5))]
    assert sorted(shuffled(spans), key=canonical.order_of(registry, "a")) == spans
    parts = [SimpleNamespace(id=name, start=start, end=end) for name, start, end in (("Z9", 0, 0), ("Z1", 0, 4), ("Z2", 4, 5))]
    assert sorted(shuffled(parts), key=canonical.order_of(registry, "b")) == parts
    named = [SimpleNamespace(id=name) for name in ("C2", "C10", "C10000000000000000000000", "K1", "KA1", "free name 3")]
    for shape in "cd":
        assert sorted(shuffled(named), key=canonical.order_of(registry, shape)) == named
    registry.shapes["corpus/gazetteer"] = {}
    assert sorted(named, key=canonical.order_of(registry, "corpus/gazetteer"))[0].id == "C10"


@pytest.mark.parametrize(
    ("ids", "odd", "expected"),
    [
        ([1, 2, 3], [], None),
        ([], [], None),
        ([1, 2, 3], [2, 3, 3], (2, 2, 0)),
        ([1, 4, 2, 3], [], (2, 0, 1)),
        ([1, 4, 2, 3], [1], (1, 1, 1)),
        ([3, 2, 1], [3], (1, 1, 2)),
        ([2, 3, 4, 1, 6, 5], [], (1, 0, 2)),
    ],
)
def test_what_differs(ids: list[int], odd: list[int], expected: tuple[int, int, int] | None) -> None:
    records = [SimpleNamespace(id=number) for number in ids]
    lines = [b"%d " % number for number in ids]
    found = canonical.difference(records, lambda one: (one.id,), odd, lines, lambda one: b"%d" % one.id)
    assert (found and (found.line, found.rewritten, found.moved)) == expected


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"T1",', '"T1" ,', "1:11: " + WRITTEN + """ 11 on it reads ' ,"spans":[{"start":…', where ',"spans":[{"start":0…' is meant."""),
        (
            "Порт-Веллі",
            r"\u041fорт-Веллі",
            "4:53: " + WRITTEN + r""" 53 on it reads '\\u041fорт-Веллі","ty…', where 'Порт-Веллі","type":"…' is meant.""",
        ),
        (
            '"type":"FAC.other","level":"nominal"}',
            '"level":"nominal","type":"FAC.other"}',
            "1:58: " + WRITTEN + """ 58 on it reads 'level":"nominal","ty…', where 'type":"FAC.other","l…' is meant.""",
        ),
        (
            "\n",
            "\r\n",
            r"1:94: warning[not-canonical]: 4 lines are not written canonically: from column 94 on it reads '\r', where nothing more is meant.",
        ),
    ],
)
def test_check_warns_once_a_file(tiny: Path, run: Run, old: str, new: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny)
    path = tiny / ENTITIES
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    code, out, _ = run("check", ".")
    assert (code, out.splitlines()[0], out.splitlines()[-1]) == (0, f"{ENTITIES}:{said}", "0 errors, 1 warning.")


def test_a_missing_last_newline_is_said_and_an_empty_file_is_canonical(tiny: Path, run: Run) -> None:
    assert (tiny / "annotations/values/two.jsonl").read_bytes() == b""
    path = tiny / ENTITIES
    path.write_bytes(path.read_bytes()[:-1])
    assert (
        f"/{ENTITIES}:4:117: warning[not-canonical]: 1 line is not written canonically: the last line has no line end.\n"
        in run("check", tiny)[1]
    )
    assert run("fix", tiny) == (0, f"{ENTITIES}: 1 line rewritten\n1 file rewritten.\n", "")
    assert run("check", tiny)[1] == "No problems.\n"


def test_a_record_that_stands_out_of_order_is_named(tiny: Path, run: Run) -> None:
    path = tiny / ENTITIES
    first, *others = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join((*others, first)))
    assert f"/{ENTITIES}:1:1: warning[not-canonical]: 1 record is out of order: 'T1' belongs here, not 'T2'.\n" in run("check", tiny)[1]


def test_native_files_and_releases_have_no_such_form(tiny: Path, run: Run, tmp_path: Path) -> None:
    run("export", "native", tmp_path / "tiny.jsonl", tiny)
    swap(tmp_path / "tiny.jsonl", '"id":"one",', '"id": "one",')
    build(tiny, tmp_path / "release")
    for store in ("tiny.jsonl", "release"):
        assert run("check", tmp_path / store, *(("--corpus", tiny) if store != "release" else ()))[:2] == (0, "No problems.\n")
    code, out, err = run("fix", tmp_path / "tiny.jsonl")
    assert (code, out) == (2, "")
    assert err == f"qantar: {tmp_path / 'tiny.jsonl'} is a native file, no corpus folder. Name a corpus folder.\n"
    assert run("fix", tmp_path / "release")[::2] == (
        2,
        f"qantar: {tmp_path / 'release'} is a release, which is sealed, no corpus folder. Name a corpus folder.\n",
    )


# ---- fix


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(corpora(most=2), st.integers(0, 2**32))
def test_fix_brings_any_disarray_back_and_no_value_changes(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus, seed: int) -> None:
    folder = tmp_path_factory.mktemp("fix")
    write_folder(corpus, folder / "in", settings=SETTINGS.read_bytes())
    fix(Folder(folder / "in"))
    tidy, values = contents(folder / "in"), Folder(folder / "in").read()
    for number, path in enumerate(files_of_records(folder / "in")):
        disarray(path, seed + number)
    before = Folder(folder / "in")
    loose = before.read()
    assert before.problems == []
    assert fix(Folder(folder / "in"), write=False).changes == before.uncanonical
    assert fix(Folder(folder / "in")).left == ()
    assert contents(folder / "in") == tidy
    assert fix(Folder(folder / "in")).changes == {}
    for name, document in values.documents.items():
        for layer in corpus.registry.layers:
            records = [getattr(one, layer) for one in (document, loose.documents[name])]
            assert records[0] == records[1] or sorted(map(repr, records[0])) == sorted(map(repr, records[1]))


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(corpora(most=1), st.integers(0, 2**32))
def test_no_row_of_any_table_changes(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus, seed: int) -> None:
    """Partitions apart, which have no other order, records may stand in any order before."""
    folder = tmp_path_factory.mktemp("rows")
    write_folder(corpus, folder / "in", settings=SETTINGS.read_bytes() + LENIENT.encode())
    for number, path in enumerate(files_of_records(folder / "in")):
        if path.parent.name not in ("segments", "sentences"):
            disarray(path, seed + number)
    build(folder / "in", folder / "before")
    fix(Folder(folder / "in"))
    build(folder / "in", folder / "after")
    assert rows_by_id(folder / "before") == rows_by_id(folder / "after")


def test_digests_of_all_tables_are_those_of_the_canonical_corpus(root: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(root / "corpus", corpus)
    build(corpus, tmp_path / "before")
    for number, path in enumerate(files_of_records(corpus)):
        disarray(path, number)
    fix(Folder(corpus))
    build(corpus, tmp_path / "after")
    manifests = [json.loads((tmp_path / name / "manifest.json").read_bytes())["tables"] for name in ("before", "after")]
    assert manifests[0] == manifests[1]


def test_attributions_of_one_hop_come_in_text_order_whatever_the_order_of_lines(tiny: Path, tmp_path: Path) -> None:
    """`source` of a report is the first: it must not rest on where a line stands."""
    second = {**json.loads((tiny / "annotations/attributions/one.jsonl").read_text()), "id": "A2", "source": "T3"}
    second |= {"spans": [{"start": 13, "end": 20}], "quote": "Reuters"}
    edit_lines(tiny / "annotations/attributions/one.jsonl", lambda records: records.append(second))
    build(tiny, tmp_path / "release")
    (row,) = [row for row in rows_by_id(tmp_path / "release")["reports"] if row["document"] == "one"]
    assert row["source_chain"] == ["докери", "Reuters"]


def test_files_with_problems_are_left_alone_and_others_are_not(tiny: Path, run: Run) -> None:
    for path in files_of_records(tiny):
        disarray(path, 7)
    swap(tiny / "annotations/events/one.jsonl", "Protest", "Protests")
    (tiny / "annotations/values/nobody.jsonl").write_text("{ }\n")
    left = {name: (tiny / name).read_bytes() for name in ("annotations/events/one.jsonl", "annotations/values/nobody.jsonl")}
    code, out, err = run("fix", tiny)
    assert (code, err) == (1, "")
    assert "annotations/events/one.jsonl:1:" in out
    assert "error[unknown-label]" in out
    assert "error[unexpected-layer-file]" in out
    assert "2 errors, 0 warnings.\nFiles with problems were left alone: mend them, then run `qantar fix` again.\n" in out
    assert {name: (tiny / name).read_bytes() for name in left} == left
    assert (tiny / ENTITIES).read_bytes() == contents(write_corpus(tiny.with_name("again")))[ENTITIES]


def test_faults_of_texts_do_not_matter(tiny: Path, run: Run) -> None:
    (tiny / "raw" / "one.txt").unlink()
    disarray(tiny / ENTITIES, 1)
    code, out, _ = run("fix", tiny)
    assert (code, out.splitlines()[-1]) == (0, "1 file rewritten.")


def test_check_changes_nothing(tiny: Path, run: Run) -> None:
    disarray(tiny / ENTITIES, 3)
    before = stamps(tiny)
    code, out, _ = run("fix", tiny, "--check")
    assert (code, out.splitlines()[-1]) == (1, "1 file to rewrite.")
    assert stamps(tiny) == before


def test_only_files_of_records_are_written(tiny: Path, run: Run) -> None:
    outside = stamps(tiny)
    for path in files_of_records(tiny):
        disarray(path, 5)
    run("fix", tiny)
    kept = [name for name in stamps(tiny) if not str(name).endswith(".jsonl")]
    assert kept
    assert {name: stamps(tiny)[name] for name in kept if Path(str(name)).is_file()} == {
        name: outside[name] for name in kept if Path(str(name)).is_file()
    }


def test_a_link_inside_the_corpus_stays_one_and_one_that_leads_out_is_left(tiny: Path, run: Run, tmp_path: Path) -> None:
    disarray(tiny / ENTITIES, 1)
    (tiny / ENTITIES).rename(tiny / "mine.jsonl")
    (tiny / ENTITIES).symlink_to(tiny / "mine.jsonl")
    foreign = tmp_path / "foreign.jsonl"
    (tiny / "links.jsonl").rename(foreign)
    disarray(foreign, 2)
    kept = foreign.read_bytes()
    (tiny / "links.jsonl").symlink_to(foreign)
    code, out, _ = run("fix", tiny)
    assert code == 1
    assert "links.jsonl: error[outside-corpus]" in out
    assert (tiny / ENTITIES).is_symlink()
    assert (tiny / ENTITIES).read_bytes() == contents(write_corpus(tmp_path / "again"))[ENTITIES]
    assert foreign.read_bytes() == kept


def test_a_fault_of_the_disk_in_the_middle_says_what_was_written(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("annotations/entities/one.jsonl", "annotations/entities/two.jsonl", "annotations/events/one.jsonl")
    for name in names:
        swap(tiny / name, '"id":', '"id": ')
    replace, last = Path.replace, (tiny / names[1]).read_bytes()

    def full(path: Path, target: Path) -> Path:
        if target.name == "two.jsonl":
            raise OSError(28, "No space left on device", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError) as caught:
        fix(Folder(tiny))
    assert str(caught.value) == (
        f"Cannot write {tiny / names[1]}: {os.strerror(28)}. These were rewritten before: {names[0]}. "
        f"These are as they were: {names[1]}, {names[2]}. Free the place, then run the same command again."
    )
    assert (tiny / names[1]).read_bytes() == last
    assert list(tiny.rglob("*.tmp")) == []


@pytest.mark.parametrize("words", [("tiny", "--corpus", "tiny"), ("nowhere",), ()])
def test_wrong_use(run: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    (tiny.parent / "empty").mkdir()
    monkeypatch.chdir(tiny.parent if words else tiny.parent / "empty")
    code, out, err = run("fix", *words)
    assert (code, out) == (2, "")
    assert err.startswith("qantar: ")


def test_the_corpus_here_is_named(run: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny)
    assert run("fix") == (0, "Every file is canonical.\n", "qantar: using the corpus in this folder\n")


def test_lines_are_those_of_the_encoder(tiny: Path) -> None:
    folder = Folder(tiny)
    folder.read()
    assert lines_of(folder.records(ENTITIES)) == (tiny / ENTITIES).read_bytes()
