"""Pages that say, with status 200, that there is nothing here.

Owns the signs of a soft 404, of maintenance, of a check against robots, of a wall of consent, and of a site whose database or program is
broken. Each needs few words and a title or a text that says so: one may write about error pages, and whoever does writes more. It refuses
to know what follows: such a page says nothing of the post that was here.
"""

from __future__ import annotations

import re
from typing import Final

NOT_FOUND: Final = "page introuvable"
"""What `absence` says of a soft 404; its other answers are of pages that say nothing of the post."""

_FEW: Final = 150
"""Words of the text from which a page is a post whatever its title sounds like."""

_WALL: Final = 400
"""Words that a wall of consent may have: they name their partners."""

_ENDS: Final = r"\s*(?:\Z|[-–—:|!.…»)(])"
"""What follows a phrase that is the whole title, or all of it but the blog's name: « 500 ans de … » is no error."""

_NOT_FOUND: Final = re.compile(
    rf"\W*(?:(?:erreur|error|http|page|status)\s+)*(?:40[34]|410)(?:{_ENDS}|\s(?:error|erreur|not found|page|forbidden|gone|introuvable)\b)"
    r"|\W*.{0,30}\b(?:page|article|billet|contenu|document|url|adresse)s?\s(?:web\s|demandée?s?\s|que vous \w+\s)?"
    r"(?:est\s|n[’']a pas été\s|non\s|was\s)?"
    r"(?:introuvables?|(?:non[- ])?trouvée?s?|inexistante?s?|manquante?s?|not found|could not be found|missing)\b"
    r"|\W*(?:oups|oops|désolée?s?|erreur|sorry|hmm+|aïe|zut)\b.{0,60}(?:introuvable|trouvée?|existe|not found|can[’']t find|disparu)"
    r"|\W*(?:not found|nothing found|rien (?:n[’']a été )?trouvé|aucun résultat|introuvable)\b"
    r"|\W*(?:cette page|la page|l[’']article|ce billet|l[’']adresse)\b.{0,40}\b"
    r"(?:n[’']existe (?:pas|plus)|a été (?:supprimée?|déplacée?|retirée?))",
    re.IGNORECASE,
)
_WORKS: Final = (
    r"(?:en (?:cours de )?(?:maintenance|travaux|construction)|fermé pour (?:maintenance|travaux)|momentanément (?:indisponible|fermé))"
)
_MAINTENANCE: Final = re.compile(
    rf"\W*(?:(?:le |notre |ce |votre )?(?:site|blog|carnet|serveur|service)\b.{{0,40}}\b{_WORKS}\b|{_WORKS}{_ENDS})"
    rf"|\W*maintenance\b(?:\s(?:mode|en cours|du site)|{_ENDS})|\W*(?:briefly unavailable for|under (?:construction|maintenance){_ENDS})"
    rf"|\W*(?:coming soon|bientôt (?:de retour|disponible)){_ENDS}|\W*nous revenons (?:bientôt|vite)\b"
    rf"|\W*(?:(?:erreur|error|http)\s+)*50[0234](?:{_ENDS}|\s(?:internal|bad|service|error|erreur|gateway)\b)"
    r"|\W*(?:service|site) (?:temporairement )?(?:temporarily )?(?:unavailable|indisponible)"
    r"|\W*(?:bad gateway|internal server error|erreur interne)",
    re.IGNORECASE,
)
_CHECK: Final = re.compile(
    rf"\W*(?:(?:just a moment|un instant|please wait|veuillez patienter|one more step|forbidden|captcha|robot check|security check){_ENDS}"
    rf"|attention required|access (?:denied|to this (?:page|site) has been denied){_ENDS}|accès (?:refusé|interdit|bloqué){_ENDS}"
    r"|are you (?:a )?(?:human|robot)|êtes[- ]vous (?:un )?(?:humain|robot)|vérification (?:de sécurité|humaine|en cours|que vous)"
    r"|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|making sure you[’']re not a bot|ddos-guard"
    r"|human verification|request (?:unsuccessful|blocked))",
    re.IGNORECASE,
)
_CHECK_TEXT: Final = re.compile(
    r"enable javascript and cookies to continue|activer? javascript et les cookies"
    r"|checking (?:if the site connection is secure|your browser)"
    r"|vérif\w+ (?:que vous êtes|si vous êtes|la sécurité de (?:votre|la) connexion)|incapsula incident id|cloudflare ray id|ray id\s*:"
    r"|i[’']m not a robot|je ne suis pas un robot|(?:complete|résoudre|compléte[rz]) .{0,30}captcha|pardon our interruption",
    re.IGNORECASE,
)
_BROKEN: Final = re.compile(
    r"error establishing (?:a )?database connection"
    r"|erreur (?:lors de|de) (?:la )?(?:connexion|l[’']établissement de la connexion) à la base de données"
    r"|(?:critical error|erreur critique) (?:on|est survenue|sur) (?:this|sur|votre|ce)"
    r"|serveur sql.{0,60}accès|(?:erreur|problème).{0,40}\bsql\b"
    r"|connection to the database|could not connect to (?:the )?(?:database|mysql)|sqlstate\[|too many connections|mysqli?_connect\(\)"
    r"|^\W*(?:php )?(?:fatal|parse) error\s*:|unable to connect to (?:the )?database"
    r"|le site rencontre (?:actuellement )?des difficultés techniques",
    re.IGNORECASE | re.MULTILINE,
)
_SUSPENDED: Final = re.compile(
    r"\W*(?:account (?:has been )?suspended|compte suspendu"
    r"|(?:ce |this )?(?:domain|domaine|nom de domaine)\b.{0,40}(?:for sale|à vendre|expiré)"
    r"|apache2? .{0,20}default page|welcome to nginx|it works!|index of /|site (?:désactivé|suspendu|non installé)"
    r"|ce blog (?:a été|est) (?:supprimé|fermé)"
    r"|blog (?:has been removed|not found)|avertissement relatif au contenu|content warning)",
    re.IGNORECASE,
)
_WALL_TITLE: Final = re.compile(
    r"\W*(?:before you continue|avant d[’'](?:accéder|aller|continuer)|votre vie privée|your privacy|(?:gestion|paramètres) des cookies)",
    re.IGNORECASE,
)
_BUTTONS: Final = re.compile(
    r"tout (?:accepter|refuser)|accepter (?:et (?:fermer|continuer)|tout|les cookies)|continuer sans accepter"
    r"|(?:accept|reject) all|je (?:refuse|m[’']oppose)"
    r"|j[’']accepte|paramétrer (?:les|mes|vos)|(?:nous|we)\b.{0,40}\b(?:utilisons|use|stockons|store|déposons)\b.{0,80}\bcookies"
    r"|(?:avec|et|and|our|nos) (?:\d+ |nos )?(?:partenaires|partners)",
    re.IGNORECASE,
)
_CONSENT: Final = re.compile(
    r"cookies?|consent\w*|traceurs?|partenaires?|partners?|vie privée|privacy|publicités?|accepte[rz]?|refuse[rz]?"
    r"|données personnelles|personnalis\w+"
    r"|mesure d[’']audience|finalités?|intérêts? légitimes?",
    re.IGNORECASE,
)
_SHARE_OF_LINES: Final = 0.7


