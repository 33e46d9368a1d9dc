"""Miniature pipelines of diffusers' real classes with random weights, saved as folders for the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    ControlNetModel,
    DDIMScheduler,
    FlowMatchEulerDiscreteScheduler,
    SD3ControlNetModel,
    SD3Transformer2DModel,
    StableDiffusion3Pipeline,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig, get_peft_model_state_dict
from tokenizers import pre_tokenizers
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

LEVELS = {
    "block_out_channels": (32, 64),
    "layers_per_block": 1,
    "cross_attention_dim": 32,
    "norm_num_groups": 8,
    "attention_head_dim": (4, 8),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
}
XL: dict[str, Any] = {
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
    "projection_class_embeddings_input_dim": 6 * 8 + 32,
    "transformer_layers_per_block": (1, 2),
    "cross_attention_dim": 64,
}


def save_stable_diffusion(folder: Path, halvings: int = 1) -> Path:
    """Stable Diffusion: a U-Net, an autoencoder, CLIP's text model, no safety checker.

    Args:
        halvings: of a picture's sides by the autoencoder; the real one's 3 for pictures of full size.
    """
    torch.manual_seed(0)
    StableDiffusionPipeline(
        vae=vae(4, halvings), text_encoder=CLIPTextModel(_clip()), tokenizer=tokenizer(), unet=unet(),
        scheduler=ddim(), safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_xl(folder: Path) -> Path:
    """SDXL: two text models, sizes and pooled text as conditions."""
    torch.manual_seed(1)
    StableDiffusionXLPipeline(
        vae=vae(4), text_encoder=CLIPTextModel(_clip()), tokenizer=tokenizer(),
        text_encoder_2=CLIPTextModelWithProjection(_clip()), tokenizer_2=tokenizer(), unet=unet(**XL),
        scheduler=ddim(), add_watermarker=False,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_flow(folder: Path, halvings: int = 1) -> Path:
    """Stable Diffusion 3: a transformer with flow matching, without its third text model."""
    torch.manual_seed(2)
    StableDiffusion3Pipeline(
        transformer=transformer(), scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae(8, halvings),
        text_encoder=CLIPTextModelWithProjection(_clip()), tokenizer=tokenizer(),
        text_encoder_2=CLIPTextModelWithProjection(_clip()), tokenizer_2=tokenizer(),
        text_encoder_3=None, tokenizer_3=None,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_controlnet(folder: Path, halvings: int = 1) -> Path:
    """A ControlNet of the miniature Stable Diffusion, as if trained: its last layers are not zero."""
    torch.manual_seed(3)
    return _save(_trained(controlnet(halvings)), folder)


def save_flow_controlnet(folder: Path) -> Path:
    """A ControlNet of the miniature Stable Diffusion 3."""
    torch.manual_seed(4)
    model = SD3ControlNetModel.from_transformer(
        transformer(), num_layers=1, num_extra_conditioning_channels=0
    )
    return _save(_trained(model), folder)


def save_lora(folder: Path) -> Path:
    """A LoRA of the miniature Stable Diffusion's U-Net, as if trained."""
    torch.manual_seed(5)
    model = unet()
    targets = ["to_q", "to_k", "to_v", "to_out.0"]
    model.add_adapter(LoraConfig(r=4, lora_alpha=4, init_lora_weights=False, target_modules=targets))
    layers = convert_state_dict_to_diffusers(get_peft_model_state_dict(model))
    StableDiffusionPipeline.save_lora_weights(folder, unet_lora_layers=layers)
    return folder


# -- parts ---------------------------------------------------------------------------------------------


def unet(**changes: Any) -> UNet2DConditionModel:
    """Two levels, 32 and 64 channels."""
    up = ("CrossAttnUpBlock2D", "UpBlock2D")
    return UNet2DConditionModel(**LEVELS | {"up_block_types": up, "sample_size": 32} | changes)


def controlnet(halvings: int = 1) -> ControlNetModel:
    """The way down of :func:`unet`; the condition is halved as often as the autoencoder does."""
    return ControlNetModel(**LEVELS, conditioning_embedding_out_channels=(16,) * halvings + (32,))


def transformer() -> SD3Transformer2DModel:
    """Two joint blocks."""
    return SD3Transformer2DModel(
        sample_size=32, patch_size=2, in_channels=8, num_layers=2, attention_head_dim=8,
        num_attention_heads=4, joint_attention_dim=64, caption_projection_dim=32, pooled_projection_dim=64,
        out_channels=8, pos_embed_max_size=64,
    )  # fmt: skip


def vae(channels: int, halvings: int = 1) -> AutoencoderKL:
    """An autoencoder whose latents are half as wide as the picture, or halved more often."""
    levels = halvings + 1
    return AutoencoderKL(
        block_out_channels=(16,) * halvings + (32,), norm_num_groups=8, latent_channels=channels,
        down_block_types=("DownEncoderBlock2D",) * levels, up_block_types=("UpDecoderBlock2D",) * levels,
        shift_factor=0.0,
    )  # fmt: skip


def ddim() -> DDIMScheduler:
    """The scheduler as Stable Diffusion's own folders configure it."""
    return DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, steps_offset=1
    )


def tokenizer() -> CLIPTokenizer:
    """CLIP's tokenizer with letters for a vocabulary."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: k for k, word in enumerate(words)}, merges=[], model_max_length=77)


def _clip() -> CLIPTextConfig:
    words = len(tokenizer())
    return CLIPTextConfig(
        vocab_size=words, hidden_size=32, intermediate_size=64, num_attention_heads=4, num_hidden_layers=2,
        max_position_embeddings=77, projection_dim=32, bos_token_id=words - 2, eos_token_id=words - 1,
        pad_token_id=words - 1,
    )  # fmt: skip


def _trained(model: Any) -> Any:
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1 and weight.abs().max() == 0:
                weight.normal_(std=0.3)
    return model


def _save(model: Any, folder: Path) -> Path:
    model.save_pretrained(folder)
    return folder
