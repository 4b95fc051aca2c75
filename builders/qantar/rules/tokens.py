"""Level 5: tokens are words, and their tags, lemmas and features fit the form, and each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import compress, count, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from qantar.propose.letters import script_of_letter
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.passed import Passed
from qantar.rules.signs import BLANK, CLASSES, CYRILLIC, LATIN, MARK, MARKS, WORD

if TYPE_CHECKING:
    from qantar.records import Document

#: Tags that a mark may have beside PUNCT, and that a word may have.
_OTHER = ("SYM", "X")
_FIT = frozenset([None, "PUNCT", *_OTHER])
#: A blank inside a form; the no-break spaces that group the digits of a number are none.
_INNER = re.compile(r"(?<=\S)(?!(?<=[0-9])[\u00a0\u202f](?=[0-9]))\s+(?=\S)")
#: Two letters of one script.
_CYRILLIC, _LATIN = (re.compile(f"[{CLASSES[script]}]{{2}}") for script in ("Cyrl", "Latn"))
#: Letters of a Latin word that may be cut off: contractions and clitics, as in do|n't, can|not, de|l, dando|nos.
_CLITIC = 3


def tokens_unbroken(facts: Facts) -> bool:
    """Proves `blank_in_token`: no token has a blank, or only such as a number may have."""
    if not (facts.all_inside and facts.token_extents.in_order):
        return False
    places, text = np.flatnonzero(facts.token_signs & BLANK), facts.document.text
    held = facts.token_extents[places]
    forms = (text[start:end] for start, end in zip(held.starts.tolist(), held.ends.tolist(), strict=True))
    return not any(map(_INNER.search, forms))


def blank_in_token(document: Document, context: Context) -> Iterator[Finding]:
    """A token has white space inside. Where it stands at the edge, that is `span_edge`'s."""
    for index, sentence, number, token in _tokens(document):
        form = document.text[token.start : token.end]
        if _INNER.search(form):
            fact = f"the token {form!r} has white space inside"
            remedy = "Make a token of each part: white space stands between tokens; only a no-break space groups the digits of a number."
            yield Finding("sentences", index, sentence, ("tokens", number), fact, remedy)


def tokens_apart(facts: Facts) -> bool:
    """Proves `split_word`: where one token ends and the next begins, there are not two letters of one script that make a word."""
    held, text = facts.token_extents, facts.document.text
    cuts = held.starts[1:][(held.ends[:-1] == held.starts[1:]) & (held.starts[1:] > 0) & (held.starts[1:] < len(text))]
    shared = facts.signs[cuts - 1] & facts.signs[cuts] & (CYRILLIC | LATIN)
    return not any(_is_cut(text, cut) for cut in cuts[shared != 0].tolist())


def split_word(document: Document, context: Context) -> Iterator[Finding]:
    """Two tokens that touch are parts of one word, cut between letters of one script."""
    for (_, _, _, one), (index, sentence, number, two) in pairwise(_tokens(document)):
        if one.end == two.start and _is_cut(document.text, two.start):
            parts = f"{document.text[one.start : one.end]!r} and {document.text[two.start : two.end]!r}"
            fact = f"{parts} are parts of one word, and two tokens"
            remedy = "Join them, or move the border to the end of the word."
            yield Finding("sentences", index, sentence, ("tokens", number, "start"), fact, remedy)


def _is_cut(text: str, cut: int) -> bool:
    """Whether an offset stands in a word: between two Cyrillic letters, or two Latin ones with more than a clitic on either side."""
    beside = text[max(0, cut - 1) : cut + 1]
    if _CYRILLIC.fullmatch(beside):
        return True
    around = text[max(0, cut - 1 - _CLITIC) : cut + 1 + _CLITIC]
    return _LATIN.fullmatch(beside) is not None and around.isalpha() and len(around) == 2 * (_CLITIC + 1)


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
