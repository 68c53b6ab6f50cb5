"""Count tokens.

In: texts.
Out: how many tokens each has, from the tokenizer that ``load_tokenizer`` returns.
Not here: which texts of an example are counted, and as what (``counting``).

Importing this room is cheap: numpy and tiktoken are imported when a tokenizer is loaded.
"""

from tunestats.tokenizers.catalogue import VocabularyRow, available, load_tokenizer
from tunestats.tokenizers.packed import GEMMA_MODELS, build_vocabulary
from tunestats.tokenizers.protocol import Tokenizer, TokenizerIdentity

__all__ = [
    "GEMMA_MODELS",
    "Tokenizer",
    "TokenizerIdentity",
    "VocabularyRow",
    "available",
    "build_vocabulary",
    "load_tokenizer",
]
