"""Be the verbs ``vocab list`` and ``vocab build``.

In: the command line.
Out: a list of tokenizers, or a packed vocabulary.
Not here: tokenizers (``tokenizers``).
"""

import sys
from pathlib import Path

import click

from tunestats.cli.files import spare
from tunestats.cli.terminal import prose_columns
from tunestats.quoting import printable

__all__ = ["vocab_group"]


@click.group("vocab", no_args_is_help=True)
def vocab_group() -> None:
    """Look at tokenizers' vocabularies.

    \b
    tunestats vocab list
    """


@vocab_group.command("list")
def vocab_list_command() -> None:
    """List tokenizers, and where they are.

    Each with what it is for Gemini, exact or an estimate, the SHA-256 of its vocabulary, and what is missing.

    \b
    tunestats vocab list
    """
    from tunestats.render.vocabularies import render_vocabularies
    from tunestats.tokenizers import available

    click.echo(render_vocabularies(available(), prose_columns(sys.stdout)), nl=False)


@vocab_group.command("build", no_args_is_help=True)
@click.argument("model", type=click.Path(path_type=Path))
@click.option(
    "--target",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write.",
)
def vocab_build_command(model: Path, target: Path) -> None:
    """Pack a vocabulary as the package holds it.

    MODEL is a SentencePiece model of Google's. The bytes are the same each time, so that whoever packages tunestats can make its vocabulary anew. To count
    with a model, name its file: --tokenizer tokenizer.model.

    \b
    tunestats vocab build gemma3.spiece.model --target gemma3.vocabulary.xz
    """
    from tunestats.tokenizers import build_vocabulary

    spare(target, model)
    packed = build_vocabulary(model, target)
    click.echo(f"tunestats: vocabulary {packed.name} in {printable(str(target))}", err=True)
