"""The format of the content, and the content itself: what the demo promises about its articles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markupsafe import Markup

from demo.content import BLOGS, ContentError, load
from demo.formulas import keep_math
from demo.papers import FICTITIOUS, PAPERS

BLOG = """\
id: {id}
name: "Blog d’essai"
platform: {platform}
tagline: "Une phrase."
disciplines: [physique]
type: individual
country: FR
licence: CC BY 4.0
authors: ["Nour Essai"]
why: "Blog de démonstration."
about: "Inventé."
"""
POST = """\
---
title: "Titre & <essai>"
slug: {slug}
date: {date}
author: "Nour Essai"
tags: ["cœur"]
lang: fr
summary: "Un résumé."
{more}---
{body}
"""


def write(root: Path, *, blog: str = "essai", platform: str = "spip", **posts: str) -> None:
    (root / blog / "articles").mkdir(parents=True)
    (root / blog / "blog.yaml").write_text(BLOG.format(id=blog, platform=platform))
    for name, text in posts.items():
        (root / blog / "articles" / f"{name.replace('_', '-')[1:]}.md").write_text(text)


def post(slug: str = "un", body: str = "Du texte.", date: str = "2025-03-14T08:30:00+01:00", more: str = "") -> str:
    return POST.format(slug=slug, body=body, date=date, more=more)


def problems(root: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load(root, port=8001)
    return "\n".join(caught.value.problems)


def test_links_become_addresses_of_the_other_platform(tmp_path: Path) -> None:
    write(tmp_path, p07_un=post(body="Voir [là]({{autre:deux}})."))
    write(tmp_path, blog="autre", platform="wordpress", p01_deux=post("deux", "Voir [ici]({{essai:un}})."))
    autre, essai = load(tmp_path, port=8123)
    assert 'href="http://autre.localhost:8123/2025/03/deux/"' in essai.posts[0].body
    assert 'href="http://essai.localhost:8123/spip.php?article17"' in autre.posts[0].body


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        p01_a=post("a", date="2025-03-14"),
        p02_b=post("B!", more='surprise: "x"\n'),
        p03_c=post("c", more='dois: ["10.1038/nature"]\n'),
        p04_d=post("d").replace("Nour Essai", "Quelqu’un d’autre"),
        p05_e="sans en-tête",
        p06_f=post("f", body=" "),
        p07_g=post("g").replace('title: "Titre & <essai>"\n', ""),
        p08_h=post("h", body="avant\x07après"),
        p09_i=post("i"),
        p9_j=post("j"),
        p10_k=post("i"),
        p11_l=post("l").replace("tags: [", "tags: {["),
        p12_m=post("m", body="Voir <https://doi.org/10.1038/171737a0>."),
        p13_n=post("n", more='dois: ["10.1038/171737a0"]\n'),
        p14_o=post("o", more='repost_of: "essai:i"\n'),
    )
    said = problems(tmp_path)
    for file, words in {
        "01-a": "offset",
        "02-b": "unknown key 'surprise'",
        "03-c": "10.5555",
        "04-d": "authors",
        "05-e": "front matter",
        "06-f": "no text",
        "07-g": "title is missing",
        "08-h": "control character",
        "9-j": "9 is taken",
        "10-k": "'i' is taken",
        "11-l": "not YAML",
        "12-m": "which is not in dois",
        "13-n": "does not cite",
        "14-o": "a text of its own",
    }.items():
        assert any(f"/{file}.md" in line and words in line for line in said.splitlines()), (file, said)
    assert "'B!' is not made of lower-case" in said


def test_a_link_to_nowhere_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, p01_un=post(body="[là]({{essai:nulle-part}})"))
    assert "links to essai:nulle-part" in problems(tmp_path)


def test_a_repost_repeats_the_text_and_what_it_cites(tmp_path: Path) -> None:
    doi = "10.1016/S0140-6736(05)67177-2"
    cites = f"Voir [là](https://doi.org/{doi}), <https://doi.org/10.5555/a.1> et [*ici*]({{{{autre:deux}}}})."
    write(tmp_path, p01_un=post(body=cites, more=f'dois: ["{doi}", "10.5555/a.1"]\n'))
    write(tmp_path, blog="autre", p01_deux=post("deux", body="", more='repost_of: "essai:un"\n'))
    autre, essai = load(tmp_path, port=8001)
    assert autre.posts[0].body == essai.posts[0].body
    assert f'href="https://doi.org/{doi}"' in autre.posts[0].body
    assert autre.posts[0].dois == essai.posts[0].dois == (doi, "10.5555/a.1")
    assert (autre.posts[0].repost_of, essai.posts[0].repost_of) == ("essai:un", "")


@pytest.mark.parametrize("target", ["essai:nulle-part", "essai:un"])
def test_a_repost_of_nothing_or_of_a_repost_is_a_fault(target: str, tmp_path: Path) -> None:
    write(tmp_path, p01_un=post(body="", more=f'repost_of: "{target}"\n'))
    assert f"a repost of {target}, which does not exist or is a repost" in problems(tmp_path)


def test_a_blog_with_faults_is_refused(tmp_path: Path) -> None:
    write(tmp_path, p01_un=post())
    file = tmp_path / "essai" / "blog.yaml"
    file.write_text(BLOG.format(id="autre", platform="myspace").replace('authors: ["Nour Essai"]', "authors: []"))
    said = problems(tmp_path)
    assert "id must be the directory's name" in said
    assert "unknown platform 'myspace'" in said
    assert "authors is empty" in said


def test_an_empty_directory_is_a_fault(tmp_path: Path) -> None:
    assert "no blog.yaml" in problems(tmp_path)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"$a_1*b*c_2$ et *cela*", "<p>$a_1*b*c_2$ et <em>cela</em></p>\n"),
        (r"$10^{6}\,\text{kg}$", "<p>$10^{6}\\,\\text{kg}$</p>\n"),
        ("$$a<b$$", "<p>$$a&lt;b$$</p>\n"),
        ("5 $ et *6* $", "<p>5 $ et <em>6</em> $</p>\n"),
        ("`$x_1$`", "<p><code>$x_1$</code></p>\n"),
        ("<b>gras</b>", "<p>&lt;b&gt;gras&lt;/b&gt;</p>\n"),
    ],
)
def test_formulas_reach_the_page_as_written(source: str, shown: str) -> None:
    assert MarkdownIt("commonmark", {"html": False}).use(keep_math).render(source) == shown


def test_the_real_content_is_as_promised() -> None:
    blogs = load(BLOGS, port=8001)
    posts = [post for blog in blogs for post in blog.posts]
    assert len(blogs) >= 8
    assert len([post for post in posts if post.lang == "fr" and not post.repost_of]) == 64
    assert len([post for post in posts if post.lang == "fr"]) == 65
    assert len({discipline for blog in blogs for discipline in blog.disciplines}) >= 10
    assert {blog.platform for blog in blogs} >= {"wordpress", "blogger", "hypotheses", "spip", "hugo", "jekyll", "ghost", "static"}
    lengths = {post.slug: len(re.findall(r"\w[\w’'-]*", Markup(post.body).striptags())) for post in posts}
    assert {slug: words for slug, words in lengths.items() if not 200 <= words <= 700} == {}
    for blog in blogs:
        assert re.search("invent|imaginaire|n’existe pas", blog.about)
        assert "démonstration" in blog.why
        assert [post.published for post in blog.posts] == sorted((post.published for post in blog.posts), reverse=True)


def test_some_papers_are_cited_by_several_blogs_and_all_of_the_list_is_used() -> None:
    citing: dict[str, set[str]] = {}
    for blog in load(BLOGS, port=8001):
        for post in blog.posts:
            for doi in post.dois:
                citing.setdefault(doi, set()).add(blog.id)
    assert {doi for doi in citing if not doi.startswith(FICTITIOUS)} == set(PAPERS)
    assert len([doi for doi, blogs in citing.items() if len(blogs) > 1]) >= 3


def test_the_dates_span_many_years() -> None:
    years = {post.published.year for blog in load(BLOGS, port=8001) for post in blog.posts}
    assert years >= set(range(2009, 2027))
