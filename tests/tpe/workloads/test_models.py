"""GEMM lists against the parameter counts of the released models, and what they must have."""

import pytest

from tpe.problems import InputError
from tpe.workloads.gemms import Gemm
from tpe.workloads.models import MODELS, Language, Phase, Vision, model_gemms

pytestmark = pytest.mark.fast

RELEASED = {
    "vit-base": 86_567_656,
    "vit-huge": 632_045_800,
    "opt-6.7b": 6_658_473_984,
    "llama2-13b": 13_015_864_320,
}
"""Parameters of the released models: torchvision's `num_params` of vit_b_16 and of vit_h_14 at 224
pixels, and of facebook/opt-6.7b and meta-llama/Llama-2-13b-hf."""

LANGUAGE = [name for name, model in MODELS.items() if isinstance(model, Language)]


def not_in_gemms(name: str) -> int:
    """Parameters that no GEMM has: biases, norms, embeddings; from the models' definitions."""
    model = MODELS[name]
    d, ffn, layers = model.width, model.ffn, model.layers
    biases = layers * (3 * d + d + ffn + d)
    if isinstance(model, Vision):
        # Two norms a layer and one behind; class token, positions, bias of patches and of head.
        return biases + (2 * layers + 1) * 2 * d + d + model.tokens * d + d + 1000
    if name == "opt-6.7b":
        # The head is the embedding; positions have an offset of 2.
        return biases + (2 * layers + 1) * 2 * d + (2048 + 2) * d
    # RMS norms have no bias, nor has any product; the embedding is not the head.
    return (2 * layers + 1) * d + model.vocabulary * d


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("batch", [1, 64])
def test_parameters_are_the_released_models(name: str, batch: int) -> None:
    """Every weight is in the list, once, whatever the batch."""
    gemms = model_gemms(name, batch=batch)
    assert sum(gemm.parameters for gemm in gemms) + not_in_gemms(name) == RELEASED[name]


@pytest.mark.parametrize("name", LANGUAGE)
def test_a_decoded_token_meets_every_weight_once(name: str) -> None:
    linear = [gemm for gemm in model_gemms(name, phase="decode", batch=3) if gemm.weights]
    assert sum(gemm.macs for gemm in linear) == 3 * sum(gemm.parameters for gemm in linear)


@pytest.mark.parametrize("name", LANGUAGE)
@pytest.mark.parametrize("phase", ["prefill", "decode"])
def test_attention(name: str, phase: Phase) -> None:
    """Q K^T and P V are d products each for every query, key and layer, whatever the heads."""
    model, context, batch = MODELS[name], 100, 2
    queries = context if phase == "prefill" else 1
    gemms = model_gemms(name, sequence=context, batch=batch, phase=phase)
    products = [gemm.macs for gemm in gemms if not gemm.weights]
    assert products == [batch * model.layers * queries * context * model.width] * 2


def test_vision_transformers_of_the_paper() -> None:
    """An image is 14 x 14 patches of 16 pixels, or 16 x 16 of 14, and a class token."""
    for name, tokens in (("vit-base", 197), ("vit-huge", 257)):
        rows = {gemm.name: gemm.m for gemm in model_gemms(name)}
        assert (rows["q, k, v"], rows["patches"], rows["head"]) == (tokens, tokens - 1, 1)


def test_everything_wrong_at_once() -> None:
    with pytest.raises(InputError) as caught:
        model_gemms("vit-base", batch=0, sequence=-1, phase="decode")
    assert [line.partition(":")[0] for line in caught.value.problems] == [
        "batch",
        "sequence",
        "phase",
    ]
    with pytest.raises(InputError, match="'bert' given, use vit-base"):
        model_gemms("bert")
    with pytest.raises(InputError) as caught:
        Gemm(name="x", m=0, k=1, n=2.0, count=True)  # type: ignore[arg-type]
    assert len(caught.value.problems) == 3
