"""What the answer rests on: flags, parameters, sources, licences, provenance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from landbridge.compliance.measure import NOTICE
from landbridge.dataset.dated import table_facts
from landbridge.dataset.info import LICENCES, dataset_sources
from landbridge.domain.applied import Applied
from landbridge.domain.itinerary import Flag, Itinerary, Provenance
from landbridge.domain.request import Request
from landbridge.evidence.sources import sources
from landbridge.parameters.tree import Parameter, Parameters
from landbridge.report.basis import QUALITIES, Basis, parameters_of
from landbridge.report.flags import SEVERITY_RANK, abbreviate
from landbridge.report.html.markup import Html, join, link, table, tag, with_links
from landbridge.report.html.summary import numbers_of
from landbridge.report.html.ways import country
from landbridge.report.screening import verdict_lines

QUALITY_ORDER = {quality: -number for number, quality in enumerate(QUALITIES)}
"""The assumed first, for they need the reader's eye most."""
RECORD = "measures that begin later or hang on a fact nobody stated, seasons not met, what is open"
QUALITY_WORDS = {
    "assumed": "no source: our judgement, with a range and a reason",
    "estimated": "derived from sources that speak of something like it",
    "published": "read from a source",
}


def flag_section(
    options: Sequence[Itinerary], request: Request, subjects: Mapping[str, str]
) -> Html:
    """Return every flag once, with the options it concerns; what is for the record comes last."""
    by_flag: dict[Flag, list[int]] = {}
    numbered = numbers_of(options)
    for number, option in zip(numbered, options, strict=True):
        for flag in option.flags:
            numbers = by_flag.setdefault(flag, [])
            if number not in numbers:
                numbers.append(number)
    if not by_flag:
        return tag("p", "No flag stands on any way.")
    grave = sorted(
        (flag for flag in by_flag if SEVERITY_RANK[flag.severity]),
        key=lambda flag: (-SEVERITY_RANK[flag.severity], flag.kind != "sanctions", flag.kind),
    )
    record = [flag for flag in by_flag if not SEVERITY_RANK[flag.severity]]
    whom = (
        f"Screened for {', '.join(request.jurisdictions)}."
        if request.jurisdictions
        else "Screened for all jurisdictions, as warnings only: none changes status or order."
    )
    total = len({number for number, o in zip(numbered, options, strict=True) if o.legs})
    return join((
        tag("p", whom, " ", tag("strong", NOTICE)),
        *(tag("p", line) for line in verdict_lines(options, request.jurisdictions)),
        "" if grave else tag("p", "No warning stands on any way."),
        tag("ul", *(_flag(flag, by_flag[flag], total, subjects) for flag in grave), class_="flags"),
        tag(
            "details",
            tag("summary", f"{len(record)} {'more ' if grave else ''}for the record: {RECORD}"),
            tag(
                "ul", *(_flag(flag, by_flag[flag], total, subjects) for flag in record),
                class_="flags",
            ),
        ) if record else "",
    ))  # fmt: skip


def _flag(flag: Flag, numbers: Sequence[int], total: int, subjects: Mapping[str, str]) -> Html:
    subject = ", ".join(
        subjects.get(part) or country(part) for part in re.split(r", ?", flag.subject) if part
    )
    where = [flag.kind.replace("_", " "), flag.jurisdiction.replace("_", " "), subject]
    which = "" if total == 1 else "all ways"
    if len(numbers) < total:
        which = f"way{'s' if len(numbers) > 1 else ''} " + ", ".join(map(str, numbers))
    small: list[object] = []
    if flag.instrument:
        small.append(flag.instrument)
    if flag.measure:
        small.append(flag.measure)
    if flag.since:
        small.append(f"Since {flag.since}")
    if flag.evidence:
        small.append(join(("Source: ", _cited(flag.evidence))))
    return tag(
        "li",
        tag("span", abbreviate([flag]), class_=f"letter {flag.severity}"),
        tag("div",
            tag("span", join((part for part in where if part), " · "), class_="kind"),
            tag("span", which, class_="which") if which else "",
            tag("p", with_links(" ".join(flag.text.split()))),
            tag("small", join(small, ". ")) if small else ""),
    )  # fmt: skip


def _cited(evidence: str) -> Html:
    """Return ids of known sources as links into the list of sources, other text as it is."""
    known = sources()
    dated = {fact.evidence: fact.source for fact in table_facts() if fact.evidence}
    parts = [part.strip() for part in evidence.split(";")]
    if all(part in known or part in dated for part in parts):
        return join(
            (_anchor(part) if part in known else with_links(dated[part]) for part in parts), "; "
        )
    return with_links(evidence)


def _anchor(id_: str) -> Html:
    return tag("a", id_, href=f"#source-{_safe(id_)}")


