"""The points of the scenario `coded_ldpc` as a script for Sionna's `sim_ber`, with its decoders' own settings.

python benchmarks/sionna_coded_sweep.py hybSCL
"""

import sys

from sionna_links import CodedLink, UncodedLink, tf

from sionna.phy.fec.ldpc import LDPC5GDecoder, LDPC5GEncoder  # isort: skip
from sionna.phy.fec.polar import Polar5GDecoder, Polar5GEncoder
from sionna.phy.utils import PlotBER

INFORMATION_BITS = 264
CODED_BITS = (792, 528, 352)
EBN0_DB = [0.5 * place for place in range(8)]
BATCH, MOST_BATCHES, BLOCK_ERRORS = 50, 40, 50


def main(polar_decoder: str) -> None:
    """Simulates every point and prints the rates."""
    links = {}
    for coded_bits in CODED_BITS:
        encoder = LDPC5GEncoder(INFORMATION_BITS, coded_bits, num_bits_per_symbol=2)
        links[f"LDPC {coded_bits}"] = CodedLink(encoder, LDPC5GDecoder(encoder), INFORMATION_BITS, coded_bits)
    polar = Polar5GEncoder(INFORMATION_BITS, 528)
    decoder = Polar5GDecoder(polar, dec_type=polar_decoder, list_size=4)
    links["Polar 528"] = CodedLink(polar, decoder, INFORMATION_BITS, 528)
    links["uncoded"] = UncodedLink(INFORMATION_BITS)
    figure = PlotBER("5G codes with QPSK over AWGN")
    for name, link in links.items():
        figure.simulate(
            tf.function(link),
            EBN0_DB,
            batch_size=BATCH,
            max_mc_iter=MOST_BATCHES,
            num_target_block_errors=BLOCK_ERRORS,
            soft_estimates=name == "uncoded",
            legend=name,
            early_stop=False,
            add_bler=True,
            show_fig=False,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
