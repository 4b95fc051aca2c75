"""Level 5: tags, lemmas and features of tokens fit the form, and each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import compress, count, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from qantar.propose.letters import script_of_letter
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.passed import Passed
from qantar.rules.signs import MARK, MARKS, WORD

if TYPE_CHECKING:
    from qantar.records import Document

#: Tags that a mark may have beside PUNCT, and that a word may have.
_OTHER = ("SYM", "X")
_FIT = frozenset([None, "PUNCT", *_OTHER])


def tags_fit(facts: Facts) -> bool:
    """Proves `pos_form`: no token with a letter or digit is PUNCT, and one with none of them, but a mark, is, or has another tag that fits."""
    if "PUNCT" not in facts.registry.ontology.sets.get("upos", ()):
        return True
    if not (facts.all_inside and facts.token_extents.in_order):
        return False
    tags, signs = facts.token_field("upos"), facts.token_signs
    bare = np.flatnonzero(signs & WORD == 0)
    found = list(map(tags.__getitem__, bare.tolist()))
    marks = compress(found, (signs[bare] & MARK).tolist())
    return found.count("PUNCT") == tags.count("PUNCT") and _FIT.issuperset(marks)


def pos_form(document: Document, context: Context) -> Iterator[Finding]:
    """A word is tagged as punctuation, or a punctuation mark as a word."""
    if "PUNCT" not in context.registry.ontology.sets.get("upos", ()):
        return
    for index, sentence, number, token in _tokens(document):
        if token.upos is None or token.upos in _OTHER:
            continue
        form = document.text[token.start : token.end]
        if token.upos == "PUNCT" and any(map(str.isalnum, form)):
            fact, remedy = f"{form!r} has letters or digits, but is tagged 'PUNCT'", "Correct the tag, or part the mark from the word."
        elif token.upos != "PUNCT" and form and MARKS.issuperset(form):
            fact, remedy = (
                f"{form!r} is a punctuation mark, but is tagged {token.upos!r}",
                "Write 'PUNCT'; or 'SYM', where it stands for a word.",
            )
        else:
            continue
        yield Finding("sentences", index, sentence, ("tokens", number, "upos"), fact, remedy)


def odd_lemmas(facts: Facts) -> set[str]:
    """The lemmas with white space around them, or with letters of two scripts."""
    return _PLAIN.others(facts.token_field("lemma"))


def lemmas_trimmed(facts: Facts) -> bool:
    """Proves of lemmas that they have no white space around them."""
    return all(lemma == lemma.strip() for lemma in facts.once(odd_lemmas))


def lemmas_plain(facts: Facts) -> bool:
    """Proves `mixed_lemma`."""
    odd, starts, ends = facts.once(odd_lemmas), facts.token_field("start"), facts.token_field("end")
    places = compress(count(), map(odd.__contains__, facts.token_field("lemma"))) if odd else ()
    return all(_is_mixed(facts.document.text[starts[place] : ends[place]]) for place in places)


def mixed_lemma(document: Document, context: Context) -> Iterator[Finding]:
    """A lemma mixes Cyrillic and Latin letters that its form does not mix."""
    for index, sentence, number, token in _tokens(document):
        if token.lemma is not None and _is_mixed(token.lemma):
            form = document.text[token.start : token.end]
            if not _is_mixed(form):
                fact = f"the lemma {token.lemma!r} of {form!r} mixes Cyrillic and Latin letters"
                yield Finding(
                    "sentences", index, sentence, ("tokens", number, "lemma"), fact, "Type it anew: some of its letters only look right."
                )


def features_fit(facts: Facts) -> bool:
    """Proves `repeated_feature` and `feature_order`."""
    return _FEATURES.hold(facts.tokens_held.distinct("feats"))


def repeated_feature(document: Document, context: Context) -> Iterator[Finding]:
    """The features of a token name one twice."""
    for index, sentence, number, token in _tokens(document):
        name = _twice(token.feats) if token.feats is not None else None
        if name is not None:
            fact = f"the features of {document.text[token.start : token.end]!r} name {name!r} twice"
            remedy = "Keep one; two values of one feature stand after one name, as in `Case=Acc,Nom`."
            yield Finding("sentences", index, sentence, ("tokens", number, "feats"), fact, remedy)


def feature_order(document: Document, context: Context) -> Iterator[Finding]:
    """The features of a token are not sorted."""
    for index, sentence, number, token in _tokens(document):
        wanted = _sorted(token.feats) if token.feats is not None else None
        if wanted != token.feats:
            fact = f"the features of {document.text[token.start : token.end]!r} are not sorted: {token.feats}"
            yield Finding("sentences", index, sentence, ("tokens", number, "feats"), fact, f"Sort them by name, capitals or not: {wanted}.")


@lru_cache(maxsize=8192)
def _sorted(feats: str) -> str:
    return "|".join(sorted(feats.split("|"), key=lambda feature: feature.partition("=")[0].lower()))


@lru_cache(maxsize=8192)
def _twice(feats: str) -> str | None:
    names = sorted(feature.partition("=")[0] for feature in feats.split("|"))
    return next((one for one, two in pairwise(names) if one == two), None)


@lru_cache(maxsize=65536)
def _is_mixed(text: str) -> bool:
    return not text.isascii() and {"Cyrl", "Latn"} <= {script_of_letter(letter) for letter in text}


_PLAIN = Passed(lambda lemma: lemma == lemma.strip() and not _is_mixed(lemma))
_FEATURES = Passed(lambda feats: feats == _sorted(feats) and _twice(feats) is None)


def _tokens(document: Document) -> Iterator[tuple[int, Any, int, Any]]:
    """(index of the sentence, sentence, number of the token in it, token)."""
    for index, sentence in enumerate(getattr(document, "sentences", None) or ()):
        for number, token in enumerate(sentence.tokens or ()):
            yield index, sentence, number, token
