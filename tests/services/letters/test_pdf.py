"""Letters on paper: tagged PDF/UA-1 with their fonts inside, the same bytes each time, every alphabet of the Union."""

import io
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from pypdf import PdfReader

from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.compose import compose
from grantflow.services.letters.papers import letter_html
from grantflow.services.letters.pdf import letter_pdf
from tests.services.letters.values import DECISION

ALPHABETS = {
    "bg": "Абвгдежзийклмнопрстуфхцчшщъьюя Ѝ",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy Ň",
    "da": "Høj bly gom vandt fræk sexquiz på wc Å Æ Ø",
    "de": "Falsches Üben von Xylophonmusik quält jeden größeren Zwerg Ä Ö ẞ",
    "el": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία ΐ ΰ Ώ",
    "en": "The quick brown fox jumps over the lazy dog",
    "es": "El veloz murciélago hindú comía feliz cardillo y kiwi Ñ ü ¿ ¡",
    "et": "Põdur Zagrebi tšellomängija-följetonist Ciqo külmetas kehvas garaažis Š Ž",
    "fi": "Törkylempijävongahdus Å Š Ž",
    "fr": "Dès Noël où un zéphyr haï me vêt de glaçons œ Œ æ ÿ Ÿ ù",
    "ga": "D’fhuascail Íosa Úrmhac na hÓighe Beannaithe pór Éava agus Ádhaimh",  # noqa: RUF001 - the apostrophe of Irish
    "hr": "Gojazni đačić s biciklom drži hmelj i finu vatu u džepu nošnje Ć",
    "hu": "Árvíztűrő tükörfúrógép Ő Ű",
    "it": "Ma la volpe, col suo balzo, ha raggiunto il quieto Fido à è é ì ò ù",
    "lt": "Įlinkdama fechtuotojo špaga sublykčiojusi pragręžė apvalų arbūzą Ė Ū",
    "lv": "Glāžšķūņa rūķīši dzērumā čiepj Baha koncertflīģeļu vākus Ē Ņ Ģ",
    "mt": "Ċ ċ Ġ ġ Ħ ħ Ż ż għ ie à è ì ò ù",
    "nl": "Pa’s wijze lynx bezag vroom het fikse aquaduct ij ë ï é",  # noqa: RUF001 - as above
    "pl": "Pchnąć w tę łódź jeża lub ośm skrzyń fig Ź Ć Ń",
    "pt": "À noite, vovô Kowalsky vê o ímã cair no pé do pinguim queixoso ã õ ç ü",
    "ro": "Gheorghe, obezul, a reuşit să obţină jucându-se un flux în Quebec ă â î ș ț",
    "sk": "Kŕdeľ šťastných ďatľov učí pri ústí Váhu mĺkveho koňa obhrýzať kôru ô ä",
    "sl": "V kožuščku hudobnega fanta stopiclja mizar Č Š Ž",
    "sv": "Flygande bäckasiner söka hwila på mjuka tuvor Å Ä Ö é",
}
"""A text in each official language of the Union with the letters that are its own."""


def paper(language: str = "en", **changed: Any) -> bytes:
    composed = compose(shipped(), "award_letter", {**DECISION, **changed}, language=language)
    return letter_pdf(letter_html(composed), "outbox-1.en")


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def award() -> PdfReader:
    return PdfReader(io.BytesIO(paper()))


def test_a_letter_is_tagged_and_marked_as_accessible(award: PdfReader):
    catalogue: Any = award.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean object
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - as above
    metadata = catalogue["/Metadata"].get_data().decode()
    assert "pdfuaid" in metadata
    assert "part>1<" in metadata.replace('part="1"', "part>1<")
    assert award.metadata is not None
    assert award.metadata.title == "Decision: a grant for Biochar from sawdust"


def tags(node: Any, found: set[str]) -> set[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            tags(each, found)
    elif isinstance(node, dict):
        if "/S" in node and "/P" in node:
            found.add(str(node["/S"]))
        if "/K" in node:
            tags(node["/K"], found)
    return found


def test_headings_lists_and_paragraphs_are_tagged_as_such(award: PdfReader):
    root: Any = award.trailer["/Root"]
    found = tags(root["/StructTreeRoot"]["/K"], set())
    assert {"/H1", "/H2", "/P", "/L", "/LI"} <= found


def test_its_fonts_are_inside(award: PdfReader):
    fonts = {}
    for page in award.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            fonts[str(descriptor["/FontName"])] = any(
                key in descriptor for key in ("/FontFile2", "/FontFile3")
            )
    assert fonts
    assert all(fonts.values())
    assert all("DejaVu-Sans" in name for name in fonts), "no other font stepped in silently"


def test_the_same_letter_is_the_same_file():
    assert paper() == paper()
    assert paper() != paper(project="Another project")


def test_every_page_after_the_first_says_which_letter_it_belongs_to():
    reader = PdfReader(io.BytesIO(paper(conditions=tuple(f"Condition {n}." for n in range(60)))))
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(texts) > 1
    assert all("NMS-2026-0102" in text for text in texts)
    assert all(f"Page {number} of {len(texts)}" in text for number, text in enumerate(texts, start=1))


def test_every_alphabet_of_the_union_comes_out_as_it_went_in():
    found = text_of(paper(conditions=tuple(ALPHABETS.values())))
    flat = found.replace(" ", "")
    missing = {
        language: "".join(char for char in alphabet if char not in flat)
        for language, alphabet in ALPHABETS.items()
        if alphabet.replace(" ", "") not in flat
    }
    assert missing == {}


@pytest.mark.parametrize("language", ["sv", "lt"])
def test_letters_in_other_languages_say_so(language: str):
    reader = PdfReader(io.BytesIO(paper(language)))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language


def test_nothing_is_fetched_when_a_letter_is_rendered(tmp_path: Any):
    secret = tmp_path / "secret.txt"
    secret.write_text("the content of a file of this machine")
    html = f'<html lang="en"><title>x</title><body><object data="file://{secret}"></object><img alt="x" src="file://{secret}">'
    assert "content of a file" not in text_of(letter_pdf(html + "<p>Nothing else.</p>", "x"))


def test_it_is_made_in_a_process_of_its_own():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pdf = pool.submit(letter_pdf, '<html lang="en"><title>x</title><p>Apart.</p>', "x").result()
    assert "Apart." in text_of(pdf)
