"""Runs GNPy on a network and prints what arrives, as JSON, for comparison.

Usage: gnpy_peer.py EQUIPMENT NETWORK [SPECTRUM|-] [SOURCE DESTINATION]... [--keep] [--repeat N]
"""

import json
import logging
import sys
import time
from copy import deepcopy
from pathlib import Path

from gnpy.core.elements import Transceiver
from gnpy.tools.json_io import DEFAULT_EXTRA_CONFIG, _spectrum_from_json, load_equipment
from gnpy.tools.json_io import network_from_json
from gnpy.tools.worker_utils import designed_network
from gnpy.topology.request import compute_constrained_path, propagate

logging.disable(logging.CRITICAL)


def main():
    words = sys.argv[1:]
    keep = "--keep" in words
    words = [word for word in words if word != "--keep"]
    repeat = 0
    if "--repeat" in words:
        at = words.index("--repeat")
        repeat = int(words[at + 1])
        del words[at:at + 2]
    equipment_file, network_file, spectrum_file, *ends = words
    folder = Path(equipment_file).parent
    configs = dict(DEFAULT_EXTRA_CONFIG)
    for file in folder.glob("*.json"):
        document = json.loads(file.read_text())
        if "nf_ripple" in document or "nf_fit_coeff" in document:
            configs[file.name] = document
    equipment = load_equipment(Path(equipment_file), configs)
    document = json.loads(Path(network_file).read_text())
    network = network_from_json({"elements": document["elements"],
                                 "connections": document["connections"]}, equipment)
    spectrum = None
    if spectrum_file != "-":
        # Not through its YANG reader, which wants keys in an order that JSON does not have.
        spectrum = _spectrum_from_json(json.loads(Path(spectrum_file).read_text())["spectrum"])
    names = [node.uid for node in network.nodes() if isinstance(node, Transceiver)]
    pairs = list(zip(ends[::2], ends[1::2])) or [(a, b) for a in names for b in names if a != b]
    network, request, _ = designed_network(equipment, network, pairs[0][0], pairs[0][1],
                                           no_insert_edfas=keep, initial_spectrum=spectrum)
    paths = []
    for source, destination in pairs:
        request.source, request.destination = source, destination
        request.nodes_list, request.loose_list = [destination], ["STRICT"]
        path = compute_constrained_path(network, request)
        if not path:
            continue
        entry = {"elements": [element.uid for element in path]}
        path = deepcopy(path)
        if repeat:
            paths.append(path)
            continue
        try:
            light = propagate(path, request, equipment)
        except Exception as error:  # GNPy has no single class of its own for these.
            print(json.dumps({**entry, "error": str(error)}))
            continue
        end = path[-1]
        entry.update(frequency=light.frequency.tolist(), gsnr_01nm=end.snr_01nm.tolist(),
                     gsnr=end.snr.tolist(), osnr_01nm=end.osnr_ase_01nm.tolist(),
                     nli=end.osnr_nli.tolist(), power=light.pch_dbm.tolist(),
                     dispersion=end.chromatic_dispersion.tolist(), pmd=end.pmd.tolist(),
                     latency=end.latency.tolist())
        print(json.dumps(entry))
    if repeat:
        start = time.perf_counter()
        for at in range(repeat):
            propagate(paths[at % len(paths)], request, equipment)
        print(json.dumps({"seconds": time.perf_counter() - start, "estimates": repeat}))


main()
