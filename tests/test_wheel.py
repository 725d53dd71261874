"""The wheel: it holds all that AAA brings along, and works where there is no checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent
BROUGHT = ("agents/*.yaml", "scenarios/*.yaml", "data/*/**/*", "data/terms.yaml")
"""What lies beside the package in a checkout, and inside of it in a wheel."""
USE = """
from pathlib import Path
from aaa.export import FORMATS
from aaa.prompts import PromptSet
from aaa.scenario import bundled_root, load_card, load_ledger, load_scenario, prompt_files
assert bundled_root().name == "bundled", bundled_root()
assert load_ledger().of("apache-2.0").open is True
scenario = load_scenario([Path("scenarios/quickstart.yaml")])
assert list(prompt_files(scenario.prompts, near=Path.cwd()))
assert load_card("judge", near=[]).role == "judge"
assert PromptSet.load({}).texts()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="install the extra `dev`")
    from hatchling.builders.wheel import WheelBuilder

    (made,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"])
    return Path(made)


def test_it_holds_cards_scenarios_prompts_data_and_terms(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    files = [file.relative_to(ROOT).as_posix() for pattern in BROUGHT for file in ROOT.glob(pattern) if file.is_file()]
    assert "data/terms.yaml" in files
    assert {f"aaa/bundled/{file}" for file in files} <= names
    prompts = {file.relative_to(ROOT).as_posix() for file in (ROOT / "aaa/prompts").glob("*.jinja")}
    assert len(prompts) > 20
    assert prompts | {"aaa/py.typed"} <= names
    assert not [name for name in names if name.startswith(("tests/", "bench/")) or name.endswith((".db", ".pyc"))]


def test_it_works_without_a_checkout(wheel: Path, tmp_path: Path) -> None:
    with ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    (tmp_path / "work").mkdir()
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n{USE}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "work", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
