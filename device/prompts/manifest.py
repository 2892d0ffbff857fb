"""What lies in the folder of spoken words: `manifest.json` names every file, what it says, who speaks, and its hash.

Rules: only a file that is what the manifest says is ever played, for a damaged or foreign one may say something else;
the manifest is replaced whole or not at all.
"""

import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from device.prompts.words import Language, Words

AUDIO = Path(__file__).with_name("audio")
RECORDING = "recording"
MAKE = "`python -m device.prompts.render`"
_MANIFEST = "manifest.json"


class AudioError(Exception):
    """A sound file cannot be used; the text says which, why, and what to do."""


class NothingRenderedError(AudioError):
    """The folder has no manifest."""


class Spoken(BaseModel):
    """One file: `source` is who speaks, `recipe` how it was rendered (empty for a recording)."""

    model_config = ConfigDict(frozen=True)

    words: str
    source: str
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    duration_s: Annotated[float, Field(gt=0)]
    recipe: str = ""

    @property
    def is_recording(self) -> bool:
        """Tell whether a person speaks."""
        return self.source == RECORDING


Manifest = dict[str, Spoken]
"""By the file's name in the folder, as `name_of` makes it. Names that are not known any more do no harm."""
_MANIFESTS = TypeAdapter(Manifest)


def name_of(language: Language, prompt: str) -> str:
    """Return where a prompt stands in the folder: `lv/ready.wav`."""
    return f"{language}/{prompt}.wav"


def hash_of(wav: bytes) -> str:
    """Return what tells a file from any other."""
    return hashlib.sha256(wav).hexdigest()


def load(folder: Path) -> Manifest:
    """Read the folder's manifest. Raises AudioError."""
    path = folder / _MANIFEST
    try:
        return _MANIFESTS.validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise NothingRenderedError(f"{path} is missing: nothing was rendered yet; run {MAKE}") from error
    except (OSError, ValidationError) as error:
        remedy = f"remove it, run {MAKE}, and put recordings, if there were any, in again"
        raise AudioError(f"{path} cannot be read ({_first_line(error)}); {remedy}") from error


def save(folder: Path, manifest: Manifest) -> None:
    """Write the folder's manifest."""
    fresh = folder / f"{_MANIFEST}.new"
    fresh.write_bytes(_MANIFESTS.dump_json(dict(sorted(manifest.items())), indent=1) + b"\n")
    fresh.replace(folder / _MANIFEST)


def read(folder: Path, name: str, manifest: Manifest) -> bytes:
    """Read a file, and hold it against the manifest. Raises AudioError."""
    spoken = manifest.get(name)
    if spoken is None:
        raise AudioError(f"{name} is not in the manifest of {folder}; run {MAKE}")
    try:
        wav = (folder / name).read_bytes()
    except OSError as error:
        raise AudioError(f"{folder / name} cannot be read ({error.strerror}); run {MAKE}") from error
    if hash_of(wav) != spoken.sha256:
        remedy = "put the recording in again, or remove it" if spoken.is_recording else f"run {MAKE}"
        raise AudioError(f"{folder / name} has changed since it was made; {remedy}")
    return wav


def verify(folder: Path, words: Words) -> list[str]:
    """Return all that is wrong with the folder: files missing, damaged, or saying something else than `words`."""
    try:
        manifest = load(folder)
    except AudioError as error:
        return [str(error)]
    problems = []
    for (language, prompt), said in words.items():
        name = name_of(language, prompt)
        try:
            read(folder, name, manifest)
        except AudioError as error:
            problems.append(str(error))
        else:
            problems += _outdated(folder / name, manifest[name], said)
    return problems


def _outdated(path: Path, spoken: Spoken, said: str) -> list[str]:
    if spoken.words == said:
        return []
    remedy = "record it again, or remove it" if spoken.is_recording else f"run {MAKE}"
    return [f"{path} says {spoken.words!r}, the words are now {said!r}; {remedy}"]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
