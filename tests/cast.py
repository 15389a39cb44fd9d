"""The cast: the people and organisations of the demo story, all of them invented.

Addresses are first.last@demo.invalid, folded to ASCII; organisations carry identifiers of kind DEMO, never a national
number, so that no real person or firm is ever hit.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

Helix = Literal["business", "research", "public", "civil_society"]

IDENTIFIER_KIND = "DEMO"


def address(name: str) -> str:
    """Return somebody's address: the last of their first names and their last name, folded."""
    folded = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("Ø", "O"))
    plain = folded.encode("ascii", "ignore").decode().lower().replace("dr ", "")
    first, *_, last = plain.split()
    return f"{first}.{last}@demo.invalid"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the story."""

    name: str
    role: str | None = None
    """The role that they play on the programme."""
    language: str = "sv"
    organisation: str | None = None
    town: str = ""

    @property
    def email(self) -> str:
        """Their address."""
        return address(self.name)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the story."""

    name: str
    town: str
    nuts: str
    helix: Helix
    legal_form: str

    @property
    def identifier(self) -> str:
        """Its number, which is none of any register."""
        folded = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return "-".join("".join(char if char.isalnum() else " " for char in folded).split())


KARIN = Person("Karin Ekblad", "manager")
YUSUF = Person("Yusuf Demir", "officer")
ANNELI = Person("Anneli Hakkarainen", "officer")
SOFIA = Person("Sofia Brännvall", "delegate")
PER_OLOF = Person("Per-Olof Lindhagen", "finance")
ELIN = Person("Elin Nordvall", "registrar")
TOMAS = Person("Tomas Bergvik", "officer")

MONA = Person("Mona Tyskling", "board")
LARS = Person("Lars Myhr", "board")
AMINA = Person("Amina Warsame", "board")
GUNVOR = Person("Gunvor Stake", "board")
OLA = Person("Ola Rådström", "board")
RITVA = Person("Ritva Salo", "board")
JONAS = Person("Jonas Ferm", "board")

STAFF = (KARIN, YUSUF, ANNELI, PER_OLOF, ELIN, TOMAS)
"""Who works for the programme by a role of their own; the delegate and the board have theirs by the body."""
BOARD = (MONA, LARS, AMINA, GUNVOR, OLA)
"""The five seats, the chair first."""
DEPUTIES = (RITVA, JONAS)
LEARNING_PARTNERS = (
    Person("Daiva Petrauskienė", language="lt", town="Kaunas"),
    Person("Femke Hoekstra", language="en", town="Groningen"),
    Person("Ingrid Solbakken", language="nb", town="Hamar"),
    Person("Markku Lehto", language="fi", town="Pori"),
)

MILL = Organisation("Hofors Stålvalsverk Demo AB", "Hofors", "SE313", "business", "AB")
GREENHOUSE = Organisation("Ockelbo Växthus Demo AB", "Ockelbo", "SE313", "business", "AB")
SAWMILL = Organisation("Mora Sågverk Demo AB", "Mora", "SE312", "business", "AB")
FOREST = Organisation("Ljusdals Skogsägare ek. för.", "Ljusdal", "SE313", "civil_society", "ek. för.")
INSTITUTE = Organisation("Bergslagens tekniska institut", "Borlänge", "SE312", "research", "stiftelse")
BUILDER = Organisation("Rahimi Bygg Demo AB", "Gävle", "SE313", "business", "AB")
YARD = Organisation("Avesta Materialhotell ek. för.", "Avesta", "SE312", "business", "ek. för.")
FOUNDRY = Organisation("Thorsells Gjuteri Demo AB", "Hagfors", "SE311", "business", "AB")
TEST_HALL = Organisation("Filipstads Testhall", "Filipstad", "SE311", "public", "kommunal")
UNION = Organisation("Torsby Verkstadsklubb Demo", "Torsby", "SE311", "civil_society", "ideell förening")
MUNICIPALITY = Organisation("Borlänge Demokommun", "Borlänge", "SE312", "public", "kommunal")
UNIVERSITY = Organisation("Klarälvens Fiberlab", "Deje", "SE311", "research", "stiftelse")

SEED_ORGANISATIONS = (
    MILL,
    GREENHOUSE,
    SAWMILL,
    FOREST,
    INSTITUTE,
    BUILDER,
    YARD,
    FOUNDRY,
    TEST_HALL,
    UNION,
    MUNICIPALITY,
    UNIVERSITY,
)

LEIF = Person("Leif Åslund", organisation=MILL.name, town="Hofors")
HANNA = Person("Hanna Pell", organisation=GREENHOUSE.name, town="Ockelbo")
MIKAEL = Person("Mikael Sten", organisation=SAWMILL.name, town="Mora")
SARA = Person("Sara Ljungdahl", organisation=FOREST.name, town="Ljusdal")
HENRIK = Person("Henrik Wall", organisation=INSTITUTE.name, town="Borlänge")
FATIMA = Person("Fatima Rahimi", organisation=BUILDER.name, town="Gävle")
BENGT = Person("Bengt Olars", organisation=YARD.name, town="Avesta")
YLVA = Person("Ylva Thorsell", organisation=FOUNDRY.name, town="Hagfors")
JOHAN = Person("Johan Frisk", organisation=TEST_HALL.name, town="Filipstad")
SAMIRA = Person("Samira Haddad", organisation=UNION.name, town="Torsby")
NILS = Person("Nils Granlund", organisation=MILL.name, town="Hofors")
"""The co-owner who left: his name went, his idea stayed."""

