"""Families of distributions, to couple and to compress."""

from semcom.marginals.dirichlet import Dirichlet
from semcom.marginals.geometric import Geometric
from semcom.marginals.marginal import Marginal
from semcom.marginals.uniform import UniformMasses
from semcom.marginals.zipf import Zipf
from semcom_channels import Family

KINDS = (UniformMasses, Zipf, Geometric, Dirichlet)
MARGINALS = Family("semcom.marginals", KINDS)

__all__ = ["KINDS", "MARGINALS", "Dirichlet", "Geometric", "Marginal", "UniformMasses", "Zipf"]
