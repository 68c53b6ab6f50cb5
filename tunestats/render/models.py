"""Show what is known about models.

In: ``limits``.
Out: a block of lines for each model, with source and date.
Not here: where the facts come from (``data/models.json``).
"""

from tunestats.limits import ModelFacts, known_models, model_facts
from tunestats.render.rows import WIDTH, labelled_row

__all__ = ["render_models"]


def render_models(width: int = WIDTH) -> str:
    """Return what is known about every model that can be tuned, newest first."""
    return "\n".join(_block(name, model_facts(name), width) for name in known_models())


def _block(name: str, facts: ModelFacts, width: int) -> str:
    images = ", ".join(
        f"{tokens} {resolution.removeprefix('MEDIA_RESOLUTION_').lower()}".strip()
        for resolution, tokens in facts.image_tokens.items()
    )
    rows = {
        "tuned by": ", ".join(facts.methods),
        "status": facts.standing,
        "tokens": f"at most {facts.tokens_per_example:,} an example, counted with {facts.vocabulary}",
        "note": facts.vocabulary_note,
        "holds": ", ".join(facts.modalities),
        "image": f"{images} tokens (estimate)" if images else "tokens not known",
        "media": ", ".join(f"{tokens} tokens a {unit}" for unit, tokens in facts.media_rates.items()),
        "adapters": ", ".join(map(str, facts.adapter_sizes)),
        "source": f"{facts.source} ({facts.date})",
    }
    lines = [labelled_row(f"  {label}", text, 12, width) for label, text in rows.items() if text]
    return f"{name}\n" + "".join(lines)
