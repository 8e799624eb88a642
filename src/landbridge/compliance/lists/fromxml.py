"""Lists in XML: OFAC SDN (legacy and advanced), EU, UK, UN."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from landbridge.compliance.lists.entry import (
    EU,
    OFAC,
    UK,
    UN,
    Entry,
    ReadList,
    clean_names,
    day_of,
    imo_numbers,
)
from landbridge.compliance.lists.xmlstream import Node, records
from landbridge.errors import SourceError

SHIP_NUMBER = "Vessel Registration Identification"
UN_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
UK_NAMES = ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6")
US_DAY = 3
"""Parts of a date written as month/day/year."""


def read_xml(path: Path, root: str) -> ReadList:
    """Return the list in an XML file with this root element.

    Raises
    ------
    SourceError
        If the root is that of no known list; later, if the file breaks off or breaks a limit.
    """
    readers: dict[str, Callable[[Path], ReadList]] = {
        "sdnList": _ofac,
        "Sanctions": _ofac_advanced,
        "export": _eu,
        "Designations": _uk,
        "CONSOLIDATED_LIST": _un,
    }
    if root not in readers:
        raise SourceError(
            f"XML with root '{root}' is no list known here",
            where=str(path),
            hint="roots known: " + ", ".join(readers),
        )
    return readers[root](path)


def root_of(path: Path) -> Node:
    """Return the root element with its attributes, without its children."""
    from xml.parsers import expat

    found: list[Node] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append(Node(tag=name.rpartition(" ")[2], attributes=dict(attributes)))

    def doctype(*_: object) -> None:
        raise SourceError(
            "the file declares a document type, which no public list does", where=str(path)
        )

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    with path.open("rb") as stream:
        try:
            while not found and (data := stream.read(4096)):
                parser.Parse(data, False)  # noqa: FBT003 - expat takes no keywords
        except expat.ExpatError as error:
            if not found:
                raise SourceError(
                    f"no well-formed XML: {expat.ErrorString(error.code)}", where=str(path)
                ) from None
    if not found:
        raise SourceError("no element in it", where=str(path))
    return found[0]


def _ofac(path: Path) -> ReadList:
    head = next(records(path, {"publshInformation", "publishInformation", "sdnEntry"}), None)
    text = head.first("Publish_Date") if head is not None else ""
    parts = text.split("/")
    iso = f"{parts[2]}-{parts[0]:0>2}-{parts[1]:0>2}" if len(parts) == US_DAY else text
    return ReadList(kind=OFAC, dated=day_of(iso), entries=_ofac_entries(path))


def _ofac_entries(path: Path) -> Iterator[Entry]:
    for node in records(path, {"sdnEntry"}):
        names = [_given_first(node)]
        names += [_given_first(aka) for aka in node.all("akaList", "aka")]
        numbers = [
            id_.first("idNumber")
            for id_ in node.all("idList", "id")
            if id_.first("idType") == SHIP_NUMBER
        ]
        yield Entry(
            id=node.first("uid"),
            kind=node.first("sdnType").lower() or "entity",
            names=clean_names(*names),
            programme="; ".join(node.texts("programList", "program")),
            imo=imo_numbers(" ".join(numbers)),
        )


def _given_first(node: Node) -> str:
    return f"{node.first('firstName')} {node.first('lastName')}"


def _ofac_advanced(path: Path) -> ReadList:
    return ReadList(kind=OFAC, dated=None, entries=_advanced_entries(path))


def _advanced_entries(path: Path) -> Iterator[Entry]:
    """Return parties of the advanced file, in which all codes are numbers explained at its head."""
    kinds: dict[str, str] = {}
    ship_documents: set[str] = set()
    numbers: dict[str, list[str]] = {}
    parties: dict[str, tuple[str, tuple[str, ...]]] = {}
    wanted = {"PartySubType", "IDRegDocType", "IDRegDocument", "DistinctParty", "SanctionsEntry"}
    programmes: dict[str, list[str]] = {}
    for node in records(path, wanted):
        if node.tag == "PartySubType":
            kinds[node.attributes.get("ID", "")] = node.text.strip().lower()
        elif node.tag == "IDRegDocType":
            if node.text.strip() == SHIP_NUMBER:
                ship_documents.add(node.attributes.get("ID", ""))
        elif node.tag == "IDRegDocument":
            if node.attributes.get("IDRegDocTypeID", "") in ship_documents:
                owner = node.attributes.get("IdentityID", "")
                numbers.setdefault(owner, []).append(node.first("IDRegistrationNo"))
        elif node.tag == "DistinctParty":
            for profile in node.all("Profile"):
                written_names = [
                    " ".join(
                        part.text for part in written.all("DocumentedNamePart", "NamePartValue")
                    )
                    for written in profile.all("Identity", "Alias", "DocumentedName")
                ]
                id_ = profile.attributes.get("ID", "")
                kind = kinds.get(profile.attributes.get("PartySubTypeID", ""), "")
                parties[id_] = (kind or "entity", clean_names(*written_names))
                for identity in profile.all("Identity"):
                    own = numbers.pop(identity.attributes.get("ID", ""), [])
                    numbers.setdefault(f"profile {id_}", []).extend(own)
        else:
            found = programmes.setdefault(node.attributes.get("ProfileID", ""), [])
            found += node.texts("SanctionsMeasure", "Comment")
    for id_, (kind, own_names) in parties.items():
        yield Entry(
            id=id_,
            kind={"unknown": "entity"}.get(kind, kind),
            names=own_names,
            programme="; ".join(dict.fromkeys(programmes.get(id_, []))),
            imo=imo_numbers(" ".join(numbers.get(f"profile {id_}", []))),
        )


def _eu(path: Path) -> ReadList:
    head = root_of(path)
    dated = day_of(head.attributes.get("generationDate", ""))
    return ReadList(kind=EU, dated=dated, entries=_eu_entries(path))


def _eu_entries(path: Path) -> Iterator[Entry]:
    for node in records(path, {"sanctionEntity"}):
        names = []
        for alias in node.all("nameAlias"):
            own = alias.attributes
            parts = (own.get("firstName"), own.get("middleName"), own.get("lastName"))
            names.append(own.get("wholeName") or " ".join(part for part in parts if part))
        kind = next((n.attributes.get("code", "") for n in node.all("subjectType")), "")
        programmes = [n.attributes.get("programme", "") for n in node.all("regulation")]
        yield Entry(
            id=node.attributes.get("euReferenceNumber") or node.attributes.get("logicalId", ""),
            kind="individual" if kind == "person" else "entity",
            names=clean_names(*names),
            programme="; ".join(dict.fromkeys(filter(None, programmes))),
            since=node.attributes.get("designationDate", ""),
        )


def _uk(path: Path) -> ReadList:
    head = next(records(path, {"DateGenerated", "Designation"}), None)
    text = head.text if head is not None and head.tag == "DateGenerated" else ""
    return ReadList(kind=UK, dated=day_of(text), entries=_uk_entries(path))


def _uk_entries(path: Path) -> Iterator[Entry]:
    for node in records(path, {"Designation"}):
        names = [
            " ".join(name.first(part) for part in UK_NAMES) for name in node.all("Names", "Name")
        ]
        names += node.texts("NonLatinNames", "NonLatinName", "NameNonLatinScript")
        names += node.texts("NonLatinNames", "NameNonLatinScript")
        numbers = node.texts("ShipDetails", "Ship", "IMONumbers", "IMONumber")
        day = day_of(node.first("DateDesignated"))
        yield Entry(
            id=node.first("UniqueID"),
            kind={"ship": "vessel"}.get(
                node.first("IndividualEntityShip").lower(),
                node.first("IndividualEntityShip").lower() or "entity",
            ),
            names=clean_names(*names),
            programme=node.first("RegimeName"),
            imo=imo_numbers(" ".join(number.removeprefix("IMO") for number in numbers)),
            since=day.isoformat() if day else "",
        )


def _un(path: Path) -> ReadList:
    dated = day_of(root_of(path).attributes.get("dateGenerated", ""))
    return ReadList(kind=UN, dated=dated, entries=_un_entries(path))


def _un_entries(path: Path) -> Iterator[Entry]:
    for node in records(path, {"INDIVIDUAL", "ENTITY"}):
        is_person = node.tag == "INDIVIDUAL"
        alias = f"{node.tag}_ALIAS"
        yield Entry(
            id=node.first("REFERENCE_NUMBER") or node.first("DATAID"),
            kind="individual" if is_person else "entity",
            names=clean_names(
                " ".join(node.first(part) for part in UN_NAMES),
                node.first("NAME_ORIGINAL_SCRIPT"),
                *node.texts(alias, "ALIAS_NAME"),
            ),
            programme=node.first("UN_LIST_TYPE"),
            imo=imo_numbers(node.first("COMMENTS1")) if not is_person else (),
            since=node.first("LISTED_ON"),
        )
