"""Level 5: tags, lemmas and features of tokens fit the form, and each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qantar.propose.letters import script_of_letter
from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding

if TYPE_CHECKING:
    from qantar.records import Document

#: Signs that are punctuation wherever they stand alone; hyphens, slashes and ampersands may stand for words.
_MARKS = frozenset(".,;:!?…«»“”„()[]")
#: Tags that a mark may have beside PUNCT, and that a word may have.
_OTHER = ("SYM", "X")
_FIT = frozenset([None, "PUNCT", *_OTHER])
#: What a form begins with that may be one: no letter or digit.
_SIGN = re.compile(r"[\W_]")


def pos_form(document: Document, context: Context) -> Iterator[Finding]:
    """A word is tagged as punctuation, or a punctuation mark as a word."""
    if "PUNCT" not in context.registry.ontology.sets.get("upos", ()):
        return
    if _tags_fit(context.facts(document)):
        return
    for index, sentence, number, token in _tokens(document):
        if token.upos is None or token.upos in _OTHER:
            continue
        form = document.text[token.start : token.end]
        if token.upos == "PUNCT" and any(map(str.isalnum, form)):
            fact, remedy = f"{form!r} has letters or digits, but is tagged 'PUNCT'", "Correct the tag, or part the mark from the word."
        elif token.upos != "PUNCT" and form and _MARKS.issuperset(form):
            fact, remedy = (
                f"{form!r} is a punctuation mark, but is tagged {token.upos!r}",
                "Write 'PUNCT'; or 'SYM', where it stands for a word.",
            )
        else:
            continue
        yield Finding("sentences", index, sentence, ("tokens", number, "upos"), fact, remedy)


def _tags_fit(facts: Facts) -> bool:
    """Whether every mark is PUNCT or one of the other tags, and nothing else is PUNCT: seen from first characters first."""
    if not facts.all_inside:
        return False
    text, tokens, tags = facts.document.text, facts.tokens, facts.token_fields[0]
    signs = [match.start() for match in _SIGN.finditer(facts.first_letters)]
    marks = [number for number in signs if tags[number] == "PUNCT"]
    if len(marks) != tags.count("PUNCT") or any(map(str.isalnum, "".join(text[tokens.starts[one] : tokens.ends[one]] for one in marks))):
        return False
    others = (number for number in signs if tags[number] not in _FIT)
    return not any(_MARKS.issuperset(text[tokens.starts[one] : tokens.ends[one]]) for one in others)


def mixed_lemma(document: Document, context: Context) -> Iterator[Finding]:
    """A lemma mixes Cyrillic and Latin letters that its form does not mix."""
    mixed = set(filter(_is_mixed, context.facts(document).lemmas))
    for index, sentence, number, token in _tokens(document) if mixed else ():
        if token.lemma in mixed:
            form = document.text[token.start : token.end]
            if not _is_mixed(form):
                fact = f"the lemma {token.lemma!r} of {form!r} mixes Cyrillic and Latin letters"
                yield Finding(
                    "sentences", index, sentence, ("tokens", number, "lemma"), fact, "Type it anew: some of its letters only look right."
                )


def repeated_feature(document: Document, context: Context) -> Iterator[Finding]:
    """The features of a token name one twice."""
    if not any(map(_twice, context.facts(document).feats)):
        return
    for index, sentence, number, token in _tokens(document):
        name = _twice(token.feats) if token.feats is not None else None
        if name is not None:
            fact = f"the features of {document.text[token.start : token.end]!r} name {name!r} twice"
            remedy = "Keep one; two values of one feature stand after one name, as in `Case=Acc,Nom`."
            yield Finding("sentences", index, sentence, ("tokens", number, "feats"), fact, remedy)


def feature_order(document: Document, context: Context) -> Iterator[Finding]:
    """The features of a token are not sorted."""
    if all(feats == _sorted(feats) for feats in context.facts(document).feats):
        return
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


def _tokens(document: Document) -> Iterator[tuple[int, Any, int, Any]]:
    """(index of the sentence, sentence, number of the token in it, token)."""
    for index, sentence in enumerate(getattr(document, "sentences", None) or ()):
        for number, token in enumerate(sentence.tokens or ()):
            yield index, sentence, number, token
