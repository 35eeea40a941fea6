"""The vocabulary: every fault with its line and its sentence, all faults at once, and nothing but `VocabularyError` whatever comes in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from luciole.registry_faults import MAX_PROBLEMS, Problem, describe_problems
from luciole.vocabulary import MAX_ANSWERS, MAX_GROUPS, VocabularyError, WrittenVocabulary, parse_vocabulary, read_vocabulary
from luciole.vocabulary_rules import folded

GOOD = """\
# Un commentaire.
synonymes:
- [IRM, imagerie par résonance magnétique]
- ["NO", monoxyde d’azote]
-
  - ADN
  - acide désoxyribonucléique

reponses:
- requetes: [trou noir, "qu’est-ce qu’un trou noir ?"]
  articles: [https://exemple.fr/trous-noirs, http://autre.exemple.org/?p=12]
  pourquoi: Le plus clair pour commencer.
- articles:
  - https://exemple.fr/marees
  requetes: [marée]
"""


def problems(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(VocabularyError) as caught:
        parse_vocabulary(text, "vocabulaire.yaml")
    return [(problem.line, problem.message) for problem in caught.value.problems]


def only(text: str | bytes) -> tuple[int, str]:
    found = problems(text)
    assert len(found) == 1, found
    return found[0]


def answer(*lines: str, drop: str = "") -> str:
    """One answer whose faulty lines start at line 4; `drop` leaves out one of the compulsory keys."""
    keys = {"requetes": "[trou noir]", "articles": "[https://exemple.fr/a]"}
    kept = [f"{key}: {value}" for key, value in keys.items() if key != drop]
    return "\n".join(["reponses:", f"- {kept[0]}", *(f"  {line}" for line in [*kept[1:], *lines])]) + "\n"


# -- what a good file gives ---------------------------------------------------------------------------------------------------------


def test_what_a_good_file_says() -> None:
    read = parse_vocabulary(GOOD, "mots.yaml")
    assert read.path == Path("mots.yaml")
    assert [[(one.text, one.line) for one in group] for group in read.synonyms] == [
        [("IRM", 3), ("imagerie par résonance magnétique", 3)],
        [("NO", 4), ("monoxyde d’azote", 4)],
        [("ADN", 6), ("acide désoxyribonucléique", 7)],
    ]
    first, second = read.answers
    assert [one.text for one in first.queries] == ["trou noir", "qu’est-ce qu’un trou noir ?"]
    assert [(one.text, one.line) for one in first.articles] == [
        ("https://exemple.fr/trous-noirs", 11),
        ("http://autre.exemple.org/?p=12", 11),
    ]
    assert (first.why, first.line, second.why, second.line) == ("Le plus clair pour commencer.", 10, None, 13)
    assert [(one.text, one.line) for one in second.articles] == [("https://exemple.fr/marees", 14)]


@pytest.mark.parametrize("text", ["", "\n", "# rien encore\n", "---\n", "synonymes:\n", "synonymes: []\nreponses:\n", b"\xef\xbb\xbf"])
def test_nothing_is_an_empty_vocabulary(text: str | bytes) -> None:
    read = parse_vocabulary(text, "x")
    assert (read.synonyms, read.answers) == ((), ())


def test_bom_crlf_and_text_are_read_alike() -> None:
    assert parse_vocabulary(b"\xef\xbb\xbf" + GOOD.encode().replace(b"\n", b"\r\n"), "x") == parse_vocabulary(GOOD, "x")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    absent = tmp_path / "absent.yaml"
    assert read_vocabulary(absent) == WrittenVocabulary()
    for path, must_exist in ((absent, True), (tmp_path, False), (absent / "x\0y", False)):
        with pytest.raises(VocabularyError) as caught:
            read_vocabulary(path, must_exist=must_exist)
        assert len(caught.value.problems) == 1
    nowhere = tmp_path / "lien.yaml"
    nowhere.symlink_to(absent)
    with pytest.raises(VocabularyError, match="1 faute empêche de lire le vocabulaire"):
        read_vocabulary(nowhere)  # a link that leads nowhere was meant to lead somewhere


def test_mapped_hosts_pass_with_their_port() -> None:
    text = GOOD.replace("https://exemple.fr/marees", "http://exemple.fr:8001/marees")
    assert only(text) == (14, "« articles » : port 8001 : un blog public répond sur 80 ou 443.")
    read = parse_vocabulary(text, "x", allow_hosts=frozenset({"exemple.fr:8001"}))
    assert read.answers[1].articles[0].text == "http://exemple.fr:8001/marees"
    assert parse_vocabulary(text.replace("exemple.fr:8001", "cieux.localhost:8001"), "x").answers


# -- each fault, with its line and its sentence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("[IRM]", "un groupe réunit au moins deux expressions : ajoutez-en une, ou retirez la ligne."),
        ("[]", "un groupe réunit au moins deux expressions : ajoutez-en une, ou retirez la ligne."),
        ("IRM, imagerie", "un groupe de synonymes s’écrit entre crochets : - [IRM, imagerie par résonance magnétique]."),
        ("IRM: imagerie", "un groupe de synonymes s’écrit entre crochets : - [IRM, imagerie par résonance magnétique]."),
        ("", "un groupe de synonymes s’écrit entre crochets : - [IRM, imagerie par résonance magnétique]."),
        (f"[{', '.join(f'mot{n}' for n in range(11))}]", "11 expressions : un groupe en réunit au plus 10."),
        ("[NO, azote]", 'YAML lit « NO » comme un oui ou un non : écrivez "NO".'),
        ("[1984, roman]", 'YAML lit « 1984 » comme un nombre : écrivez "1984".'),
        ("[2024-01-01, jour de l’an]", 'YAML lit « 2024-01-01 » comme une date : écrivez "2024-01-01".'),
        ("[IRM, ]", "un groupe réunit au moins deux expressions : ajoutez-en une, ou retirez la ligne."),
        ("[IRM, '']", "une expression est vide : complétez, ou retirez-la."),
        ("[IRM, ~]", "une expression est vide : complétez, ou retirez-la."),
        ("[IRM, '?!']", "« ?! » n’a ni lettre ni chiffre."),
        ("[IRM, [imagerie]]", "une expression est un texte simple ; des guillemets autour d’elle si elle contient « : » ou un crochet."),
        ("[IRM, imagerie: médicale]",
         "une expression est un texte simple ; des guillemets autour d’elle si elle contient « : » ou un crochet."),
        ('[IRM, "a\\u202Eb"]', "une expression tient sur une ligne, sans caractère invisible."),
        ("[IRM, a b e f g h i o k]", "« a b e f g h i o k » est trop long : au plus 8 mots et 80 caractères."),
        (f"[IRM, {'a' * 81}]", f"« {'a' * 60}… » est trop long : au plus 8 mots et 80 caractères."),
        ("[IRM, irm]", "« irm » ne dit rien de plus que « IRM » : la recherche les lit pareil."),
        ("[CO2, CO₂]", "« CO₂ » ne dit rien de plus que « CO2 » : la recherche les lit pareil."),
        ("[IRM, I.R.M.]", "« I.R.M. » ne dit rien de plus que « IRM » : la recherche les lit pareil."),
        ("[œuf, Oeuf]", "« Oeuf » ne dit rien de plus que « œuf » : la recherche les lit pareil."),
        ("[IRM, scanner, IRM]", "« IRM » est deux fois dans cette entrée : gardez-en un seul."),
        ("[marée, rayons-X]", "« marée » est déjà ligne 2 : une expression n’a qu’un groupe, réunissez les deux."),
        ("&a [IRM, imagerie]", "ancre « &a » : retirez-la, ou mettez la valeur entre guillemets."),
        ("!!python/tuple [IRM, imagerie]",
         "étiquette YAML « tag:yaml.org,2002:python/tuple » : retirez-la, ou mettez la valeur entre guillemets."),
    ],
)  # fmt: skip
def test_one_fault_of_a_group(entry: str, sentence: str) -> None:
    assert only(f"synonymes:\n- [marée, flux et reflux]\n- {entry}\n") == (3, sentence)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("requete: [a]", "clé inconnue « requete » ; vouliez-vous dire « requetes » ?"),
        ("Requêtes: [a]", "clé inconnue « Requêtes » ; vouliez-vous dire « requetes » ?"),
        ("adresse: x", "clé inconnue « adresse » ; vouliez-vous dire « articles » ?"),
        ("artcles: x", "clé inconnue « artcles » ; vouliez-vous dire « articles » ?"),
        ("why: x", "clé inconnue « why » ; vouliez-vous dire « pourquoi » ?"),
        ("zzz: x", "clé inconnue « zzz » ; au choix : requetes, articles, pourquoi."),
        ("[a]: x", "une clé est un mot simple, suivi de « : »."),
        ("requetes: [autre]", "la clé « requetes » est déjà ligne 2 : gardez une seule des deux."),
        ("pourquoi:", "« pourquoi » est vide : complétez, ou retirez la ligne."),
        ("pourquoi: 12", 'YAML lit « 12 » comme un nombre : écrivez pourquoi: "12".'),
        ("pourquoi: [a]", "« pourquoi » attend un texte simple."),
    ],
)
def test_one_fault_among_the_keys_of_an_answer(line: str, sentence: str) -> None:
    assert only(answer(line)) == (4, sentence)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("requetes", "trou noir", "« requetes » est une liste : requetes: [trou noir, trous noirs]."),
        ("requetes", "[]", "« requetes » est vide : complétez, ou retirez la réponse."),
        ("requetes", "['…']", "« … » n’a ni lettre ni chiffre."),
        ("requetes", f"[{', '.join(f'q{n}' for n in range(21))}]", "21 requêtes : une réponse en a au plus 20."),
        ("requetes", f"[{'a ' * 21}]", f"« {('a ' * 21).strip()} » est trop long : au plus 20 mots et 120 caractères."),
        ("requetes", "[Trou noir, trou  NOIR]", "« trou  NOIR » ne dit rien de plus que « Trou noir » : la recherche les lit pareil."),
        ("articles", "https://exemple.fr/a", "« articles » est une liste : articles: [https://exemple.fr/un-article]."),
        ("articles", "[]", "« articles » est vide : complétez, ou retirez la réponse."),
        ("articles", "[https://a.fr/1, https://a.fr/2, https://a.fr/3, https://a.fr/4]", "4 articles : une réponse en a au plus 3."),
        ("articles", "[https://a.fr/1, http://www.a.fr/1/]", "« articles » contient deux fois « http://www.a.fr/1/ »."),
        ("articles", "[a.fr/1]", "« articles » : adresse incomplète : « a.fr/1 » ; elle commence par « https:// » (ou « http:// »)."),
        ("articles", "[le blog de la mer]", "« articles » : adresse avec une espace : « le blog de la mer »."),
        ("articles", "[http://127.0.0.1/]", "« articles » : « 127.0.0.1 » est une adresse IP : donnez le nom du site."),
        ("articles", "['https://a.fr/1#suite']",
         "« articles » : adresse avec un repère de page : retirez « # » et la suite de « https://a.fr/1#suite »."),
        ("articles", "[true]", 'YAML lit « true » comme un oui ou un non : écrivez "true".'),
    ],
)  # fmt: skip
def test_one_fault_of_an_answer(key: str, value: str, sentence: str) -> None:
    assert only(answer(f"{key}: {value}", drop=key)) == (3, sentence)


def test_what_an_answer_must_have() -> None:
    assert only("reponses:\n- pourquoi: Parce que.\n") == (2, "il manque « requetes », « articles ».")
    assert only("reponses:\n- trou noir\n") == (2, "une réponse est une suite de clés : « - requetes: […] », puis « articles: […] ».")


def test_a_query_has_one_answer() -> None:
    text = answer() + answer("pourquoi: Un autre.").removeprefix("reponses:\n").replace("trou noir", "TROU NOIR")
    assert only(text) == (4, "« TROU NOIR » est déjà ligne 2 : une requête n’a qu’une réponse, réunissez les deux.")


def test_what_is_elided_is_no_word() -> None:
    assert parse_vocabulary("synonymes:\n- [GIEC, Groupe d’experts intergouvernemental sur l’évolution du climat]\n", "x").synonyms


def test_an_expression_may_be_a_query_too() -> None:
    assert parse_vocabulary("synonymes:\n- [trou noir, astre occlus]\n" + answer(), "x").answers


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("synonymse:\n- [a, b]\n", 1, "clé inconnue « synonymse » ; vouliez-vous dire « synonymes » ?"),
        ("Réponses:\n", 1, "clé inconnue « Réponses » ; vouliez-vous dire « reponses » ?"),
        ("synonymes:\n- [a, b]\nsynonymes:\n- [c, d]\n", 3, "« synonymes: » est déjà ligne 1 : réunissez les deux listes."),
        ("- [a, b]\n", 1, "il manque la ligne « synonymes: » ou « reponses: » avant la liste."),
        ("IRM\n", 1, "il manque la ligne « synonymes: » ou « reponses: » avant la liste."),
        ("synonymes: IRM\n", 1, "« synonymes: » attend une liste : - [IRM, imagerie par résonance magnétique]."),
        ("reponses: {a: b}\n", 1, "« reponses: » attend une liste : - requetes: […]."),
        ("synonymes:\n- [a, b\n- [c, d]\n", 2, "un crochet ou une accolade s’ouvre ici et ne se ferme pas, ou il manque une virgule."),
        ("synonymes:\n\t- [a, b]\n", 2, "tabulation au début de la ligne : remplacez-la par deux espaces."),
        (b"synonymes:\n- [caf\xe9, th\xc3\xa9]\n", 2, "octet E9 qui n’est pas de l’UTF-8 : enregistrez le fichier en UTF-8."),
        ("synonymes: &a\n- *a\n- [b, c]\n", 1, "ancre « &a » : retirez-la, ou mettez la valeur entre guillemets."),
    ],
)
def test_faults_of_the_file(text: str | bytes, line: int, sentence: str) -> None:
    assert (line, sentence) in problems(text)


def test_too_many_entries() -> None:
    groups = "synonymes:\n" + "".join(f"- [a{n}, b{n}]\n" for n in range(MAX_GROUPS + 1))
    answers = "reponses:\n" + "".join(f"- {{requetes: [q{n}], articles: ['https://a.fr/{n}']}}\n" for n in range(MAX_ANSWERS + 1))
    assert problems(groups + answers) == [
        (2, f"{MAX_GROUPS + 1} entrées sous « synonymes: » : au plus {MAX_GROUPS}."),
        (MAX_GROUPS + 4, f"{MAX_ANSWERS + 1} entrées sous « reponses: » : au plus {MAX_ANSWERS}."),
    ]


def test_all_faults_are_told_at_once_though_the_syntax_is_broken() -> None:
    text = """\
synonymes:
- [IRM]
- [ADN, acide
- [CO2, gaz carbonique]
reponses:
- requete: [trou noir]
  articles: [trous-noirs]
- requetes: [marée"]
  articles: ["https://a.fr/1]
"""
    assert [line for line, _ in problems(text)] == [2, 3, 6, 6, 7, 9]


def test_how_problems_are_printed() -> None:
    with pytest.raises(VocabularyError) as caught:
        parse_vocabulary("synonymes:\n- [IRM]\n", "vocabulaire.yaml")
    assert describe_problems(caught.value) == [
        "vocabulaire.yaml:2 : un groupe réunit au moins deux expressions : ajoutez-en une, ou retirez la ligne."
    ]
    assert caught.value.hint
    assert "luciole vocabulary check" in caught.value.hint


# -- hostile files ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, "synonymes:\n" + "- " * 50_000, "synonymes: " + "{a: " * 10_000, "synonymes:\n- [" + "a, " * 900_000 + "b]",
     "a: &a [x, x]\nb: &b [*a, *a]\nsynonymes: [*b, *b]", "a" * 5_000_001, "synonymes:\n" + "- [x]\n" * 3_000],
    ids=["brackets", "dashes", "braces", "one huge group", "laughs", "too big", "faults everywhere"],
)  # fmt: skip
def test_hostile_files_end_in_faults(text: str) -> None:
    assert 0 < len(problems(text)) <= MAX_PROBLEMS + 1


PIECES = st.sampled_from(
    ["synonymes:", "reponses:", "\n", "\n- ", "\n  ", " ", "[", "]", "{", "}", ",", ": ", "'", '"', "&a", "*a", "!x", "#", "|", ">", "? ",
     "---", "\t", "requetes", "articles", "pourquoi", "https://a.fr/", "http://[", "IRM", "I.R.M.", "NO", "1,5", "~", "\\", "%", "é", "œ",
     "ﬁ", "\u0301", "\u2028", "\x85", "\ufeff"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
@example("? synonymes")
@settings(max_examples=300)
def test_any_text_is_a_vocabulary_or_a_vocabulary_error(text: str) -> None:
    for content in (text, "synonymes:\n- [" + text, "reponses:\n- articles: [https://a.fr/" + text):
        lines = re.sub(r"\r\n?", "\n", content).count("\n") + 1
        assert all(0 <= problem.line <= lines and problem.message for problem in outcome(content))


@given(st.binary())
def test_any_bytes_are_a_vocabulary_or_a_vocabulary_error(data: bytes) -> None:
    for content in (data, b"synonymes:\n- [IRM, " + data):
        assert all(problem.line >= 0 for problem in outcome(content))


def outcome(content: str | bytes) -> tuple[Problem, ...]:
    """The problems of whatever was read; an error that says nothing would be one too."""
    try:
        parse_vocabulary(content, "x")
    except VocabularyError as error:
        return error.problems or (Problem(-1, None, "an error without a problem"),)
    return ()


@given(st.text())
def test_folding_is_stable_and_plain(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert once == once.strip()
    assert "  " not in once


@pytest.mark.parametrize(
    ("one", "other"),
    [("L’énergie", "l'ENERGIE"), ("arc-en-ciel", "arc en ciel"), ("CO₂", "co2"), ("I.R.M.", "irm"), ("µm", "μm"), ("cœur", "coeur"),
     ("ﬁbre", "fibre"), ("Straße", "strasse")],
)  # fmt: skip
def test_spellings_that_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("marée", "marées"), ("a b", "ab"), ("rayon X", "rayon Y"), ("É.", "e.t")])
def test_spellings_that_are_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)
