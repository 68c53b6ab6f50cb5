"""Run the real pre-commit with this project as its hook, without network."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tunestats.rules import RULES

GIT = shutil.which("git")
NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{
        f"GIT_{who}_{what}": f"nobody@{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    },
}
# What pip would fetch is here already: the build system, and what the package needs.
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # pip's spelling of "yes"
    "PYTHONPATH": sysconfig.get_path("purelib"),
}


def run(folder: Path, *command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as it runs outside of this repository and of its hooks."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    environment = {**clean, **NOBODY, **OFFLINE, "PRE_COMMIT_HOME": str(home)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def git(folder: Path, *arguments: str) -> str:
    assert GIT is not None
    done = run(folder, GIT, *arguments, home=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def repository(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def copy_of_this_project(folder: Path) -> Path:
    """Return a repository with what stands here, committed or not."""
    files = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for name in filter(None, files):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "sample_data/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "hook")
    return folder


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no git repository")
def test_a_bad_commit_is_refused(tmp_path: Path) -> None:
    hook, home = copy_of_this_project(repository(tmp_path / "hook")), tmp_path / "home"
    project = repository(tmp_path / "project")
    revision = git(hook, "rev-parse", "HEAD")
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hook}\n  rev: {revision}\n  hooks:\n  - id: tunestats-check\n"
    )
    made = run(project, sys.executable, "-m", "pre_commit", "install", "--install-hooks", home=home)
    assert made.returncode == 0, made.stdout + made.stderr

    def commit(name: str, text: str) -> subprocess.CompletedProcess[str]:
        (project / name).write_text(text, encoding="utf-8", newline="\n")
        git(project, "add", "--all")
        return run(project, str(GIT), "commit", "--message", name, home=home)

    other = commit("notes.txt", "{")
    assert other.returncode == 0, other.stderr
    assert "(no files to check)Skipped" in other.stderr
    good = commit("a good one.jsonl", f"{RULES['E301'].good}\n")
    assert good.returncode == 0, good.stderr
    assert "Passed" in good.stderr
    bad = commit("schlecht-ü.jsonl", f"{RULES['E301'].good}\n{RULES['E301'].bad}\n")
    assert bad.returncode == 1
    assert "schlecht-ü.jsonl:2:" in bad.stderr
    assert "E301 [error] contents[1].role: `assistant` is not a role" in bad.stderr
    assert git(project, "log", "--format=%s").splitlines() == ["a good one.jsonl", "notes.txt"]
