"""Transformers as lists of GEMMs, by the architecture tables of their papers.

Every matrix product of a forward pass is listed. What is not a matrix product is not: softmax,
normalisation, activation functions, residual sums, the look-up of embeddings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tpe.problems import InputError
from tpe.workloads.gemms import Gemm

Phase = Literal["prefill", "decode"]

SEQUENCE = 2048
"""Tokens of a language model unless the user says otherwise: the context that OPT is trained for
(arXiv 2205.01068, section 2.1), and half that of Llama 2."""

IMAGE = 224
"""Pixels along a side of an image."""

CLASSES = 1000
"""Of the vision models' heads: ImageNet-1k."""


@dataclass(frozen=True, kw_only=True)
class Vision:
    """A vision transformer: an image cut into patches, and a class token.

    Parameters
    ----------
    layers, width, heads, ffn : int
    patch : int
        Pixels along a side of a patch.
    source : str
    """

    layers: int
    width: int
    heads: int
    ffn: int
    patch: int
    source: str

    @property
    def tokens(self) -> int:
        """Patches and the class token of an image."""
        return (IMAGE // self.patch) ** 2 + 1

    def gemms(self, batch: int, tokens: int) -> Iterable[Gemm]:
        """Of a forward pass over `batch` images."""
        if tokens > 1:
            yield Gemm(name="patches", m=batch * (tokens - 1), k=3 * self.patch**2, n=self.width)
        yield from _attention(self, batch, queries=tokens, keys=tokens)
        yield _layers(self, "ffn up", self.width, self.ffn, batch * tokens)
        yield _layers(self, "ffn down", self.ffn, self.width, batch * tokens)
        yield Gemm(name="head", m=batch, k=self.width, n=CLASSES)


@dataclass(frozen=True, kw_only=True)
class Language:
    """A decoder-only language model.

    Parameters
    ----------
    layers, width, heads, ffn : int
    vocabulary : int
    gated : bool
        The feed-forward network has a second matrix beside the first, as SwiGLU has.
    source : str
    """

    layers: int
    width: int
    heads: int
    ffn: int
    vocabulary: int
    gated: bool
    source: str

    def gemms(self, batch: int, context: int, phase: Phase) -> Iterable[Gemm]:
        """Of `batch` sequences of `context` tokens: of all at once, or of the last one alone.

        Only the last token of a sequence meets the head.
        """
        tokens = context if phase == "prefill" else 1
        yield from _attention(self, batch, queries=tokens, keys=context)
        up = ("ffn gate, up", 2 * self.ffn) if self.gated else ("ffn up", self.ffn)
        yield _layers(self, up[0], self.width, up[1], batch * tokens)
        yield _layers(self, "ffn down", self.ffn, self.width, batch * tokens)
        yield Gemm(name="head", m=batch, k=self.width, n=self.vocabulary)


VIT = "A. Dosovitskiy et al., arXiv 2010.11929, table 1"

MODELS: dict[str, Vision | Language] = {
    "vit-base": Vision(layers=12, width=768, heads=12, ffn=3072, patch=16, source=VIT),
    "vit-huge": Vision(layers=32, width=1280, heads=16, ffn=5120, patch=14, source=VIT),
    "opt-6.7b": Language(
        layers=32,
        width=4096,
        heads=32,
        ffn=4 * 4096,
        vocabulary=50272,
        gated=False,
        source="S. Zhang et al., arXiv 2205.01068, table 1; vocabulary of the released model",
    ),
    "llama2-13b": Language(
        layers=40,
        width=5120,
        heads=40,
        ffn=13824,
        vocabulary=32000,
        gated=True,
        source="H. Touvron et al., arXiv 2307.09288, and 2302.13971, table 2; FFN of the released"
        " model",
    ),
}
"""Networks by the names that `tpe workload` takes."""


def model_gemms(
    name: str, *, batch: int = 1, sequence: int | None = None, phase: Phase = "prefill"
) -> tuple[Gemm, ...]:
    """The GEMMs of a network in `MODELS`.

    Attention is over all pairs of tokens, also those that a causal mask drops.

    Parameters
    ----------
    batch : int
        Images or sequences. They share weights, not keys and values.
    sequence : int or None
        Tokens of an image or sequence, in `decode` those in the KV cache with the new one. None:
        those of a 224 x 224 image, or `SEQUENCE`.
    phase : "prefill" or "decode"
        All tokens, or one more token with the others' keys and values in the cache.

    Raises
    ------
    InputError
        Everything that is wrong.
    """
    model = MODELS.get(name)
    problems = [
        f"{option}: {value!r} given, use a whole number from 1"
        for option, value in (("batch", batch), ("sequence", sequence))
        if value is not None and (type(value) is not int or value < 1)
    ]
    if phase not in ("prefill", "decode"):
        problems.append(f"phase: {phase!r} given, use prefill or decode")
    elif phase == "decode" and isinstance(model, Vision):
        problems.append(f"phase: 'decode' given, but {name} has no such phase: use prefill")
    if model is None:
        problems.append(f"workload: {name!r} given, use {', '.join(MODELS)}, a .csv or .onnx file")
    if model is None or problems:
        raise InputError(problems)
    if isinstance(model, Vision):
        return tuple(model.gemms(batch, sequence or model.tokens))
    return tuple(model.gemms(batch, sequence or SEQUENCE, phase))


def _attention(model: Vision | Language, batch: int, *, queries: int, keys: int) -> Iterable[Gemm]:
    rows, each = batch * queries, model.width // model.heads
    heads = batch * model.heads * model.layers
    yield _layers(model, "q, k, v", model.width, 3 * model.width, rows)
    yield Gemm(name="q k^T", m=queries, k=each, n=keys, count=heads, weights=False)
    yield Gemm(name="p v", m=queries, k=keys, n=each, count=heads, weights=False)
    yield _layers(model, "projection", model.width, model.width, rows)


def _layers(model: Vision | Language, name: str, k: int, n: int, rows: int) -> Gemm:
    """One product in every layer."""
    return Gemm(name=name, m=rows, k=k, n=n, count=model.layers)
