"""What volunteers write for the words that the list knows: folded (no accent, no capital), each with the word that is meant.

Only for advice: a fault stays a fault, and says which word to write.
"""

from __future__ import annotations

from typing import Final

DISCIPLINE_MEANINGS: Final[dict[str, str]] = {
    **dict.fromkeys(("maths", "math", "mathematique"), "mathematiques"),
    **dict.fromkeys(("astro", "astronomie", "astrophysique", "cosmologie", "espace", "spatial"), "astronomie-espace"),
    **dict.fromkeys(("geologie", "geosciences", "geophysique", "volcanologie", "oceanographie"), "sciences-de-la-terre"),
    **dict.fromkeys(("climat", "ecologie", "environnement", "meteorologie"), "climat-environnement"),
    **dict.fromkeys(("bio", "botanique", "zoologie", "genetique", "microbiologie"), "biologie-evolution"),
    **dict.fromkeys(("sante", "medecine", "medical", "pharmacie"), "sante-medecine"),
    **dict.fromkeys(("psycho", "psychologie", "neuro", "neurologie", "cerveau"), "neurosciences-psychologie"),
    **dict.fromkeys(("info", "informatique", "numerique", "programmation", "ia"), "informatique-numerique"),
    **dict.fromkeys(("sociologie", "economie", "geographie", "linguistique", "anthropologie", "shs"), "sciences-humaines-sociales"),
    **dict.fromkeys(("zetetique", "scepticisme", "sceptique"), "esprit-critique-zetetique"),
    **dict.fromkeys(("vulgarisation", "mediation"), "culture-scientifique-mediation"),
    **dict.fromkeys(("general", "generaliste", "multidisciplinaire", "sciences"), "pluridisciplinaire"),
}
TYPE_MEANINGS: Final[dict[str, str]] = {
    **dict.fromkeys(("blog", "individuel", "personne", "person"), "individual"),
    **dict.fromkeys(("collectif", "association", "groupe"), "collective"),
    **dict.fromkeys(("institutionnel", "organisme", "universite", "musee"), "institution"),
    **dict.fromkeys(("magazine", "journal", "presse", "revue"), "media"),
    **dict.fromkeys(("balado", "radio", "audio"), "podcast"),
    **dict.fromkeys(("youtube", "chaine", "videos"), "video"),
}
STATUS_MEANINGS: Final[dict[str, str]] = {
    **dict.fromkeys(("actif", "active", "unknown", "vivant", "ok"), "active"),
    **dict.fromkeys(("pause", "en-pause", "suspendu", "suspended"), "paused"),
    **dict.fromkeys(("archive", "termine", "ferme", "closed", "mort", "dead"), "archived"),
}
BACKFILL_MEANINGS: Final[dict[str, str]] = {
    **dict.fromkeys(("wp", "rest", "hypotheses", "api"), "wordpress"),
    **dict.fromkeys(("blogspot",), "blogger"),
    **dict.fromkeys(("plan", "plan-du-site", "sitemaps", "sitemap-xml"), "sitemap"),
    **dict.fromkeys(("flux", "rss", "atom", "feeds"), "feed"),
    **dict.fromkeys(("lien", "liens", "link", "crawl"), "links"),
    **dict.fromkeys(("aucun", "aucune", "rien", "non", "no", "sans"), "none"),
}
