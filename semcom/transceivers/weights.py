"""Networks with trained weights."""

from typing import Any

from semcom.learning.weight_files import find_or_say
from semcom.learning.weights import load
from semcom.transceivers.learned import Learned
from semcom.transceivers.transceiver import Csi
from semcom_channels import Received
from semcom_channels.backend import tf
from semcom_channels.sionna_door import built_once


@built_once
def trained(transceiver: Learned) -> Any:
    """The networks with their weights; raises UserError when there are none or the file cannot be read."""
    networks = fresh(transceiver)
    kept = load(find_or_say(transceiver), [tuple(variable.shape) for variable in networks.variables])
    for variable, array in zip(networks.variables, kept, strict=True):
        variable.assign(array)
    return networks


def fresh(transceiver: Learned) -> Any:
    """Untrained networks whose variables exist: one unit has passed through them."""
    networks = transceiver.networks(transceiver.training.seed)
    (unit,) = transceiver.training.source.units()
    csi = Csi(tf.constant(0.0))
    symbols = transceiver.send(networks, tf.zeros((1, *unit)), csi)
    transceiver.understand(networks, Received(symbols, tf.ones(tf.shape(symbols))), csi, unit)
    return networks
