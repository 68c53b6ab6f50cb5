"""Write seeded, realistic tuning data of any size.

In: a format, a size in bytes, a seed, a share of broken lines.
Out: JSONL, the same bytes for the same arguments.
Not here: timing (``stats``, ``peers``, ``growth``).

``chat`` is a twin of ``sft``: with the same seed its lines hold the same texts as ``messages``.

``python -m benchmarks.generate --bytes 100_000_000 --format sft /tmp/train.jsonl``
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["iter_lines", "write_file"]

SYLLABLES = [
    "an",
    "ar",
    "ba",
    "be",
    "co",
    "de",
    "di",
    "en",
    "er",
    "es",
    "fi",
    "ga",
    "ha",
    "in",
    "is",
    "ka",
    "la",
    "le",
    "li",
    "ma",
    "me",
    "mi",
    "na",
    "ne",
    "no",
    "on",
    "or",
    "pa",
    "pe",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "tor",
    "tra",
    "tu",
    "un",
    "ur",
    "va",
    "ve",
    "vi",
    "wa",
    "we",
]
PROMPTS = ("You are a helpful assistant.", "Answer briefly and in English.", "You are an expert programmer.")
SCRIPTS = (
    "Grüße aus Köln, schöne Straße",
    "東京の天気は晴れです",
    "Привет, как дела",
    "안녕하세요 반갑습니다",
    "😀🎉",
)
BREAKAGES = ("role", "cut", "number", "comma")


class Writer:
    """Makes up texts: sentences from a pool of made-up words whose frequencies fall like those of a language."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        words = [
            "".join(self.random.choices(SYLLABLES, k=self.random.choice((1, 1, 2, 2, 3, 4))))
            for _ in range(20_000)
        ]
        weights = [1 / (rank + 3) for rank in range(len(words))]
        self.sentences = [
            " ".join(self.random.choices(words, weights, k=self.random.randint(4, 22))).capitalize() + "."
            for _ in range(20_000)
        ]

    def text(self, mean_sentences: float) -> str:
        """Return a paragraph, now and then with code, another script or a list in it."""
        count = 1 + int(self.random.expovariate(1 / mean_sentences))
        sentences = self.random.choices(self.sentences, k=count)
        # A number keeps texts different, so that the data hold hardly any duplicates.
        sentences[0] = f"{sentences[0]} ({self.random.randint(0, 10**7)})"
        kind = self.random.random()
        if kind < 0.08:
            sentences.append('\n```python\nprint("' + self.random.choice(sentences)[:40] + '")\n```')
        elif kind < 0.16:
            sentences.append(self.random.choice(SCRIPTS))
        elif kind < 0.3:
            return "\n".join(f"- {sentence}" for sentence in sentences)
        return " ".join(sentences)

    def turn(self, role: str, mean_sentences: float) -> dict[str, Any]:
        """Return one turn."""
        return {"role": role, "parts": [{"text": self.text(mean_sentences)}]}

    def sft(self) -> dict[str, Any]:
        """Return a supervised example of about 950 bytes."""
        example: dict[str, Any] = {}
        if self.random.random() < 0.5:
            example["systemInstruction"] = {
                "role": "system",
                "parts": [{"text": self.random.choice(PROMPTS)}],
            }
        turns = self.random.choices((2, 4, 6), (8, 1, 1))[0]
        example["contents"] = [
            self.turn("user" if i % 2 == 0 else "model", 1.5 + i % 2 * 2) for i in range(turns)
        ]
        return example

    def chat(self) -> dict[str, Any]:
        """Return the example that ``sft`` would, in the shape most other tools read."""
        example = self.sft()
        turns = [example["systemInstruction"]] if "systemInstruction" in example else []
        return {"messages": [_message(turn) for turn in turns + example["contents"]]}

    def preference(self) -> dict[str, Any]:
        """Return a preference example."""
        better = {"score": 1.0, "completion": self.turn("model", 4)}
        worse = {"score": 0.0, "completion": self.turn("model", 4)}
        return {"contents": [self.turn("user", 2)], "completions": [better, worse]}

    def tools(self) -> dict[str, Any]:
        """Return a supervised example with a function call."""
        name = self.random.choice(("get_weather", "find_flights", "play_song"))
        schema = {
            "type": "OBJECT",
            "properties": {"query": {"type": "STRING", "description": "What to look for"}},
        }
        answer = {"functionCall": {"name": name, "args": {"query": self.random.choice(self.sentences)}}}
        return {
            "contents": [self.turn("user", 1.5), {"role": "model", "parts": [answer]}],
            "tools": [
                {"functionDeclarations": [{"name": name, "description": "Looks it up", "parameters": schema}]}
            ],
        }

    def media(self) -> dict[str, Any]:
        """Return a supervised example with a question about one or two pictures."""
        uris = [
            f"gs://pictures/{self.random.randint(0, 10**9)}.jpg" for _ in range(self.random.randint(1, 2))
        ]
        asked = self.turn("user", 1.5)
        asked["parts"] += [{"fileData": {"mimeType": "image/jpeg", "fileUri": uri}} for uri in uris]
        return {
            "contents": [asked, self.turn("model", 2)],
            "generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW"},
        }

    def broken(self, line: str) -> str:
        """Return a line with something wrong in it."""
        kind = self.random.choice(BREAKAGES)
        if kind == "role":
            return line.replace('"model"', '"assistant"', 1)
        if kind == "cut":
            return line[: len(line) // 2]
        if kind == "number":
            return line.replace('{"text": "', '{"text": 42, "x": "', 1)
        return line[:-1] + ",}"


def _message(turn: dict[str, Any]) -> dict[str, str]:
    role = "assistant" if turn["role"] == "model" else turn["role"]
    return {"role": role, "content": turn["parts"][0]["text"]}


def iter_lines(format_name: str, seed: int = 1, broken: float = 0.0) -> Iterator[str]:
    """Yield lines for ever."""
    writer = Writer(seed)
    make = {
        "sft": writer.sft,
        "chat": writer.chat,
        "preference": writer.preference,
        "tools": writer.tools,
        "media": writer.media,
    }[format_name]
    while True:
        line = json.dumps(make(), ensure_ascii=False)
        yield writer.broken(line) if broken and writer.random.random() < broken else line


def write_file(path: Path, size: int, format_name: str = "sft", seed: int = 1, broken: float = 0.0) -> int:
    """Write at least ``size`` bytes; return the number of lines."""
    written = lines = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in iter_lines(format_name, seed, broken):
            written += len(line.encode()) + 1
            lines += 1
            file.write(line + "\n")
            if written >= size:
                return lines
    return lines


def main() -> None:
    """Write a file as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--bytes", type=lambda text: int(float(text)), default=100_000_000)
    parser.add_argument("--format", choices=("sft", "chat", "preference", "tools", "media"), default="sft")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--broken", type=float, default=0.0)
    options = parser.parse_args()
    lines = write_file(options.path, options.bytes, options.format, options.seed, options.broken)
    print(f"{options.path}: {lines:,} lines")


if __name__ == "__main__":
    main()
