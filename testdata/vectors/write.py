"""Writes the vectors in this folder anew: `PYTHONPATH=src python testdata/vectors/write.py`. A test says when they differ."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from safepassage.ledger import note, treehead
from safepassage.ledger.envelope import EMPTY, FIRST, Header, seal
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.merkle import Tree, leaf_hash
from safepassage.values.encoding import encode
from safepassage.values.ids import DeploymentId, DeviceId

DEPLOYMENT = DeploymentId("six-buses-burned")
DEVICE = DeviceId("m17-1")
SIGNER = demo_signer(DEPLOYMENT, DEVICE)
PAYLOADS: list[Any] = [
    {"kind": "seen", "vehicle": "B-07", "aboard": 50, "at": 1482043260000},
    {"kind": "note", "text": 'قافلة الحافلات \u2028 \x85 \x7f \t "\\/ 🚌', "seen": [1, -2, 0, None, True, {"b": [], "a": {}}]},
    {"count": 9007199254740991, "low": -9007199254740991},
]


def chain() -> list[tuple[Header, bytes, bytes]]:
    """Three envelopes of one device; the third quotes the tree head of the first two."""
    made: list[tuple[Header, bytes, bytes]] = []
    tree, previous = Tree(), FIRST
    for number, value in enumerate(PAYLOADS, start=1):
        quoted = (len(tree), tree.root().hex()) if number == 3 else (0, EMPTY)
        header = Header(DEPLOYMENT, DEVICE, 1, number, previous, *quoted)
        data = seal(header, encode(value), SIGNER)
        made.append((header, encode(value), data))
        previous = hashlib.sha256(data).hexdigest()
        tree.append(leaf_hash(data))
    return made


def good() -> list[dict[str, Any]]:
    return [
        {"id": f"good/{header.sequence}", "valid": True, "signed": True, "vkey": SIGNER.vkey, "deployment": header.deployment,
         "device": header.device, "epoch": header.epoch, "sequence": header.sequence, "previous": header.previous,
         "tree_size": header.tree_size, "tree_root": header.tree_root, "payload": payload.decode(),
         "content_id": hashlib.sha256(payload).hexdigest(), "digest": hashlib.sha256(data).hexdigest(),
         "leaf_hash": leaf_hash(data).hex(), "envelope": data.decode()}
        for header, payload, data in chain()
    ]  # fmt: skip


def resigned(text: str) -> str:
    return note.sign(text.encode(), [SIGNER]).decode()


def bad() -> list[dict[str, Any]]:
    """One defect each. All but the last group bear a good signature, so that only the form can refuse them."""
    whole = chain()[0][2].decode()
    text = whole[: whole.rindex("\n\n") + 1]
    changes = {
        "other-type": ("observation/v1", "observation/v2"),
        "epoch-zero": ("epoch 1", "epoch 0"),
        "epoch-leading-zero": ("epoch 1", "epoch 01"),
        "sequence-too-large": ("sequence 1", "sequence 9007199254740992"),
        "first-with-previous": (FIRST, EMPTY),
        "second-without-previous": ("sequence 1", "sequence 2"),
        "upper-case-hash": (EMPTY, EMPTY.upper()),
        "empty-tree-other-root": (EMPTY, FIRST),
        "tree-size-with-empty-root": ("treehead 0", "treehead 1"),
        "upper-case-device": ("device m17-1", "device M17-1"),
        "other-device": ("device m17-1", "device m18-1"),
        "line-missing": ("epoch 1\n", ""),
        "line-added": ("epoch 1\n", "epoch 1\nplace ramouseh\n"),
        "carriage-return": ("epoch 1\n", "epoch 1\r\n"),
        "two-spaces": ("epoch 1", "epoch  1"),
        "payload-space": ('"kind":', '"kind": '),
        "payload-float": ("50", "50.0"),
        "payload-order": ('{"aboard":50,"at":1482043260000,', '{"at":1482043260000,"aboard":50,'),
        "payload-doubled-key": ('"aboard":50,', '"aboard":50,"aboard":50,'),
        "payload-not-an-object": ('{"aboard":50,"at":1482043260000,"kind":"seen","vehicle":"B-07"}', '["seen"]'),
        "payload-large-integer": ("1482043260000", "9007199254740992"),
        "payload-key-not-ascii": ('"vehicle"', '"véhicule"'),
        "payload-needless-escape": ("B-07", "\\u0042-07"),
        "payload-two-lines": ('"at"', '\n"at"'),
        "payload-too-deep": ("50", "[" * 16 + "]" * 16),
        "too-long": ("B-07", "B" * 65_535),
    }
    rows = [{"id": f"form/{name}", "valid": False, "envelope": resigned(text.replace(old, new, 1))}
            for name, (old, new) in changes.items()]  # fmt: skip
    lines = {
        "no-signature": whole[: whole.rindex("—")],
        "two-signatures": whole + whole[whole.rindex("—") :],
        "hyphen-for-dash": whole.replace("— ", "- "),
        "pad-bits": whole[:-3] + chr(ord(whole[-3]) + 1) + "=\n",
        "no-last-newline": whole[:-1],
        "after-the-end": whole + "\n",
        "byte-order-mark": "\ufeff" + whole,
        "empty": "",
    }
    rows += [{"id": f"line/{name}", "valid": False, "envelope": data} for name, data in lines.items()]
    altered = {"payload-altered": whole.replace("50", "49"), "sequence-altered": whole.replace("epoch 1", "epoch 2")}
    other = note.sign(text.encode(), [demo_signer(DeploymentId("other"), DEVICE)]).decode()
    rows += [{"id": f"signature/{name}", "valid": True, "signed": False, "vkey": SIGNER.vkey, "envelope": data}
             for name, data in {**altered, "other-key": other}.items()]  # fmt: skip
    return rows


def keys() -> list[dict[str, Any]]:
    """How the demonstration keys derive."""
    rows = []
    for deployment, device in ((DEPLOYMENT, DEVICE), (DEPLOYMENT, "desk-1"), ("aleppo-2016", "log")):
        seed = hashlib.sha256(f"safepassage demo key v1\n{deployment}\n{device}".encode()).hexdigest()
        signer = demo_signer(DeploymentId(deployment), DeviceId(device))
        rows.append({"id": f"{deployment}/{device}", "deployment": deployment, "device": device, "seed": seed, "vkey": signer.vkey})
    return rows


def heads() -> list[dict[str, Any]]:
    """The signed tree head at every size of the log that holds the good envelopes, with all its proofs."""
    signer, tree, rows = demo_signer(DEPLOYMENT, DeviceId("log")), Tree(), []
    for size, data in enumerate([b"", *(data for _, _, data in chain())]):
        if size:
            tree.append(leaf_hash(data))
        head = treehead.TreeHead(f"safepassage/{DEPLOYMENT}", size, tree.root())
        rows.append({"id": f"size/{size}", "vkey": signer.vkey, "origin": head.origin, "size": size, "root": head.root.hex(),
                     "inclusion": [[part.hex() for part in tree.inclusion(index, size)] for index in range(size)],
                     "consistency": [[part.hex() for part in tree.consistency(old, size)] for old in range(size + 1)],
                     "treehead": treehead.sign(head, signer).decode()})  # fmt: skip
    return rows


FILES = {"envelope.jsonl": lambda: good() + bad(), "demo-keys.jsonl": keys, "treehead.jsonl": heads}


def lines(name: str) -> str:
    return "".join(json.dumps(row, ensure_ascii=True, sort_keys=True) + "\n" for row in FILES[name]())


if __name__ == "__main__":
    for file in FILES:
        Path(__file__).with_name(file).write_text(lines(file), encoding="utf-8")
