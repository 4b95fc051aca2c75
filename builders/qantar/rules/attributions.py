"""Level 5: what is said lies apart from the words that say so, and holds the events that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qantar.rules.facts import Facts
from qantar.rules.finding import Context, Finding
from qantar.rules.places import Row

if TYPE_CHECKING:
    from qantar.records import Document


def cues_apart(facts: Facts) -> bool:
    """Proves `cue_in_content`."""
    held = zip(facts.field("attributions", "spans"), facts.field("attributions", "content"), strict=True)
    return not any(one.start < two.end and two.start < one.end for cue, content in held for one in cue for two in content)


def cue_in_content(document: Document, context: Context) -> Iterator[Finding]:
    """The cue of an attribution stands in what is said."""
    for index, attribution in enumerate(getattr(document, "attributions", None) or ()):
        content = Row(attribution.content)
        if any(content.first(span.start, span.end) is not None for span in attribution.spans):
            fact = f"the cue {attribution.quote!r} stands in its own content"
            yield Finding("attributions", index, attribution, ("content",), fact, "Leave the cue out: split the content where it stands.")


def events_in_content(facts: Facts) -> bool:
    """Proves `event_outside_content`: what is said holds the first character of the trigger of each event."""
    triggers = dict(zip(facts.field("events", "id"), facts.field("events", "spans"), strict=True))
    held = zip(facts.field("attributions", "events"), facts.field("attributions", "content"), strict=True)
    told = ((triggers[name][0].start, content) for names, content in held for name in names if name in triggers)
    return facts.none_empty and all(any(one.start <= place < one.end for one in content) for place, content in told)


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
