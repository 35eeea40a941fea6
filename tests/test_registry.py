"""The registry: every fault with its line and its sentence, all faults at once, and nothing but `RegistryError` whatever comes in."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from luciole.disciplines import DISCIPLINES
from luciole.registry import Problem, Registry, RegistryError, describe_problems, parse_registry, read_registry
from luciole.registry_faults import MAX_PROBLEMS, nearest
from luciole.registry_urls import refuse_url
from luciole.sources import STATUSES, TYPES, Source

GOOD = """\
sources:
- id: alpha
  name: Alpha
  url: https://alpha.fr/
  disciplines: [physique]
- id: beta
  name: Bêta
  url: https://beta.fr/
  disciplines: [chimie, physique]
"""

FULL = """\
sources:
- id: carnet
  name: "Carnet : un exemple"
  url: https://exemple.fr/blog/
  feeds: [https://exemple.fr/feed/, http://flux.exemple.org/rss]
  disciplines: [biologie-evolution, chimie]
  type: collective
  country: "NO"
  language: fr
  licence: CC BY-SA 4.0
  status: archived
  why: Une raison.
  added: 2026-11-22
  reviewed: '2026-11-23'
  weight: 2
  include: [exemple.fr/blog/*]
  exclude: ["*/offres/*"]
  delay: 10
  article_url: '/\\d{4}/'
  backfill: sitemap
  tls_insecure: yes
"""


def problems(text: str | bytes) -> list[Problem]:
    with pytest.raises(RegistryError) as caught:
        parse_registry(text, "sources.yaml")
    return list(caught.value.problems)


def only(text: str | bytes) -> tuple[int, str | None, str]:
    found = problems(text)
    assert len(found) == 1, found
    return found[0].line, found[0].source_id, found[0].message


def block(*lines: str, drop: str = "") -> str:
    """One block whose faulty lines start at line 6; `drop` leaves out one of the four compulsory keys."""
    four = {"id": "essai", "name": "Essai", "url": "https://essai.fr/", "disciplines": "[physique]"}
    kept = [f"{key}: {value}" for key, value in four.items() if key != drop]
    return "\n".join(["sources:", f"- {kept[0]}", *(f"  {line}" for line in [*kept[1:], *lines])]) + "\n"


# -- what a good list gives -------------------------------------------------------------------------------------------------------


def test_four_keys_are_enough() -> None:
    registry = parse_registry(GOOD, "liste.yaml")
    assert [source.id for source in registry] == ["alpha", "beta"]
    assert len(registry) == 2
    assert registry.path == Path("liste.yaml")
    assert registry.get("beta") == Source(id="beta", name="Bêta", url="https://beta.fr/", disciplines=("chimie", "physique"))
    assert registry.get("gamma") is None
    assert [source.line for source in registry] == [2, 6]


def test_every_key_is_read() -> None:
    (source,) = parse_registry(FULL, "sources.yaml")
    assert source == Source(
        id="carnet",
        name="Carnet : un exemple",
        url="https://exemple.fr/blog/",
        feeds=("https://exemple.fr/feed/", "http://flux.exemple.org/rss"),
        disciplines=("biologie-evolution", "chimie"),
        type="collective",
        country="NO",
        licence="CC BY-SA 4.0",
        status="archived",
        why="Une raison.",
        added=date(2026, 11, 22),
        reviewed=date(2026, 11, 23),
        weight=2.0,
        include=("exemple.fr/blog/*",),
        exclude=("*/offres/*",),
        delay=10.0,
        article_url=r"/\d{4}/",
        backfill="sitemap",
        tls_insecure=True,
    )


def test_bom_crlf_and_text_are_read_alike() -> None:
    expected = parse_registry(GOOD, "x")
    assert parse_registry(b"\xef\xbb\xbf" + GOOD.encode().replace(b"\n", b"\r\n"), "x") == expected


def test_a_registry_sorts_its_sources() -> None:
    alpha, beta = parse_registry(GOOD, "x")
    assert Registry((beta, alpha), Path("x")).sources == (alpha, beta)


def test_mapped_hosts_pass_with_their_port() -> None:
    text = GOOD.replace("https://alpha.fr/", "http://cieux.localhost:8001/").replace("https://beta.fr/", "http://beta.fr:8002/")
    with pytest.raises(RegistryError, match="1 faute"):
        parse_registry(text, "x")
    registry = parse_registry(text, "x", allow_hosts=frozenset({"beta.fr:8002"}))
    assert [source.hosts for source in registry] == [{"cieux.localhost:8001"}, {"beta.fr:8002"}]


# -- each fault, with its line and its sentence -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("dicipline: x", "clé inconnue « dicipline » ; vouliez-vous dire « disciplines » ?"),
        ("Langue: fr", "clé inconnue « Langue » ; vouliez-vous dire « language » ?"),
        ("feed: https://essai.fr/feed", "clé inconnue « feed » : « feeds » est une liste, feeds: [https://…]."),
        ("[a]: 1", "une clé est un mot simple, suivi de « : »."),
        ("name: Encore", "la clé « name » est déjà ligne 3 : gardez une seule des deux."),
        ("type: colective", "« type » inconnu « colective » ; vouliez-vous dire « collective » ?"),
        ("type: Vidéo", "« type » inconnu « Vidéo » ; vouliez-vous dire « video » ?"),
        ("type: zzz", "« type » inconnu « zzz » ; au choix : individual, collective, institution, media, podcast, video."),
        ("status: archivé", "« status » inconnu « archivé » ; vouliez-vous dire « archived » ?"),
        ("status: pause", "« status » inconnu « pause » ; vouliez-vous dire « paused » ?"),
        ("country: NO", 'YAML lit « NO » comme un oui ou un non : écrivez country: "NO".'),
        ("country: XX", "pays inconnu « XX » : deux lettres ISO, comme FR, BE, CA ou SN."),
        ("country: be", "pays inconnu « be » ; vouliez-vous dire « BE » ?"),
        ("language: français", "langue inconnue « français » : un code ISO 639, comme fr."),
        ("why: 1984", 'YAML lit « 1984 » comme un nombre : écrivez why: "1984".'),
        ("licence: 2024-01-01", 'YAML lit « 2024-01-01 » comme une date : écrivez licence: "2024-01-01".'),
        ("why:", "« why » est vide : complétez, ou retirez la ligne."),
        ("why: [a]", "« why » attend un texte simple."),
        ('why: "a\\u202Eb"', "« why » tient sur une ligne, sans caractère invisible."),
        ("why: " + "a" * 501, "« why » dépasse 500 caractères."),
        ("added: 22/11/2026", "« added » attend une date année-mois-jour, comme 2026-11-22."),
        ("added: 20261122", "« added » attend une date année-mois-jour, comme 2026-11-22."),
        ("reviewed: 2026-02-30", "« reviewed » : le « 2026-02-30 » n’existe pas."),
        ("weight: 1,5", "« weight » attend un nombre entre 0.1 et 10 (un point pour la virgule)."),
        ("weight: 0.01", "« weight » attend un nombre entre 0.1 et 10 (un point pour la virgule)."),
        ("weight: .nan", "« weight » attend un nombre entre 0.1 et 10 (un point pour la virgule)."),
        ("delay: -1", "« delay » attend un nombre de secondes entre 0 et 600 (un point pour la virgule)."),
        ("tls_insecure: peut-être", "« tls_insecure » attend true ou false."),
        ("article_url: '(a'", "« article_url » n’est pas une expression régulière valable : à revoir vers le caractère 1, « (a »."),
        ("backfill: Sans Limite", "« backfill » inconnu « Sans Limite » ; au choix : wordpress, blogger, sitemap, spip, feed, links, "
         "none."),
        ("backfill: Liens", "« backfill » inconnu « Liens » ; vouliez-vous dire « links » ?"),
        ("backfill: wordpres", "« backfill » inconnu « wordpres » ; vouliez-vous dire « wordpress » ?"),
        ("feeds: https://essai.fr/feed", "« feeds » est une liste : feeds: [https://exemple.fr/feed/]."),
        ("feeds: []", "« feeds » est vide : complétez, ou retirez la ligne."),
        ("feeds: [https://a.fr/f, https://a.fr/f]", "« feeds » contient deux fois « https://a.fr/f »."),
        ("include: [https://essai.fr/*]", "« include » : le motif « https://essai.fr/* » s’écrit sans « http:// » ni « https:// », "
         "comme « essai.fr/* »."),
        ("exclude: [/agenda/*]", "« exclude » : le motif « /agenda/* » s’écrit avec le nom du site, comme « exemple.fr/agenda/* » "
         "ou « */agenda/* »."),
        ("exclude: ['a.fr/[x']", "« exclude » : le motif « a.fr/[x » s’écrit avec autant de « [ » que de « ] »."),
        ("exclude: ['a.fr/x y']", "« exclude » : le motif « a.fr/x y » s’écrit sans espace ni « # »."),
        ("why: &note oui", "ancre « &note » : retirez-la, ou mettez la valeur entre guillemets."),
        ("why: *note", "renvoi « *note » : écrivez la valeur elle-même, ou mettez-la entre guillemets."),
        ("why: !!python/object:os.system x", "étiquette YAML « tag:yaml.org,2002:python/object:os.system » : retirez-la, ou mettez la "
         "valeur entre guillemets."),
    ],
)  # fmt: skip
def test_one_fault_in_one_line(line: str, sentence: str) -> None:
    at, source_id, message = only(block(line))
    assert (at, message) == (6, sentence)
    assert source_id == (None if line.startswith("why: &") or "*note" in line or "!!" in line else "essai")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("[]", "« disciplines » est vide : complétez, ou retirez la ligne."),
        ("physique", "« disciplines » est une liste : disciplines: [physique, chimie]."),
        ("[physique, physique]", "« disciplines » contient deux fois « physique »."),
        ("[physique, chimie, mathematiques, sante-medecine]", "4 disciplines : gardez les 3 plus justes, la principale d’abord."),
        ("[biologie]", "discipline inconnue « biologie » ; vouliez-vous dire « biologie-evolution » ?"),
        ("[Santé]", "discipline inconnue « Santé » ; vouliez-vous dire « sante-medecine » ?"),
        ("[Mathématiques]", "discipline inconnue « Mathématiques » ; vouliez-vous dire « mathematiques » ?"),
        ("[astonomie]", "discipline inconnue « astonomie » ; vouliez-vous dire « astronomie-espace » ?"),
    ],
)
def test_disciplines(value: str, sentence: str) -> None:
    assert only(block(f"disciplines: {value}", drop="disciplines")) == (5, "essai", sentence)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("essai.fr", "adresse incomplète : « essai.fr » ; elle commence par « https:// » (ou « http:// »)."),
        ("ftp://essai.fr/", "adresse en « ftp:// » : seules « https:// » et « http:// » sont visitées."),
        ("https://essai.fr/a b", "adresse avec une espace : « https://essai.fr/a b »."),
        ("https:///chemin", "adresse sans nom de site : « https:///chemin »."),
        ("https://moi:secret@essai.fr/", "adresse avec un nom d’utilisateur ou un mot de passe : retirez ce qui précède « @ »."),
        ("https://essai.fr/#ici", "adresse avec un repère de page : retirez « # » et la suite de « https://essai.fr/#ici »."),
        ("https://essai.fr:8080/", "port 8080 : un blog public répond sur 80 ou 443."),
        ("https://essai.fr:x/", "adresse impossible à lire : « https://essai.fr:x/ »."),
        ("http://127.0.0.1/", "« 127.0.0.1 » est une adresse IP : donnez le nom du site."),
        ("http://[::1]/", "« ::1 » est une adresse IP : donnez le nom du site."),
        ("http://2130706433/", "« 2130706433 » est une adresse IP : donnez le nom du site."),
        ("http://0x7f.1/", "« 0x7f.1 » est une adresse IP : donnez le nom du site."),
        ("http://127.0.0.１/", "« 127.0.0.１ » est une adresse IP : donnez le nom du site."),
        ("http://blog/", "« blog » n’est pas le nom d’un site public : il y manque un point et une terminaison (.fr, .org…)."),
        ("http://nas.local/", "« nas.local » n’est pas un site public : « .local » ne se visite pas."),
        ("https://a..fr/", "nom de site impossible : « a..fr »."),
        ("https://-a.fr/", "nom de site impossible : « -a.fr »."),
    ],
)
def test_addresses(url: str, sentence: str) -> None:
    assert refuse_url(url) == sentence
    assert only(block(f"feeds: ['{url}']")) == (6, "essai", f"« feeds » : {sentence}")
    assert only(block(f"url: '{url}'", drop="url")) == (5, "essai", f"« url » : {sentence}")


@pytest.mark.parametrize("url", ["https://éducation.fr/", "http://www.a-b.co.uk:80/x?y=1", "https://a.fr:443", "http://x.localhost:81/"])
def test_addresses_that_pass(url: str) -> None:
    assert refuse_url(url) is None


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("Mon Blog", "identifiant « Mon Blog » : au plus 60 lettres minuscules sans accent, chiffres et traits d’union, "
         "par exemple « mon-blog »."),
        ("été-", "identifiant « été- » : au plus 60 lettres minuscules sans accent, chiffres et traits d’union, par exemple « ete »."),
        ("2024", 'YAML lit « 2024 » comme un nombre : écrivez id: "2024".'),
    ],
)  # fmt: skip
def test_ids(value: str, sentence: str) -> None:
    text = GOOD.replace("id: alpha", f"id: {value}")
    assert [(problem.line, problem.message) for problem in problems(text)] == [(2, sentence)]


def test_missing_keys_are_named_in_one_sentence() -> None:
    assert only("sources:\n- id: seul\n") == (2, "seul", "il manque « name », « url », « disciplines ».")


def test_reviewed_before_added() -> None:
    text = block("added: 2026-11-22", "reviewed: 2025-11-22")
    assert only(text) == (7, "essai", "« reviewed » (2025-11-22) est avant « added » (2026-11-22).")


def test_a_video_channel_must_say_so() -> None:
    text = block("url: https://www.youtube.com/channel/x", drop="url")
    assert only(text) == (5, "essai", "cette chaîne vidéo ne peut pas être visitée : ajoutez « type: video », ou donnez le site.")
    (source,) = parse_registry(text + "  type: video\n", "x")
    assert source.listed
    assert not source.crawled


# -- faults that only show when all blocks are seen ---------------------------------------------------------------------------------


def test_duplicate_id_names_both_lines() -> None:
    text = GOOD.replace("id: beta", "id: alpha")
    assert only(text) == (6, "alpha", "l’identifiant « alpha » est déjà ligne 2.")


def test_same_home_in_other_clothes() -> None:
    text = GOOD.replace("https://beta.fr/", "http://www.alpha.fr")
    assert only(text) == (8, "beta", "l’adresse « http://www.alpha.fr » est déjà ligne 4, chez « alpha ».")


def test_same_feed_twice() -> None:
    text = "".join(line + ("\n  feeds: [https://f.fr/rss]\n" if "url" in line else "\n") for line in GOOD.splitlines())
    assert only(text) == (10, "beta", "le flux « https://f.fr/rss » est déjà ligne 5, chez « alpha ».")


def test_the_misplaced_block_is_named_and_told_where_to_go() -> None:
    ids = ["delta", "alpha", "beta", "gamma", "charlie"]
    text = "sources:\n" + "".join(f"- {{id: {i}, name: N, url: 'https://{i}.fr', disciplines: [physique]}}\n" for i in ids)
    start = "ce bloc n’est pas à sa place dans l’ordre des identifiants : mettez-le"
    assert [(problem.line, problem.source_id, problem.message) for problem in problems(text)] == [
        (2, "delta", f"{start} après « charlie »."),
        (5, "gamma", f"{start} après « delta »."),
    ]


def test_a_block_that_goes_first() -> None:
    ids = ["beta", "gamma", "alpha"]
    text = "sources:\n" + "".join(f"- {{id: {i}, name: N, url: 'https://{i}.fr', disciplines: [physique]}}\n" for i in ids)
    assert only(text)[2].endswith("mettez-le avant « beta ».")


# -- faults of the file -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 0, "le fichier est vide : il commence par « sources: », puis un bloc par blog."),
        ("# rien\n", 0, "le fichier est vide : il commence par « sources: », puis un bloc par blog."),
        ("- id: a\n", 1, "il manque la première ligne « sources: », avant les blocs."),
        ("bonjour\n", 1, "il manque la première ligne « sources: », avant les blocs."),
        ("sources:\n", 1, "« sources: » attend une liste d’au moins un bloc, « - id: … »."),
        ("sources: []\n", 1, "« sources: » attend une liste d’au moins un bloc, « - id: … »."),
        ("sources: {a: 1}\n", 1, "« sources: » attend une liste d’au moins un bloc, « - id: … »."),
        ("version: 1\n" + GOOD, 1, "clé inconnue « version » hors des blocs ; au choix : sources."),
        (GOOD + GOOD, 10, "« sources: » est déjà ligne 1 : réunissez les deux listes."),
        (GOOD + "- juste un mot\n", 10, "ce bloc devrait être une suite de clés : « - id: … », puis « name », « url » et « disciplines »."),
        (GOOD + "---\nautre: 1\n", 10, "« --- » commence un second document : retirez cette ligne."),
        (GOOD.replace("  name: Alpha", "\tname: Alpha"), 3, "tabulation au début de la ligne : remplacez-la par deux espaces."),
        (GOOD.replace("Alpha", "Al\x00pha"), 3, "caractère invisible U+0000 : retirez-le."),
        (GOOD.encode().replace(b"Alpha", b"Alph\xe9"), 3, "octet E9 qui n’est pas de l’UTF-8 : enregistrez le fichier en UTF-8."),
        ("a" * 5_000_001, 0, "le fichier dépasse 5 Mo : ce n’est pas une liste écrite à la main."),
        ("[" * 400_000, 1, "trop de niveaux imbriqués."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_faults_of_the_file(text: str | bytes, line: int, sentence: str) -> None:
    assert only(text) == (line, None, sentence)


@pytest.mark.parametrize(
    ("line", "at", "sentence"),
    [
        ("why: a: b", 6, "« : » inattendu : mettez la valeur entre guillemets, ou vérifiez le retrait de la ligne."),
        ('why: "jamais fermé', 6, "des guillemets s’ouvrent ici et ne se ferment jamais."),
        ("why: @moi", 6, "une valeur ne peut pas commencer par ce caractère : mettez-la entre guillemets."),
        ("feeds: [https://a.fr/", 6, "un crochet ou une accolade s’ouvre ici et ne se ferme pas, ou il manque une virgule."),
        (" why: retrait", 6, "le retrait de cette ligne n’est pas celui des autres clés du bloc."),
        ('why: "\\q"', 6, "« \\ » entre guillemets doubles : écrivez « \\\\ » ou prenez des guillemets simples."),
    ],
)
def test_syntax(line: str, at: int, sentence: str) -> None:
    assert only(block(line)) == (at, "essai", sentence)


def test_a_forgotten_colon() -> None:
    text = GOOD.replace("name: Bêta", "name Bêta")
    assert only(text) == (7, "beta", "il manque « : » suivi d’une espace après la clé.")


def test_all_faults_at_once_even_after_a_broken_block() -> None:
    text = GOOD.replace("name: Alpha", 'name: "Alpha').replace("chimie", "chimi") + (
        "- id: alpha2\n  name: no\n  url: http://10.0.0.1/\n  disciplines: [physique]\n  statut: actif\n"
    )
    assert [(problem.line, problem.source_id) for problem in problems(text)] == [
        (3, "alpha"),  # quotes that never close
        (6, "beta"),  # not in its place
        (9, "beta"),  # chimi
        (11, "alpha2"),  # no
        (12, "alpha2"),  # an IP address
        (14, "alpha2"),  # statut
    ]


def test_the_error_prints_one_line_a_problem() -> None:
    with pytest.raises(RegistryError) as caught:
        parse_registry("sources:\n- id: seul\n", "sources.yaml")
    assert caught.value.message == "sources.yaml : 1 faute empêche de lire la liste."
    assert caught.value.hint is not None
    sentence = "il manque « name », « url », « disciplines »."
    assert describe_problems(caught.value) == [f"sources.yaml:2 : [seul] {sentence}"]
    assert describe_problems(caught.value, Path("autre.yaml")) == [f"autre.yaml:2 : [seul] {sentence}"]


def test_what_is_printed_cannot_steer_a_terminal() -> None:
    _, _, message = only(block('"\\e[31mrouge": 1'))
    assert message.startswith("clé inconnue « �[31mrouge »")


def test_a_file_that_is_all_faults_stops_in_good_time() -> None:
    found = problems("sources:\n" + "- 1\n" * 50_000)
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1].message == f"plus de {MAX_PROBLEMS} fautes : la vérification s’arrête là."


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path, sentence in [(tmp_path / "absent.yaml", "n’existe pas"), (tmp_path, "ne peut pas être lu")]:
        with pytest.raises(RegistryError) as caught:
            read_registry(path)
        assert sentence in caught.value.problems[0].message
        assert describe_problems(caught.value)[0].startswith(f"{path} : ce fichier ")


# -- properties ---------------------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["sources:", "\n", "- ", "  ", "id", ": ", "a", "b-1", "[", "]", "{", "}", '"', "'", "&a", "*a", "!x", "#", "|", ">", "? ", "---", "\t",
     "name", "url", "https://a.fr/", "http://[", "disciplines", "physique", "country: NO", "2026-13-45", "weight", ".inf", "\\", "%", "é",
     "article_url", "(?P<", "include", "[!", "<<", "~", "1e999", "\u2028", "\x85"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
@example("? name")
@settings(max_examples=400)
def test_any_text_is_a_registry_or_a_registry_error(text: str) -> None:
    for content in (text, "sources:\n- id: a\n  " + text):
        found = outcome(content)
        lines = re.sub(r"\r\n?", "\n", content).count("\n") + 1
        assert all(0 <= problem.line <= lines for problem in found)
        assert all(problem.message.isprintable() or "\u00a0" in problem.message for problem in found)


@given(st.binary())
def test_any_bytes_are_a_registry_or_a_registry_error(data: bytes) -> None:
    assert outcome(data)
    assert outcome(b"sources:\n- id: a\n  " + data)


def outcome(content: str | bytes) -> tuple[Problem, ...]:
    """The problems of whatever was read, none for a valid list: an error that says nothing would be one too."""
    try:
        assert len(parse_registry(content, "x")) > 0
    except RegistryError as error:
        return error.problems or (Problem(-1, None, "an error without a problem"),)
    return ()


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F), min_size=1).filter(str.isprintable)
SOURCES = st.builds(
    Source,
    id=st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    name=WORDS,
    url=st.just("https://exemple.fr/"),
    feeds=st.lists(st.sampled_from(["https://exemple.fr/feed", "http://f.exemple.fr/"]), unique=True).map(tuple),
    disciplines=st.lists(st.sampled_from(sorted(DISCIPLINES)), min_size=1, max_size=3, unique=True).map(tuple),
    type=st.sampled_from(TYPES),
    country=st.sampled_from([None, "FR", "NO"]),
    status=st.sampled_from(STATUSES),
    why=st.none() | WORDS,
    added=st.none() | st.dates(),
    weight=st.floats(0.1, 10),
    delay=st.none() | st.floats(0, 600),
    tls_insecure=st.booleans(),
    line=st.integers(0, 9),
)


@given(SOURCES)
def test_a_source_survives_json(source: Source) -> None:
    again = Source.from_json(json.loads(json.dumps(source.to_json())))
    assert again == source
    assert again.digest() == source.digest()


@given(SOURCES, SOURCES)
def test_the_digest_says_whether_two_sources_are_equal(one: Source, other: Source) -> None:
    assert (one.digest() == other.digest()) == (one == other)


@given(st.permutations(FULL.splitlines()[2:]))
def test_the_digest_does_not_depend_on_the_order_of_keys(lines: list[str]) -> None:
    (expected,) = parse_registry(FULL, "x")
    (source,) = parse_registry("# plus bas\n" + "\n".join([*FULL.splitlines()[:2], *lines]), "x")
    assert (source, source.digest(), source.line) == (expected, expected.digest(), 3)


@given(st.lists(st.from_regex(r"[a-z]{1,3}", fullmatch=True), unique=True, min_size=1, max_size=20))
def test_moving_blocks_as_told_sorts_them(ids: list[str]) -> None:
    text = "sources:\n" + "".join(f"- {{id: '{i}', name: N, url: 'https://{i}.fr', disciplines: [physique]}}\n" for i in ids)
    try:
        parse_registry(text, "x")
    except RegistryError as error:
        moved = {problem.source_id for problem in error.problems}
        staying = [one for one in ids if one not in moved]
        assert moved
        assert ids != sorted(ids)
        assert staying == sorted(staying)
    else:
        assert ids == sorted(ids)


# -- a source by itself -------------------------------------------------------------------------------------------------------------


def source_with(**keys: object) -> Source:
    four = {"id": "a", "name": "A", "url": "https://www.exemple.fr/", "disciplines": ("physique",)}
    return Source(**{**four, **keys})  # type: ignore[arg-type]


def test_the_digest_follows_the_discipline_and_is_for_ever() -> None:
    source = source_with()
    assert source.digest() != source_with(disciplines=("chimie",)).digest()
    assert source.digest() == source_with(line=12).digest()
    assert source.digest() == "d9e5deae9d9aa0f60d60e633879c80ed8a8b8ba5e3a68601961f68c626ecc9c0"


@pytest.mark.parametrize(
    ("include", "exclude", "url", "admitted"),
    [
        ((), (), "https://exemple.fr/agenda/1", True),
        ((), ("exemple.fr/agenda/*",), "https://www.exemple.fr/agenda/1", False),
        ((), ("www.Exemple.fr/agenda/*",), "http://exemple.fr:80/agenda/1/2?p=3", False),
        ((), ("exemple.fr/agenda/*",), "https://exemple.fr/Agenda/1", True),
        ((), ("*/agenda/*",), "https://autre.fr/x/agenda/1", False),
        (("exemple.fr/blog/*",), (), "https://exemple.fr/2024/1", False),
        (("exemple.fr/blog/*",), (), "https://exemple.fr/blog/1#suite", True),
        (("exemple.fr/blog/*",), ("*/brouillon",), "https://exemple.fr/blog/brouillon", False),
        (("exemple.fr/?p=*",), (), "https://exemple.fr?p=1", False),
        (("exemple.fr/*",), (), "https://exemple.fr", True),
        ((), (), "ftp://exemple.fr/", False),
        ((), (), "http://[", False),
    ],
)
def test_include_and_exclude(include: tuple[str, ...], exclude: tuple[str, ...], url: str, admitted: bool) -> None:
    assert source_with(include=include, exclude=exclude).admits(url) is admitted


