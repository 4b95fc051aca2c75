"""Level 5: what is said lies apart from the words that say so, and holds the events that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qantar.rules.finding import Context, Finding
from qantar.rules.places import Row

if TYPE_CHECKING:
    from qantar.records import Document


def cue_in_content(document: Document, context: Context) -> Iterator[Finding]:
    """The cue of an attribution stands in what is said."""
    for index, attribution in enumerate(getattr(document, "attributions", None) or ()):
        content = Row(attribution.content)
        if any(content.first(span.start, span.end) is not None for span in attribution.spans):
            fact = f"the cue {attribution.quote!r} stands in its own content"
            yield Finding("attributions", index, attribution, ("content",), fact, "Leave the cue out: split the content where it stands.")


def event_outside_content(document: Document, context: Context) -> Iterator[Finding]:
    """An attribution lists an event whose trigger is not in what is said."""
    triggers = {event.id: event for event in getattr(document, "events", None) or ()}
    for index, attribution in enumerate(getattr(document, "attributions", None) or ()):
        content = Row(attribution.content)
        for number, name in enumerate(attribution.events):
            event = triggers.get(name)
            if event is not None and content.sound and all(content.first(span.start, span.end) is None for span in event.spans):
                fact = f"the trigger {event.quote!r} of {name} is not in the content"
                remedy = "Take the event off the list, or let the content hold its trigger."
                yield Finding("attributions", index, attribution, ("events", number), fact, remedy)
