"""The real papers that the demo cites.

Owns the closed list of them: a mistyped DOI would send readers to somebody else's paper, so nothing outside this list and the prefix for
fictitious ones passes. Each was compared with what others cite it as. Refuses to know who cites what.
"""

from __future__ import annotations

from collections.abc import Mapping

FICTITIOUS = "10.5555/"
"""The prefix that registration agencies keep for examples: nothing resolves there."""

PAPERS: Mapping[str, str] = {
    "10.1016/S0140-6736(05)67177-2": "Shang et al. 2005, Are the clinical effects of homoeopathy placebo effects?",
    "10.1016/j.cognition.2012.08.004": "Kidd, Palmeri & Aslin 2013, Rational snacking",
    "10.1037/h0042519": "Rosenblatt 1958, The perceptron",
    "10.1038/171737a0": "Watson & Crick 1953, Molecular structure of nucleic acids",
    "10.1038/171740a0": "Franklin & Gosling 1953, Molecular configuration in sodium thymonucleate",
    "10.1038/249810a0": "Molina & Rowland 1974, Stratospheric sink for chlorofluoromethanes",
    "10.1038/315207a0": "Farman, Gardiner & Shanklin 1985, Large losses of total ozone in Antarctica",
    "10.1038/323533a0": "Rumelhart, Hinton & Williams 1986, Learning representations by back-propagating errors",
    "10.1038/nature18291": "Jaubert et al. 2016, Early Neanderthal constructions deep in Bruniquel Cave",
    "10.1073/pnas.44.7.671": "Meselson & Stahl 1958, The replication of DNA in Escherichia coli",
    "10.1073/pnas.95.3.1336": "Hawkes et al. 1998, Grandmothering, menopause, and the evolution of human life histories",
    "10.1098/rstl.1763.0053": "Bayes 1763, An essay towards solving a problem in the doctrine of chances",
    "10.1103/PhysRevLett.116.061102": "Abbott et al. 2016, Observation of gravitational waves from a binary black hole merger",
    "10.1108/eb026526": "Spärck Jones 1972, A statistical interpretation of term specificity",
    "10.1126/science.1164680": "Bergmann et al. 2009, Evidence for cardiomyocyte renewal in humans",
    "10.1126/science.1177265": "Schulte et al. 2010, The Chicxulub asteroid impact and mass extinction",
    "10.1126/science.1188021": "Green et al. 2010, A draft sequence of the Neandertal genome",
    "10.1126/science.208.4448.1095": "Alvarez et al. 1980, Extraterrestrial cause for the Cretaceous-Tertiary extinction",
    "10.1126/science.aac4716": "Open Science Collaboration 2015, Estimating the reproducibility of psychological science",
    "10.1177/0956797618761661": "Watts, Duncan & Quan 2018, Revisiting the marshmallow test",
    "10.1371/journal.pmed.0020124": "Ioannidis 2005, Why most published research findings are false",
    "10.2475/ajs.s3-34.203.333": "Michelson & Morley 1887, On the relative motion of the Earth and the luminiferous ether",
}
"""DOI, as its publisher writes it, to authors, year and the beginning of the title."""


def fault(doi: str) -> str | None:
    """What is wrong with a DOI that an article of the demo cites; None when nothing is."""
    if doi.startswith(FICTITIOUS) or doi in PAPERS:
        return None
    return f"neither under {FICTITIOUS}, the prefix for fictitious ones, nor one of the real papers of demo/papers.py"
