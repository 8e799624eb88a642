"""Names of parties, ships and places as sounds, so that spellings and scripts meet.

A name is written in Latin letters and cut into words without legal forms. Each word is turned into
a *sound*, in which sh, ch, sz and the Cyrillic and Arabic letters of that kind are one sign, and a
*skeleton*, its consonants in classes. Choïgou, Shoygu, Shoigu and Шойгу have one sound.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Indel, JaroWinkler, Levenshtein

LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "aktsionernoe", "anonim", "ao", "as", "asa", "bhd", "bv", "co",
        "company", "corp", "corporation", "dmcc", "fzc", "fzco", "fze", "gmbh", "inc",
        "incorporated", "jsc", "kft", "kg", "kk", "limited", "llc", "llp", "lp", "ltd",
        "ltda", "nv", "oao", "oe", "ooo", "oy", "oyj", "pao", "pjsc", "plc", "pt", "pte",
        "pty", "pvt", "sa", "sarl", "sas", "sdn", "sirketi", "sp", "spa", "spolka", "srl",
        "sro", "sti", "tov", "zao", "zrt",
    }
)  # fmt: skip
"""Words that tell a firm's form and not its name."""

_ABJAD = str.maketrans(
    {
        "و": "u", "ؤ": "u", "ۆ": "u", "ۇ": "u", "ي": "i", "ی": "i", "ى": "i", "ئ": "i", "ے": "i",
        "ې": "i", "ا": "a", "آ": "a", "أ": "a", "إ": "i", "ع": "", "ء": "", "ة": "a", "ھ": "h",
        "ہ": "h", "ح": "h", "ه": "h", "ە": "a", "خ": "kh", "غ": "g", "ج": "dj", "چ": "ch",
        "ش": "sh", "ژ": "zh", "ث": "s", "ص": "s", "س": "s", "ذ": "z", "ض": "d", "ظ": "z", "ط": "t",
        "ت": "t", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ق": "k", "ك": "k", "ک": "k", "گ": "g", "ڤ": "v",
        "پ": "p", "ں": "n",
        "א": "a", "ו": "u", "י": "i", "ע": "", "ה": "h", "ח": "kh", "ט": "t", "כ": "k", "ך": "k",
        "ם": "m", "ן": "n", "ס": "s", "פ": "p", "ף": "p", "צ": "ts", "ץ": "ts", "ק": "k",
        "ש": "sh", "ת": "t",
    }
)  # fmt: skip
"""Letters of scripts without vowels; the weak ones are read as vowels."""
_STRONG_WEAK = re.compile(r"(?:(?<![^\W\d_])|(?<=[اآ]))[وו](?=[^\W\d_])(?![وו])")
"""The letter of w and u where it is a consonant: at the beginning of a word, or after a long a."""
_ARTICLE = re.compile(r"(?<![^\W\d_])ال(?=[^\W\d_]{3})")
ARTICLES = frozenset({"ad", "al", "an", "ar", "as", "ash", "at", "az", "el", "ul"})
"""The Arabic article as it is written in Latin letters, as a word of its own."""
_MUTE = re.compile(r"(?<=[^\W\d_])[هہ](?![^\W\d_])|(?<=[كکستزدپگق])[هہحھ]")
"""An Arabic or Persian h that is a vowel (at the end) or would be read as part of kh, sh or th."""
_LETTER_GROUPS = (
    ("ντ", "d"), ("μπ", "b"), ("γκ", "g"), ("τζ", "dj"),
    ("цз", "dj"), ("ј", "y"),
)  # fmt: skip
"""Letters that stand for one sound together: Greek d, b, g; Russian for Chinese j; Serbian y."""
_WORDS = re.compile(r"[a-z0-9]+")
_MARKS = re.compile(r"['`´’ʼʹ\u200b-\u200f\u0640]")
_SIGNS = {
    **dict.fromkeys(("shch", "tsch", "tzsch", "sch", "tch", "tsh", "dzh", "dsch"), "S"),
    **dict.fromkeys(("ch", "sh", "zh", "cz", "sz", "dj", "dz"), "S"),
    "ts": "s", "tz": "s", "kh": "h", "gh": "g", "th": "t", "ph": "f", "ck": "k", "qu": "k",
    "ou": "u", "oo": "u", "ee": "i", "ii": "i",
}  # fmt: skip
"""Groups of letters that are one sign of a sound."""
_GROUPS = re.compile("|".join(sorted(_SIGNS, key=lambda group: (-len(group), group))))
_SOFT_C = re.compile(r"c(?=[eiy])")
_LETTERS = str.maketrans({"j": "S", "c": "k", "q": "k", "x": "ks", "w": "v", "y": "i"})
_DOUBLED = re.compile(r"(.)\1+")
_CLASSES = str.maketrans(
    {
        "b": "P", "p": "P", "f": "P", "v": "P", "d": "T", "t": "T", "k": "K", "g": "K", "s": "S",
        "z": "S", "S": "S", "l": "L", "r": "L", "m": "M", "n": "N",
        "h": None, "a": None, "e": None, "i": None, "o": None, "u": None,
    }
)  # fmt: skip
_NEAR_VOWELS = str.maketrans({"e": "i", "o": "u"})
_TOKENS_KEPT = 1 << 17


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in Latin letters and lower case, without legal forms.

    A name that is nothing but a legal form keeps it.
    """
    text = name
    if not text.isascii():
        from anyascii import anyascii

        text = _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())
        for group, letters in _LETTER_GROUPS:
            text = text.replace(group, letters)
        text = _STRONG_WEAK.sub("v", _MUTE.sub("", _ARTICLE.sub("", text))).translate(_ABJAD)
        text = anyascii(text)
    found = _WORDS.findall(_MARKS.sub("", text).lower())
    kept = tuple(word for word in found if word not in LEGAL_FORMS and word not in ARTICLES)
    return kept or tuple(found)


def plain_key(name: str) -> str:
    """Return the words of a name as one string, for equality."""
    return "".join(words(name))


@lru_cache(maxsize=_TOKENS_KEPT)
def sound(word: str) -> str:
    """Return the sound of a word in lower-case Latin letters."""
    word = _GROUPS.sub(lambda found: _SIGNS[found.group()], word)
    if "c" in word:
        word = _SOFT_C.sub("s", word)
    return _DOUBLED.sub(lambda found: found.group(1), word.translate(_LETTERS))


@lru_cache(maxsize=_TOKENS_KEPT)
def skeleton(sounded: str) -> str:
    """Return the consonants of a sound in classes; digits stay; a bare vowel stays as it is."""
    return sounded.translate(_CLASSES) or sounded[:1]


def sounds(name: str) -> tuple[str, ...]:
    """Return the sounds of the words of a name."""
    return tuple(sound(word) for word in words(name))


def similarity(a: str, b: str) -> float:
    """Return how alike two names are as a whole, 0 to 100; 100 is the same sound."""
    return sound_similarity("".join(sounds(a)), "".join(sounds(b)))


@lru_cache(maxsize=1 << 16)
def sound_similarity(a: str, b: str) -> float:
    """Return how alike two sounds are, 0 to 100: letters, consonants in classes, beginnings.

    The shares were chosen on one half of the towns of `benchmarks/towns.py`.
    """
    if a == b:
        return 100.0 if a else 0.0
    bone_a, bone_b = skeleton(a), skeleton(b)
    letters = Indel.normalized_similarity(a, b)
    bones = Levenshtein.normalized_similarity(bone_a, bone_b)
    run = JaroWinkler.similarity(a.translate(_NEAR_VOWELS), b.translate(_NEAR_VOWELS))
    return min(99.0, 100.0 * (0.4 * letters + 0.35 * bones + 0.25 * run))


def party_score(query: tuple[str, ...], entry: tuple[str, ...]) -> float:
    """Return how well a stated name meets a listed one, 0 to 100, word by word or as a whole.

    Each word of the query seeks its like in the entry, whatever their order; words of the entry
    that nothing of the query meets weigh little, since people state names short.

    Parameters
    ----------
    query, entry
        Sounds of the words of each name.
    """
    if not query or not entry:
        return 0.0
    whole = sound_similarity("".join(query), "".join(entry))
    if whole == 100.0 or (len(query) == 1 and len(entry) == 1):
        return whole
    left = list(entry)
    got = of = 0.0
    for word in query:
        best, where = 0.0, -1
        for position, other in enumerate(left):
            if (score := sound_similarity(word, other)) > best:
                best, where = score, position
        weight = len(word) + 1.0
        of += weight
        got += weight * (best if best >= 70.0 else 0.0)
        if where >= 0 and best >= 70.0:
            left.pop(where)
    total = sum(len(word) + 1.0 for word in entry)
    met_share = 1.0 - sum(len(word) + 1.0 for word in left) / total
    return max(whole, got / of * (0.88 + 0.12 * met_share))
