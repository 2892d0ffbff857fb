"""The centre's spoken words: which file says what in which language.

Rules: only a file that is what the manifest says is ever played, for a damaged or foreign one may say something else;
a language that is not spoken gets English. The unit's program renders both programs' words (`make prompts`).
"""

import hashlib
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

from hub.core.effects import Prompt

AUDIO = Path(__file__).with_name("audio")
FALLBACK = "en"
LANGUAGES = ("en", "lv", "fi", "sv", "ru", "et")
MAKE = "`make prompts`"
_MANIFEST = "manifest.json"


class _Entry(BaseModel):
    sha256: str


_MANIFESTS = TypeAdapter(dict[str, _Entry])


class SpokenWords:
    """The files that may be played, looked through once."""

    def __init__(self, folder: Path = AUDIO) -> None:
        """Look through a folder that was rendered."""
        self.problems: list[str] = []
        self._files: dict[tuple[Prompt, str], Path] = {}
        known = self._manifest(folder)
        for prompt in Prompt:
            for language in LANGUAGES:
                path = folder / language / f"{prompt}.wav"
                problem = _problem_of(path, known.get(f"{language}/{path.name}"))
                if problem:
                    self.problems.append(problem)
                else:
                    self._files[prompt, language] = path

    def find(self, prompt: Prompt, language: str) -> Path | None:
        """Return the file that says it in this language, or else in English; None where there is neither."""
        return self._files.get((prompt, language)) or self._files.get((prompt, FALLBACK))

    def _manifest(self, folder: Path) -> dict[str, _Entry]:
        path = folder / _MANIFEST
        try:
            return _MANIFESTS.validate_json(path.read_bytes())
        except FileNotFoundError:
            self.problems.append(f"{path} is missing: nothing was rendered yet; run {MAKE}")
        except (OSError, ValidationError) as error:
            self.problems.append(f"{path} cannot be read ({error}); remove it and run {MAKE}")
        return {}


def _problem_of(path: Path, entry: _Entry | None) -> str:
    if entry is None:
        return f"{path} is not in the manifest; run {MAKE}"
    try:
        wav = path.read_bytes()
    except OSError as error:
        return f"{path} cannot be read ({error.strerror}); run {MAKE}"
    if hashlib.sha256(wav).hexdigest() != entry.sha256:
        return f"{path} has changed since it was made; run {MAKE}"
    return ""