@pytest.mark.parametrize(
    ("status", "kind", "crawled", "listed"),
    [
        ("active", "individual", True, True),
        ("active", "video", False, True),
        ("archived", "media", False, True),
        ("paused", "media", False, False),
    ],
)
def test_what_is_crawled_and_what_is_listed(status: str, kind: str, crawled: bool, listed: bool) -> None:
    source = source_with(status=status, type=kind)
    assert (source.crawled, source.listed) == (crawled, listed)


def test_hosts_are_authorities() -> None:
    source = source_with(url="https://Exemple.fr:443/x", feeds=("http://flux.localhost:8001/rss",))
    assert source.hosts == {"exemple.fr", "flux.localhost:8001"}


def test_json_of_a_newer_release_is_read() -> None:
    source = source_with()
    assert Source.from_json({**source.to_json(), "humeur": "bonne"}) == source
    with pytest.raises(KeyError):
        Source.from_json({"id": "a"})


@pytest.mark.parametrize(
    ("word", "known"),
    [("neurosciences", "neurosciences-psychologie"), ("archéologie", "archeologie-paleontologie"), ("climat", "climat-environnement"),
     ("zetetique", "esprit-critique-zetetique"), ("pluridiciplinaire", "pluridisciplinaire"), ("cuisine", None),
     ("", None), ("中文", None)],
)  # fmt: skip
def test_nearest_discipline(word: str, known: str | None) -> None:
    assert nearest(word, DISCIPLINES) == known