def _safe(id_: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", id_)


def parameter_section(
    options: Iterable[Itinerary], parameters: Parameters | None, basis: Basis
) -> Html:
    """Return every parameter that made a figure, the assumed ones first."""
    labels = parameters_of(options)
    known = {row.label: row for row in parameters or () if row.label in set(labels)}
    weight = {label: number for number, label in enumerate(basis.heaviest)}
    rows = sorted(
        known.values(),
        key=lambda row: (QUALITY_ORDER[row.quality], weight.get(row.label, len(weight)), row.label),
    )
    without = [label for label in labels if label not in known]
    lines = [tag("p", basis.line(), " ", *_qualities())]
    if without:
        lines.append(
            tag(
                "p",
                "Told by rows of the dataset, no parameter, and counted as assumed: "
                if parameters
                else "By name only, for no case was given: ",
                ", ".join(without),
                ".",
                class_="note",
            )
        )
    if rows:
        heads = [
            tag("th", head, scope="col")
            for head in ("parameter", "central", "low–high", "unit", "year", "quality", "rests on")
        ]
        lines.append(table(heads, map(_parameter, rows), class_="parameters", id="parameters"))
    return join(lines)


def _qualities() -> list[Html]:
    return [
        join((tag("span", quality, class_=f"chip {quality}"), f" {words}. "))
        for quality, words in QUALITY_WORDS.items()
    ]


def _parameter(row: Parameter) -> Html:
    known = sources()
    cited = join((_anchor(id_) if id_ in known else id_ for id_ in row.evidence), ", ")
    return tag(
        "tr",
        tag("th", tag("code", row.name), tag("small", row.key), scope="row", data_v=row.label),
        tag("td", f"{row.central:,.6g}", class_="figure", data_v=f"{row.central:.6g}"),
        tag("td", f"{row.low:,.6g}–{row.high:,.6g}", class_="figure dim"),
        tag("td", row.unit),
        tag("td", row.year if row.year is not None else ""),
        tag("td", tag("span", row.quality, class_=f"chip {row.quality}")),
        tag("td", join((part for part in (cited, row.note) if part), ". "), class_="rest"),
    )


def source_section(options: Sequence[Itinerary], parameters: Parameters | None) -> Html:
    """Return the sources that the parameters and flags above cite."""
    labels = set(parameters_of(options))
    ids = {id_ for row in parameters or () if row.label in labels for id_ in row.evidence}
    for option in options:
        for flag in option.flags:
            ids |= {part.strip() for part in flag.evidence.split(";")}
    known = sources()
    rows = [known[id_] for id_ in sorted(ids & set(known))]
    if not rows:
        return tag("p", "None of the figures names a source.")
    return tag(
        "ul",
        *(
            tag(
                "li",
                tag("span", row.id, class_="id"),
                tag(
                    "span",
                    f"{row.publisher}, " if row.publisher else "",
                    tag("cite", row.title),
                    f", {row.year}" if row.year else "",
                    f": {row.item}, {row.value} {row.unit}. " if row.item else ". ",
                    link(row.url) if row.url else "",
                    "" if row.source_kind == "retrieved" else tag("em", " Unverified."),
                ),
                id=f"source-{_safe(row.id)}",
            )
            for row in rows
        ),
        class_="sources",
    )


def licence_section() -> Html:
    """Return the licences of code and data, and who must be named."""
    rows = [
        tag(
            "tr",
            tag("th", row["title"], scope="row"), tag("td", row["publisher"]),
            tag("td", row["licence"]), tag("td", row["attribution"]),
        )
        for row in dataset_sources()
    ]  # fmt: skip
    heads = [tag("th", head, scope="col") for head in ("data", "publisher", "licence", "credit")]
    parts = [tag("li", f"{part}: {words}") for part, words in LICENCES.items()]
    return join((
        tag(
            "p",
            "Contains information from OpenStreetMap, © OpenStreetMap contributors, made available "
            "under the Open Database License 1.0. Place names © GeoNames, CC BY 4.0. Made with "
            "Natural Earth. Software: Landbridge, Apache-2.0.",
        ),
        tag("ul", *parts),
        table(heads, rows),
        tag("p", "Frontiers on the maps follow Natural Earth's de facto policy and express no "
            "opinion on any of them.", class_="note"),
    ))  # fmt: skip


def provenance_section(provenance: Provenance) -> Html:
    """Return the digests that tell this answer from any other."""
    rows = [
        tag("tr", tag("th", key, scope="row"), tag("td", tag("code", value)))
        for key, value in provenance.to_dict().items()
        if isinstance(value, str | int) and value != ""
    ]
    return join((
        tag("p", "The same digests, question, seed and version give the same document, byte for "
            "byte. No time of writing is kept."),
        table([], rows, class_="digests"),
        _changes(provenance.changes) if provenance.changes else "",
    ))  # fmt: skip


def _changes(changes: Sequence[Applied]) -> Html:
    """Return what scenarios changed, each with its reason and evidence."""
    rows = [
        tag(
            "tr",
            tag("th", change.scenario, scope="row"),
            tag("td", change.text),
            tag("td", " to ".join(day for day in (change.date_from, change.date_to) if day)),
            tag("td", change.reason),
            tag("td", _cited(change.evidence) if change.evidence else ""),
        )
        for change in changes
    ]
    heads = ("scenario", "change", "dates", "reason", "evidence")
    return table((tag("th", head, scope="col") for head in heads), rows)