def absence(title: str, headings: tuple[str, ...], text: str, words: int, *, marked_404: bool = False) -> str:
    """What stands in the place of a post, as a French phrase; "" for a page like others.

    `title` is the page's title as it stands, `headings` its first headings, `text` what a reader sees of it (the extracted text, or all of
    a page of which nothing was extracted), `words` the number of words of what was extracted. `marked_404`: the theme itself calls the page
    one of a missing address; such pages list other posts, and are long.
    """
    lines = (title, *headings)
    if words < _WALL and _is_wall(title, text):
        return "demande de consentement"
    if marked_404 and (words < _WALL or any(map(_NOT_FOUND.match, lines))):
        return NOT_FOUND
    if words >= _FEW:
        return ""
    start = text[:2000]
    few = len(start.split()) < _FEW
    if (few and _BROKEN.search(start)) or any(_BROKEN.search(line) for line in lines):
        return "erreur du site"
    if any(map(_CHECK.match, lines)) or (few and _CHECK_TEXT.search(start)):
        return "contrôle contre les robots"
    if any(map(_MAINTENANCE.match, lines)):
        return "site en maintenance"
    if any(map(_SUSPENDED.match, lines)):
        return "site fermé"
    if any(map(_NOT_FOUND.match, lines)):
        return NOT_FOUND
    first = text.partition("\n")[0]
    return NOT_FOUND if words < _FEW // 3 and len(first) <= 160 and _NOT_FOUND.match(first) else ""


def _is_wall(title: str, text: str) -> bool:
    """Whether the text is a banner of consent and nothing else: most lines speak of it, and it offers to accept."""
    lines = [line for line in text.split("\n") if len(line) >= 12][:200]
    if not lines or not _BUTTONS.search(text):
        return False
    about = sum(len(line) for line in lines if _CONSENT.search(line))
    dense = len(_CONSENT.findall(text)) * 25 >= len(text.split())
    return dense and (about >= _SHARE_OF_LINES * sum(map(len, lines)) or bool(_WALL_TITLE.match(title)))