PARTICIPANTS = (LEIF, HANNA, MIKAEL, SARA, HENRIK, FATIMA, BENGT, YLVA, JOHAN, SAMIRA, NILS)

REVIEWERS = (
    HENRIK,
    Person("Tuomas Rinne", language="fi", town="Pori"),
    Person("Birgit Aune", language="nb", town="Hamar"),
    Person("Rasa Kazlauskaitė", language="en", town="Kaunas"),
    Person("Pieter van Dam", language="en", town="Groningen"),
    Person("Lena Modig", town="Umeå"),
    Person("Cecilia Bark", town="Skövde"),
    Person("Omar Said", town="Linköping"),
)

CLUSTER = Organisation("Trä & Fiber Mellansverige ek. för.", "Falun", "SE312", "civil_society", "ek. för.")
GLULAM = Organisation("Fåmans Limträ AB", "Leksand", "SE312", "business", "AB")
JOINERY = Organisation("Dalfog Snickeri AB", "Hedemora", "SE312", "business", "AB")
PELLETS = Organisation("Fryken Pellets AB", "Sunne", "SE311", "business", "AB")
AID_FIRMS = (GLULAM, JOINERY, PELLETS)
"""The firms of the aid request: one cleared, one exactly to its ceiling, one that never answers."""

MARIE = Person("Marie Ulander", organisation=CLUSTER.name, town="Falun")
KERSTIN = Person("Kerstin Fåman", organisation=GLULAM.name, town="Leksand")
AHMED = Person("Ahmed Nouri", organisation=JOINERY.name, town="Hedemora")
STINA = Person("Stina Broman", organisation=PELLETS.name, town="Sunne")
AID_PEOPLE = (MARIE, KERSTIN, AHMED, STINA)

ORGANISATIONS = (*SEED_ORGANISATIONS, CLUSTER, *AID_FIRMS)

EVERYBODY = tuple(
    dict.fromkeys(
        (*STAFF, SOFIA, *BOARD, *DEPUTIES, *LEARNING_PARTNERS, *PARTICIPANTS, *REVIEWERS, *AID_PEOPLE)
    )
)


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brought to the lab, and the number of the action that came of it."""

    who: Person
    kind: Literal["need", "idea", "evidence", "offer", "question"]
    text: str
    action: int


CONTRIBUTIONS = (
    Brought(LEIF, "need", "We heat the sky all night at 90 degrees.", 1),
    Brought(HANNA, "offer", "I can take 2 MW if the pipe is shorter than 3 km.", 1),
    Brought(MIKAEL, "evidence", "Dryer logs of two winters.", 1),
    Brought(SARA, "idea", "Bark has no owner. Give it one.", 2),
    Brought(HENRIK, "evidence", "Ash tests of six reductants.", 2),
    Brought(FATIMA, "need", "Beams are cut because nobody can say what they are.", 3),
    Brought(BENGT, "offer", "A yard of 4 000 square metres for a beam bank.", 3),
    Brought(YLVA, "question", "Who lets us try before we buy?", 4),
    Brought(JOHAN, "offer", "20 test days a year.", 4),
    Brought(SAMIRA, "need", "Courses run by day. We work by night.", 5),
    Brought(NILS, "idea", "A shared classroom that keeps to the shifts.", 5),
)

VISION = (
    "In ten years no kilowatt, no beam and no trained pair of hands leaves our industries unused. What one mill has too "
    "much of, the next one can buy; and those who work the nights are there when it is decided."
)


@dataclass(frozen=True, slots=True)
class FrameAction:
    """An action of the frame: its share of the fund in percent, and by what it is measured."""

    title: str
    percent: int
    indicator: str
    baseline: int
    target: int


ACTIONS = (
    FrameAction(
        "Heat that is left over becomes heat that is bought",
        28,
        "agreements between seller and buyer of heat",
        2,
        10,
    ),
    FrameAction(
        "Bark, sawdust and whey instead of coal and oil",
        22,
        "tonnes of fossil fuel replaced in trials",
        0,
        1500,
    ),
    FrameAction(
        "A second life for steel, timber and concrete", 21, "tonnes reused with known quality", 120, 900
    ),
    FrameAction("Test time for the small", 17, "small firms that tried before they bought", 6, 40),
    FrameAction("Learning that fits a shift", 12, "people who finished a course beside shift work", 0, 120),
)

WORKSHOPS = (
    ("The heat we lose", "Sandviken", "SE313"),
    ("The wood we burn", "Falun", "SE312"),
    ("The people we need", "Karlstad", "SE311"),
    ("Sorting day", "online", None),
)
