"""Order rules: how many targets there are."""

from semcom_channels.spec import Family
from semcom_estimation.sensing.order.aic import Aic
from semcom_estimation.sensing.order.eft import Eft
from semcom_estimation.sensing.order.fixed import Fixed
from semcom_estimation.sensing.order.mdl import Mdl
from semcom_estimation.sensing.order.order import Order
from semcom_estimation.sensing.order.rd_mdl import RdMdl

KINDS = (Aic, Mdl, Eft, RdMdl, Fixed)
ORDERS = Family("semcom.orders", KINDS)

__all__ = ["KINDS", "ORDERS", "Aic", "Eft", "Fixed", "Mdl", "Order", "RdMdl"]
