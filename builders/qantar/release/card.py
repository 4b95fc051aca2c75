"""The dataset card and the citation of a release, written from settings and schemas alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from qantar.release.consistency import consistency_lines
from qantar.release.summary import Summary, shown
from qantar.schema.derive import class_names, yaml_features
from qantar.schema.registry import Registry
from qantar.schema.sources import Json
from qantar.settings import Settings


@dataclass(frozen=True, slots=True)
class Config:
    """A config of the release: name, rows, digest of its columns, paths of its files."""

    name: str
    rows: int
    digest: str
    files: tuple[str, ...]


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def front_matter(settings: Settings, registry: Registry, configs: tuple[Config, ...]) -> dict[str, Any]:
    """The YAML head of the card. Each config's description carries its digest: the loader's cache looks at nothing else."""
    languages = [lang for lang in settings.languages if lang not in ("mul", "zxx", "und")]
    licences = sorted(set(settings.licences.values()))
    licence = (
        {"license": licences[0].lower()}
        if len(licences) == 1
        else {"license": "other", "license_name": "mixed", "license_link": "LICENSES"}
    )
    return {
        "pretty_name": settings.title,
        "language": languages,
        **licence,
        "multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"],
        "configs": [_config(config, settings, default=config.name == "documents") for config in configs],
        "dataset_info": [_info(config, registry) for config in configs],
    }


def _config(config: Config, settings: Settings, *, default: bool) -> dict[str, Any]:
    return {
        "config_name": config.name,
        "version": settings.version,
        "description": f"content-sha256:{config.digest}",
        "data_files": [{"split": "train", "path": list(config.files)}],
        **({"default": True} if default else {}),
    }


def _info(config: Config, registry: Registry) -> dict[str, Any]:
    return {
        "config_name": config.name,
        # No `splits`: with their sizes in the card, load_dataset(filters=…) raises NonMatchingSplitsSizesError. That no
        # shard is missing follows from `data_files`, which name each file.
        "features": yaml_features(registry.shapes[f"tables/{config.name}"]),
    }


def card(settings: Settings, registry: Registry, configs: tuple[Config, ...], *, summary: Summary, consistency: Json | None = None) -> str:
    """README.md of the release; `summary` is that of its documents, `consistency` the comparison of two passes, if there is one."""
    head = yaml.dump(front_matter(settings, registry, configs), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6)
    return f"---\n{head}---\n\n" + "\n".join(_body(settings, registry, configs, summary, consistency)) + "\n"


def _body(settings: Settings, registry: Registry, configs: tuple[Config, ...], summary: Summary, consistency: Json | None) -> Iterator[str]:
    yield f"# {settings.title}"
    yield f"\n{settings.summary}\n"
    yield f"Version {settings.version}, {settings.released}.\n"
    yield "## Load it\n"
    yield from _load(settings, shown((config.name for config in configs), summary))
    yield "Labels inside structs are strings; top-level label columns are `ClassLabel`s.\n"
    yield "## Configs\n"
    yield "| config | a row is | rows |"
    yield "|---|---|---|"
    for config in configs:
        yield f"| `{config.name}` | {registry.shapes[f'tables/{config.name}']['description'].split('. ')[0].rstrip('.')} | {config.rows} |"
    yield "\n## What was annotated\n"
    yield "| layer | in documents |"
    yield "|---|---|"
    yield from (f"| `{layer}` | {summary.annotated.get(layer, 0)} of {summary.documents} |" for layer in settings.layers)
    yield _NULL
    yield from _drafts(summary)
    yield "\n## How the labels were made\n"
    yield settings.made or _NOT_SAID
    if consistency is not None:
        yield "\n## Pass consistency\n"
        yield from consistency_lines(consistency)
    yield "\n## Terms\n"
    yield f"Labels, offsets and structure: {settings.licences['annotations']}. Texts and quoted words: {settings.licences['texts']}."
    yield f"Texts that may be passed on: {summary.redistributable} of {summary.documents}; the `rights` of each document say who holds them.\n"
    yield "## Columns\n"
    for config in configs:
        yield f"### {config.name}\n"
        yield "| column | type | meaning |"
        yield "|---|---|---|"
        for name, node in registry.shapes[f"tables/{config.name}"]["properties"].items():
            yield f"| `{name}` | {_type(node)} | {node['description'].split('. ')[0].rstrip('.')} |"
        yield ""


_NULL = (
    "\nA layer that was not annotated in a document is null in `documents`, and the other tables have no rows of it: that is no sign "
    "that its text holds nothing. An empty list says that nothing was found. Offsets are code points of the text as received."
)
_NOT_SAID = "The corpus does not say (`made` in corpus.toml)."


def _load(settings: Settings, config: str) -> Iterator[str]:
    yield "```python\nfrom datasets import load_dataset\n"
    yield f'ds = load_dataset("path/to/{settings.name}-{settings.version}", "{config}", split="train")'
    if config in ("events", "entities"):
        yield 'ds.features["type"].int2str(ds[0]["type"])  # label ids to names'
    yield "```\n"


def _drafts(summary: Summary) -> Iterator[str]:
    if summary.drafts:
        yield "\n### Drafts\n"
        yield "These layers were proposed by a program, and no reader has confirmed them (`coverage.draft` in `documents`).\n"
        yield from (f"- `{name}`: {', '.join(f'`{layer}`' for layer in summary.drafts[name])}" for name in sorted(summary.drafts))


def _type(node: Json) -> str:
    if node.get("x-class-label"):
        return f"ClassLabel ({len(class_names(node))})"
    kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
    name = next(kind for kind in kinds if kind != "null")
    return f"list of {_type(node['items'])}" if name == "array" else "struct" if name == "object" else str(name)


def citation(settings: Settings) -> str:
    """CITATION.cff, from the settings alone."""
    authors = [{"name": name} for name in dict.fromkeys(settings.citation["authors"])]
    keywords = list(dict.fromkeys(settings.citation.get("keywords", ())))
    licences = _cff_licences(settings.licences["annotations"])
    body = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": settings.title,
        "abstract": settings.summary,
        "version": settings.version,
        "date-released": settings.released,
        "authors": authors,
        **({"keywords": keywords} if keywords else {}),
        **({"license": licences[0] if len(licences) == 1 else licences} if licences else {}),
    }
    return yaml.dump(body, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6)


def _cff_licences(expression: str) -> list[str]:
    """The licence as CFF 1.2.0 can say it: an id of the SPDX list, or several to choose from; nothing for other expressions."""
    ids = list(dict.fromkeys(expression.split(" OR ")))
    return ids if all(re.fullmatch(r"(?!LicenseRef-)[A-Za-z0-9.+-]+", name) for name in ids) else []
