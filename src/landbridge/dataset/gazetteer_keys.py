"""Names to keys, keys to hashes and trigrams: what the gazetteer's builder and reader share."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ASCII_NOISE = re.compile(r"[^a-z0-9]+")
_PORT_AFFIX = re.compile(
    r"^port of\s+|^(?:sea)?port\s+|\s+(?:sea)?port$|\s+harbou?r$|\s+terminal$", re.IGNORECASE
)
_FOLDED = str.maketrans(
    {"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ı": "i", "‌": None}
)
_PRIME = 1099511628211
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_SYMBOLS = 37


def key(name: str) -> str:
    """Return the form under which a name is looked up, in its own script.

    Compatibility decomposition, accents (combining class not 0) dropped, case folded, Arabic and
    Persian letter variants unified, and everything but letters, digits and vowel signs removed:
    `Saint-Pétersbourg` -> `saintpetersbourg`, `بندر عباس` -> `بندرعباس`.
    """
    if name.isascii():
        return _ASCII_NOISE.sub("", name.lower())
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_FOLDED)
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LNM")


def ascii_key(name: str) -> str:
    """Return the key of the name written in Latin letters (`Мумбаи` -> `mumbai`)."""
    if name.isascii():
        return key(name)
    from anyascii import anyascii

    return key(anyascii("".join(c for c in name if unicodedata.category(c)[0] in "LNM")))


def without_port(name: str) -> str:
    """Return the name without `port of`, `port` or `terminal` at its ends (or unchanged)."""
    return _PORT_AFFIX.sub("", name).strip()


def script(text: str) -> str:
    """Return the writing system of a key's first letter (`latin`, `cjk`), or '' if it has none."""
    first = next((c for c in text if unicodedata.category(c)[0] == "L"), "")
    return unicodedata.name(first, "").partition(" ")[0].lower() if first else ""


def key_hash(text: str) -> int:
    """Return the 64-bit hash of a key: the same as `key_hashes` gives for a column of them."""
    total = 0
    for byte in reversed(text.encode("utf-8")):
        total = (total * _PRIME + byte + 1) & _MASK
    return (((total ^ (total >> 32)) * _MIX) & _MASK) ^ (total >> 29)


def key_hashes(
    blob: NDArray[np.uint8], starts: NDArray[np.int32], powers_size: int
) -> NDArray[np.uint64]:
    """Return the hash of each key of a column.

    h = sum of (byte_i + 1) P^i over the key's bytes, modulo 2^64, then mixed.

    Parameters
    ----------
    blob
        All keys in UTF-8, each ended by a line feed.
    starts
        Offset of each key, shape (n_keys + 1,).
    powers_size
        Length of the longest key in bytes.
    """
    import numpy as np

    powers = np.ones(powers_size + 2, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for i in range(1, powers.size):
            powers[i] = powers[i - 1] * np.uint64(_PRIME)
        lengths = np.diff(starts)
        position = np.arange(blob.size, dtype=np.int32) - np.repeat(starts[:-1], lengths)
        terms = (blob.astype(np.uint64) + np.uint64(1)) * powers[position]
        terms[starts[1:] - 1] = 0
        total = np.add.reduceat(terms, starts[:-1])
        shifted = (total ^ (total >> np.uint64(32))) * np.uint64(_MIX)
        return np.asarray(shifted ^ (total >> np.uint64(29)), dtype=np.uint64)


def symbols(blob: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return each byte as one of 37 symbols: a-z, 0-9, end of key; other bytes share them."""
    import numpy as np

    table = (np.arange(256) % (_SYMBOLS - 1)).astype(np.uint16)
    table[ord("a") : ord("z") + 1] = np.arange(26)
    table[ord("0") : ord("9") + 1] = np.arange(26, 36)
    table[ord("\n")] = _SYMBOLS - 1
    return np.asarray(table[blob], dtype=np.uint16)


def trigrams(text: str) -> list[int]:
    """Return the distinct trigrams of a key (with its end marks), ascending."""
    import numpy as np

    blob = np.frombuffer(f"\n{text}\n".encode(), dtype=np.uint8)
    return sorted(set(trigram_codes(blob).tolist()))


def trigram_codes(blob: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return the trigram that starts at each byte, shape (n_bytes - 2,); 37^3 = 50,653 codes."""
    import numpy as np

    s = symbols(blob).astype(np.uint32)
    return np.asarray((s[:-2] * _SYMBOLS + s[1:-1]) * _SYMBOLS + s[2:], dtype=np.uint16)
