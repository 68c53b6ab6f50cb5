"""Hold counts against Google's own: ``google.genai.local_tokenizer``, example by example."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tunestats import stats

FILES = (
    "bfcl_simple_python.sft",
    "bfcl_live_parallel_multiple.sft",
    "toolalpaca_simulated.sft",
    "codealpaca_2k.sft",
    "gsm8k_train.sft",
    "gsm8k_solutions.pref",
    "belle_eval_zh.sft",
)
# sha1 of the URL from which google-genai would fetch the model.
CACHED = "vertexai_tokenizer_model/df5c78e8def68e67515aeca297169a4f6c7f5920"


@pytest.fixture(scope="module")
def local_tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    pytest.importorskip("sentencepiece", reason="sentencepiece is not installed")
    module = pytest.importorskip("google.genai.local_tokenizer", reason="google-genai is not installed")
    model = Path(__file__).resolve().parents[2] / "shared/models/gemma3_cleaned_262144_v2.spiece.model"
    if not model.is_file():
        pytest.skip("../shared is not here")
    folder = tmp_path_factory.mktemp("genai")
    (folder / CACHED).parent.mkdir()
    shutil.copy(model, folder / CACHED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        return module.LocalTokenizer("gemini-2.5-flash")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.filterwarnings("ignore")
def test_counts_are_those_of_the_local_tokenizer(name: str, shared: Path, local_tokenizer: Any) -> None:
    path = shared / f"data/{name}.jsonl"
    frame = stats(path, per_example=True).per_example()
    with path.open(encoding="utf-8") as file:
        examples = [json.loads(line) for line in file]
    totals = (frame["input_tokens"] + frame["output_tokens"]).to_list()
    assert totals == [count(example, local_tokenizer) for example in examples]


def count(example: dict[str, Any], local_tokenizer: Any) -> int:
    contents = list(example["contents"]) + [item["completion"] for item in example.get("completions", ())]
    system = example.get("systemInstruction") or example.get("system_instruction")
    config: dict[str, Any] = {"system_instruction": system, "tools": example.get("tools")}
    present = {key: value for key, value in config.items() if value}
    total: int = local_tokenizer.count_tokens(contents, config=present).total_tokens
    return total
