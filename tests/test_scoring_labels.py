"""Agreement on labels: cases that were published, the definitions, and where nothing can be said."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qantar.errors import ScoringError
from qantar.scoring.attributes import attributes
from qantar.scoring.labels import Agreement, alpha, kappa, kappa_of

# K. Krippendorff, Computing Krippendorff's alpha-reliability (2011), examples A to C; `.` is missing.
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbccceddd")
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


@pytest.mark.parametrize(("passes", "value", "units"), [(BINARY, 0.095, 10), (NOMINAL, 0.692, 12), (FOUR, 0.743, 11)])
def test_krippendorff_2011(passes: tuple[str, ...], value: float, units: int) -> None:
    found = alpha(zip(*passes, strict=True), missing=".")
    assert found.value == pytest.approx(value, abs=5e-4)
    assert found.n == units


def test_krippendorff_2011_example_c_in_parts() -> None:
    """Of its 40 values 9 are 1, 13 are 2, 10 are 3, 5 are 4, 3 are 5; on the diagonal of its coincidence matrix are 7, 10, 8, 4, 3."""
    found = alpha(zip(*FOUR, strict=True), missing=".")
    assert found.expected == pytest.approx((9 * 8 + 13 * 12 + 10 * 9 + 5 * 4 + 3 * 2) / (40 * 39))
    assert found.observed == pytest.approx((7 + 10 + 8 + 4 + 3) / 40)


def test_kappa_of_artstein_and_poesio_2008() -> None:
    """R. Artstein and M. Poesio, Inter-coder agreement for computational linguistics (2008), table 1: 20, 20, 10 and 50 items."""
    table = {("STAT", "STAT"): 20, ("IREQ", "STAT"): 20, ("STAT", "IREQ"): 10, ("IREQ", "IREQ"): 50}
    found = kappa(pair for pair, count in table.items() for _ in range(count))
    assert kappa_of(table) == found
    assert found.observed == pytest.approx(0.7)
    assert found.expected == pytest.approx(0.3 * 0.4 + 0.7 * 0.6)
    assert found.value == pytest.approx(0.348, abs=5e-4)
    assert found.n == 100


def test_no_agreement_but_by_chance_and_less() -> None:
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]).value == 0.0
    assert kappa([("a", "b"), ("b", "a")]).value == -1.0


@pytest.mark.parametrize("measure", [kappa, alpha])
def test_where_nothing_can_be_said_there_is_no_value(measure: object) -> None:
    assert callable(measure)
    assert measure([]) == Agreement(None, None, None, 0)
    assert measure([("a", "a")] * 5) == Agreement(None, 1.0, 1.0, 5)


def test_one_label_a_pass_is_not_one_label() -> None:
    assert kappa([("a", "b")] * 5) == Agreement(0.0, 0.0, 0.0, 5)


def test_units_with_one_label_do_not_count() -> None:
    assert alpha([("a", "a"), ("b", "b"), ("c",), (), (None, "d")]) == alpha([("a", "a"), ("b", "b")])
    assert alpha([("a",)]) == Agreement(None, None, None, 0)


def test_none_is_a_label_of_kappa() -> None:
    assert kappa([(None, None), ("a", None)]).observed == 0.5


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(ScoringError, match="nan"):
        kappa([("a", math.nan)])
    with pytest.raises(ScoringError, match="nan"):
        kappa_of({(math.nan, "a"): 3})
    with pytest.raises(ScoringError, match="nan"):
        alpha([("a", math.nan)])


labels = st.sampled_from("abc")


@settings(deadline=None)
@given(units=st.lists(st.lists(labels, max_size=4), max_size=8))
def test_alpha_is_one_less_the_disagreement_over_that_of_chance(units: list[list[str]]) -> None:
    """1 - Do/De over pairs of values, as Krippendorff defines it."""
    paired = [unit for unit in units if len(unit) > 1]
    values = [value for unit in paired for value in unit]
    observed = sum((Fraction(_unequal(unit), len(unit) - 1) for unit in paired), Fraction())
    expected = Fraction(_unequal(values), len(values) - 1) if values else Fraction()
    found = alpha(units)
    assert found.n == len(paired)
    if expected:
        assert found.value == pytest.approx(float(1 - observed / expected))
    else:
        assert found.value is None


def _unequal(values: list[str]) -> int:
    return sum(one != two for one, two in permutations(values, 2))


@settings(deadline=None)
@given(pairs=st.lists(st.tuples(labels, labels), min_size=1, max_size=12), data=st.data())
def test_laws(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(pairs))
    names = dict(zip("abc", data.draw(st.permutations("xyz")), strict=True))
    for measure in (kappa, alpha):
        found = measure(pairs)
        assert measure(mixed) == found
        assert measure((names[one], names[two]) for one, two in pairs) == found
        assert measure((two, one) for one, two in pairs) == found
        assert found.value is None or -1 <= found.value <= 1
        same = measure((one, one) for one, _ in pairs)
        assert same.value == (1.0 if len({one for one, _ in pairs}) > 1 else None)


# ---- attributes of matched records

RECORDS = [
    ({"polarity": "positive", "modality": "asserted"}, {"polarity": "positive", "modality": "asserted"}),
    ({"polarity": "negative"}, {"polarity": "positive", "modality": "planned"}),
    ({"polarity": "negative"}, {"polarity": "negative"}),
]


def test_attributes_of_matched_records() -> None:
    found = attributes(RECORDS)
    assert list(found) == ["modality", "polarity"]
    assert found["polarity"] == kappa([("positive", "positive"), ("negative", "positive"), ("negative", "negative")])
    assert found["modality"] == kappa([("asserted", "asserted"), (None, "planned"), (None, None)])
    assert found["modality"].observed == pytest.approx(2 / 3)
    assert list(attributes(iter(RECORDS), ["polarity", "tense"])) == ["polarity", "tense"]
    assert attributes(RECORDS, ["tense"])["tense"] == Agreement(None, 1.0, 1.0, 3)
    assert attributes([]) == {}
