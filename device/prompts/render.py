"""Renders words to sound files, the unit's or another program's, and puts a person's recordings in their place.

    python -m device.prompts.render
    python -m device.prompts.render --recording FILE --prompt ready --language lv
    python -m device.prompts.render --words WORDS.toml --folder FOLDER

Rules: what stands and is right is not made again; a recording is never overwritten. To go back to the rendered
voice, remove the recording's file and render again.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from device.prompts import manifest as files
from device.prompts import sound
from device.prompts.manifest import AUDIO, RECORDING, AudioError, Manifest, Spoken, name_of
from device.prompts.words import Language, Words, WordsError, load, load_others


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a run has done, and what it had to leave wrong: recordings that are damaged or say old words."""

    made: int
    kept: int
    recordings: int
    problems: tuple[str, ...]


def render(folder: Path, words: Words, longest_s: float = sound.LONGEST_S) -> Rendered:
    """Render what is missing, changed or damaged. Raises SoundError and OSError."""
    known = _known(folder)
    wanted = {
        (language, prompt): said
        for (language, prompt), said in words.items()
        if not _stands(folder, name_of(language, prompt), known, said)
    }
    if wanted:
        source = sound.voice_version()
        for (language, prompt), said in wanted.items():
            name = name_of(language, prompt)
            known[name] = _put(folder, name, _speech(said, language, longest_s), said, source, sound.RECIPE)
        files.save(folder, known)
    recordings = sum(known[name_of(*key)].is_recording for key in words)
    return Rendered(
        made=len(wanted),
        kept=len(words) - len(wanted) - recordings,
        recordings=recordings,
        problems=tuple(files.verify(folder, words)),
    )


def use_recording(recording: Path, prompt: str, language: Language, folder: Path, words: Words) -> Spoken:
    """Put a person's recording in the place of a rendered file. Raises SoundError and OSError."""
    known = _known(folder)
    name = name_of(language, prompt)
    spoken = _put(folder, name, lambda target: sound.convert(recording, target), words[language, prompt], RECORDING)
    files.save(folder, {**known, name: spoken})
    return spoken


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks; an error ends with a line that says what to do."""
    asked = _parse(arguments)
    try:
        words = load_others(asked.words) if asked.words else load()
        if asked.recording:
            if (asked.language, asked.prompt) not in words:
                known = ", ".join(sorted({prompt for _, prompt in words}))
                sys.exit(f"prompts: there is no prompt {asked.prompt}; there are {known}")
            spoken = use_recording(asked.recording, asked.prompt, asked.language, asked.folder, words)
            _say(f"{name_of(asked.language, asked.prompt)} is now your recording, {spoken.duration_s} s")
            return
        done = render(asked.folder, words, sound.LONGEST_OF_OTHERS_S if asked.words else sound.LONGEST_S)
    except (WordsError, AudioError, sound.SoundError, OSError) as error:
        sys.exit(f"prompts: {error}")
    _say(f"{done.made} rendered, {done.kept} unchanged, {done.recordings} recorded by a person")
    if done.problems:
        sys.exit("\n".join(f"prompts: {problem}" for problem in done.problems))


def _known(folder: Path) -> Manifest:
    """Return the folder's manifest, empty where nothing was rendered yet. Raises AudioError."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return files.load(folder)
    except files.NothingRenderedError:
        return {}


def _stands(folder: Path, name: str, known: Manifest, said: str) -> bool:
    spoken = known.get(name)
    if spoken is None or not (folder / name).exists():
        return False
    if spoken.is_recording:
        return True
    if spoken.words != said or spoken.recipe != sound.RECIPE:
        return False
    try:
        files.read(folder, name, known)
    except AudioError:
        return False
    return True


def _speech(said: str, language: Language, longest_s: float) -> Callable[[Path], sound.Measured]:
    return lambda target: sound.speak(said, language, target, longest_s)


def _put(
    folder: Path, name: str, make: Callable[[Path], sound.Measured], said: str, source: str, recipe: str = ""
) -> Spoken:
    """Make a file aside and put it in its place whole."""
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as aside:
        target = Path(aside, place.name)
        measured = make(target)
        sha256 = files.hash_of(target.read_bytes())
        target.replace(place)
    return Spoken(words=said, source=source, sha256=sha256, duration_s=measured.duration_s, recipe=recipe)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m device.prompts.render", description="Render the unit's words.")
    parser.add_argument("--folder", type=Path, default=AUDIO, help="where the sound files go (default: %(default)s)")
    parser.add_argument("--words", type=Path, metavar="FILE", help="another program's words, not the unit's")
    recorded = parser.add_argument_group("to use a person's recording instead of the rendered voice")
    recorded.add_argument("--recording", type=Path, metavar="FILE", help="a sound file; 16 kHz or more, 0.5 to 4.8 s")
    recorded.add_argument("--prompt", metavar="PROMPT", help="the name of its table in the file of words")
    recorded.add_argument(
        "--language", type=Language, choices=list(Language), metavar="LANGUAGE", help=", ".join(Language)
    )
    asked = parser.parse_args(arguments)
    together = (asked.recording, asked.prompt, asked.language)
    if any(together) and not all(together):
        parser.error("--recording, --prompt and --language go together")
    if asked.words and asked.folder == AUDIO:
        parser.error("another program's words need a --folder of their own")
    return asked


def _say(line: str) -> None:
    sys.stdout.write(f"prompts: {line}\n")


if __name__ == "__main__":
    main()
