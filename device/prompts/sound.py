"""Makes sound files: espeak-ng speaks, sox brings everything to one form, and every result is measured.

Rules: 16 kHz, mono, 16 bit; 100 ms of silence first, so that an amplifier that wakes up swallows no word; peak at
-3 dBFS; no clicks at the ends. A result that nobody could hear or that lasts too long is refused.
"""

import math
import shutil
import subprocess
import wave
from array import array
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from device.prompts.manifest import hash_of
from device.prompts.words import Language

RATE_HZ = 16_000
SHORTEST_S = 0.5
LONGEST_S = 4.8
"""Some words are said again every 5 s: longer ones would cut themselves off."""
LONGEST_OF_OTHERS_S = 12.0
"""Of another program's words, which are not repeated so soon."""
LONGEST_ALOUD_S = 120.0
"""Of a text that somebody has written to be read aloud."""
QUIETEST_DBFS = -40.0
"""On the average of a whole file; speech at full level has about -20."""
QUIETEST_RECORDING = 0.03
"""The peak of a recording, of 1. Below it the room is recorded rather than the voice."""
LONGEST_RUN_S = 30
"""No program needs a second for such a file; this only keeps a broken one from hanging for ever."""

_VOICES = {Language.EN: "en-gb"}  # else the language's own name
_CALM_WPM = 130  # 175 is usual
_CALMER_WPM = {Language.ET: 145}  # this voice is slower than the others at the same number
_BREATH = ["-g", "2"]  # 20 ms between words
_TRIM = ["silence", "1", "0.01", "0.3%"]
_EFFECTS = [
    *("rate", "-h", str(RATE_HZ)),
    *(*_TRIM, "fade", "t", "0.01", "reverse"),
    *(*_TRIM, "fade", "t", "0.03", "reverse"),
    # Brings soft consonants up to the vowels, and the files to about one loudness.
    *("compand", "0.003,0.1", "6:-60,-60,-30,-18,0,-3"),
    *("gain", "-n", "-3"),
    *("pad", "0.1", "0.1"),
]
RECIPE = hash_of(repr((_VOICES, _CALM_WPM, _CALMER_WPM, _BREATH, _EFFECTS)).encode())[:12]
"""Names the way of rendering: what was rendered in another way is rendered anew."""


class SoundError(Exception):
    """A sound cannot be made; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a file sounds like; levels in dB below the loudest that a file can hold."""

    rate_hz: int
    channels: int
    bits: int
    duration_s: float
    peak_dbfs: float
    rms_dbfs: float


def voice_version() -> str:
    """Return the name of the voice with its version: `espeak-ng 1.51`. Raises SoundError."""
    _, _, said = _run("espeak-ng", "--version").stdout.partition("speech: ")
    return f"espeak-ng {said.split()[0] if said else '(unknown)'}"


def speak(words: str, language: Language, target: Path, longest_s: float = LONGEST_S) -> Measured:
    """Have words spoken into a file. Raises SoundError."""
    raw = target.with_suffix(".raw.wav")
    voice = _VOICES.get(language, language.value)
    pace = str(_CALMER_WPM.get(language, _CALM_WPM))
    # Not among the arguments: everybody on this machine could read them there.
    _run("espeak-ng", "-v", voice, "-s", pace, *_BREATH, "-z", "-w", str(raw), "--stdin", told=words)
    return _bring_to_form(raw, target, longest_s)


def convert(recording: Path, target: Path, longest_s: float = LONGEST_S) -> Measured:
    """Bring a person's recording to the form of all files. Raises SoundError."""
    if not recording.is_file():
        raise SoundError(f"{recording}: there is no such file")
    rate_hz = int(_run("sox", "--i", "-r", str(recording)).stdout)
    if rate_hz < RATE_HZ:
        raise SoundError(f"{recording} was recorded at {rate_hz} Hz; record at {RATE_HZ} Hz or more")
    if _peak_of(recording) < QUIETEST_RECORDING:
        raise SoundError(f"{recording} is silent or too quiet; record closer to the microphone")
    return _bring_to_form(recording, target, longest_s)


def measure(wav: bytes) -> Measured:
    """Measure a 16-bit file."""
    with wave.open(BytesIO(wav)) as file:
        form = file.getparams()
        samples = array("h", file.readframes(form.nframes))
    square = sum(sample * sample for sample in samples) / max(1, len(samples))
    return Measured(
        rate_hz=form.framerate,
        channels=form.nchannels,
        bits=8 * form.sampwidth,
        duration_s=round(form.nframes / form.framerate, 3),
        peak_dbfs=_decibels(max((abs(sample) for sample in samples), default=0)),
        rms_dbfs=_decibels(math.sqrt(square)),
    )


def _bring_to_form(source: Path, target: Path, longest_s: float) -> Measured:
    # -D: no dither, so that silence is silence and the same words always give the same file.
    _run("sox", "-V1", "-D", str(source), "-b", "16", "-c", "1", str(target), *_EFFECTS)
    measured = measure(target.read_bytes())
    if measured.rms_dbfs < QUIETEST_DBFS:
        raise SoundError(f"{source.name} came out silent ({measured.rms_dbfs:.0f} dBFS)")
    if not SHORTEST_S <= measured.duration_s <= longest_s:
        raise SoundError(f"{source.name} lasts {measured.duration_s} s; {SHORTEST_S} to {longest_s:g} s are allowed")
    return measured


def _peak_of(recording: Path) -> float:
    statistics = _run("sox", str(recording), "-n", "stat").stderr.splitlines()
    amplitudes = [line for line in statistics if line.startswith(("Maximum amplitude", "Minimum amplitude"))]
    return max((abs(float(line.partition(":")[2])) for line in amplitudes), default=0.0)


def _decibels(amplitude: float) -> float:
    return round(20 * math.log10(amplitude / 32768), 1) if amplitude else -math.inf


def _run(program: str, *arguments: str, told: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program to its good end; `told` is what it reads. Raises SoundError."""
    found = shutil.which(program)
    if found is None:
        raise SoundError(f"{program} is not installed. Install what speaks: sudo apt install espeak-ng sox")
    try:
        return subprocess.run(
            [found, *arguments],
            input=told,
            capture_output=True,
            timeout=LONGEST_RUN_S,
            check=True,
            text=True,
            errors="replace",
        )
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or ["it did not say why"]
        raise SoundError(f"{program} failed: {said[-1]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SoundError(f"{program} failed: {error}") from error
