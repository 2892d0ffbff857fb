"""The words become sound that can be heard, are not made twice, and give way to a person's voice.

espeak-ng and sox are the real ones.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from device.core.effects import Prompt
from device.prompts import manifest as files
from device.prompts import sound
from device.prompts.manifest import AudioError, name_of
from device.prompts.render import main, render, use_recording
from device.prompts.sound import Measured, SoundError, measure
from device.prompts.words import Language, Words, load

READY = (Language.LV, Prompt.READY)
EVERY = len(Language) * len(Prompt)
FEW: Words = {READY: "Ierīce ir gatava.", (Language.EN, Prompt.CLOSED): "The alarm has ended."}


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All the words of the unit, rendered."""
    folder = tmp_path_factory.mktemp("audio")
    assert render(folder, load()).problems == ()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few words, rendered."""
    folder = tmp_path / "audio"
    render(folder, FEW)
    return folder


def record(path: Path, *effects: str, rate_hz: int = 44_100) -> Path:
    """A recording, in stereo, of a tone that stands for a voice."""
    sox = shutil.which("sox")
    assert sox
    subprocess.run([sox, "-n", "-r", str(rate_hz), "-c", "2", str(path), *effects], check=True)
    return path


def voice(path: Path) -> Path:
    return record(path, "synth", "1.5", "sine", "300", "vol", "0.3", "pad", "0.4", "0.4")


def measured(path: Path) -> Measured:
    return measure(path.read_bytes())


def without_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


# --- what is rendered ---


@pytest.mark.parametrize("language", Language)
def test_every_prompt_can_be_heard(spoken: Path, language: Language) -> None:
    for prompt in Prompt:
        heard = measured(spoken / name_of(language, prompt))
        assert (heard.rate_hz, heard.channels, heard.bits) == (16_000, 1, 16)
        assert 0.5 < heard.duration_s < sound.LONGEST_S, prompt
        assert heard.rms_dbfs > -26, f"{prompt} is too quiet"
        assert -4 < heard.peak_dbfs < -2, prompt


def test_no_word_begins_before_the_amplifier_is_awake(spoken: Path) -> None:
    header, lead = 44, 2 * 16_000 // 10
    for wav in spoken.glob("*/*.wav"):
        assert not any(wav.read_bytes()[header : header + lead]), wav.name


def test_the_manifest_tells_what_each_file_says_and_who_speaks(spoken: Path) -> None:
    manifest = files.load(spoken)
    for key, words in load().items():
        entry = manifest[name_of(*key)]
        assert entry.words == words
        assert entry.source.startswith("espeak-ng 1.")
        assert entry.duration_s == measured(spoken / name_of(*key)).duration_s


# --- what is not rendered again ---


def test_what_stands_is_not_made_again(spoken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {wav: wav.stat().st_mtime_ns for wav in spoken.glob("*/*.wav")}
    without_programs(monkeypatch, tmp_path)
    done = render(spoken, load())
    assert (done.made, done.kept, done.recordings, done.problems) == (0, EVERY, 0, ())
    assert {wav: wav.stat().st_mtime_ns for wav in spoken.glob("*/*.wav")} == before


def test_only_changed_words_are_made_again(folder: Path) -> None:
    before = files.load(folder)
    assert render(folder, {**FEW, READY: "Ierīce ir gatava darbam."}).made == 1
    after = files.load(folder)
    assert [name for name in after if after[name] != before[name]] == [name_of(*READY)]
    assert after[name_of(*READY)].words == "Ierīce ir gatava darbam."


def test_another_way_of_rendering_makes_everything_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "RECIPE", "another way")
    assert render(folder, FEW).made == len(FEW)


@pytest.mark.parametrize("harm", ["damaged", "missing"])
def test_a_harmed_file_is_made_again(folder: Path, harm: str) -> None:
    wav = folder / name_of(*READY)
    whole = wav.read_bytes()
    if harm == "damaged":
        wav.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    else:
        wav.unlink()
    assert len(files.verify(folder, FEW)) == 1
    assert render(folder, FEW).made == 1
    assert files.verify(folder, FEW) == []


def test_a_lost_manifest_makes_everything_again(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    assert render(folder, FEW).made == len(FEW)


def test_a_torn_manifest_is_left_to_a_person(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")
    with pytest.raises(AudioError, match="put recordings, if there were any, in again"):
        render(folder, FEW)


# --- a person's voice ---


def test_a_recording_takes_the_place_of_the_rendered_voice_and_stays(folder: Path, tmp_path: Path) -> None:
    entry = use_recording(voice(tmp_path / "me.wav"), Prompt.READY, Language.LV, folder, FEW)
    assert (entry.source, entry.words) == ("recording", FEW[READY])
    heard = measured(folder / name_of(*READY))
    assert (heard.rate_hz, heard.channels, heard.bits) == (16_000, 1, 16)
    assert -4 < heard.peak_dbfs < -2
    assert 1.5 < heard.duration_s < 1.9, "the silence around it was not brought to its measure"

    wav = (folder / name_of(*READY)).read_bytes()
    done = render(folder, FEW)
    assert (done.made, done.kept, done.recordings, done.problems) == (0, 1, 1, ())
    assert (folder / name_of(*READY)).read_bytes() == wav


def test_a_recording_of_old_words_stays_and_is_told(folder: Path, tmp_path: Path) -> None:
    use_recording(voice(tmp_path / "me.wav"), Prompt.READY, Language.LV, folder, FEW)
    done = render(folder, {**FEW, READY: "Esmu klāt."})
    assert done.made == 0
    assert "the words are now 'Esmu klāt.'; record it again, or remove it" in done.problems[0]


def test_a_damaged_recording_is_never_rendered_over(folder: Path, tmp_path: Path) -> None:
    use_recording(voice(tmp_path / "me.wav"), Prompt.READY, Language.LV, folder, FEW)
    (folder / name_of(*READY)).write_bytes(b"torn")
    assert "put the recording in again" in render(folder, FEW).problems[0]
    assert (folder / name_of(*READY)).read_bytes() == b"torn"


def test_a_removed_recording_gives_way_to_the_rendered_voice(folder: Path, tmp_path: Path) -> None:
    use_recording(voice(tmp_path / "me.wav"), Prompt.READY, Language.LV, folder, FEW)
    (folder / name_of(*READY)).unlink()
    assert render(folder, FEW).recordings == 0
    assert not files.load(folder)[name_of(*READY)].is_recording


@pytest.mark.parametrize(
    ("effects", "rate_hz", "problem"),
    [
        (("synth", "2", "sine", "300"), 8_000, "was recorded at 8000 Hz; record at 16000 Hz or more"),
        (("trim", "0", "2"), 44_100, "is silent or too quiet"),
        (("synth", "2", "sine", "300", "vol", "0.01"), 44_100, "is silent or too quiet"),
        (("synth", "7", "sine", "300"), 44_100, r"lasts 7\.2 s; 0\.5 to 4\.8 s are allowed"),
        (("synth", "0.1", "sine", "300"), 44_100, r"lasts 0\.3 s"),
    ],
)
def test_a_recording_that_cannot_serve_is_refused(
    folder: Path, tmp_path: Path, effects: tuple[str, ...], rate_hz: int, problem: str
) -> None:
    before = (folder / name_of(*READY)).read_bytes()
    recording = record(tmp_path / "me.wav", *effects, rate_hz=rate_hz)
    with pytest.raises(SoundError, match=problem):
        use_recording(recording, Prompt.READY, Language.LV, folder, FEW)
    assert (folder / name_of(*READY)).read_bytes() == before
    assert files.verify(folder, FEW) == []


def test_a_file_that_is_no_sound_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "me.wav").write_text("a letter")
    with pytest.raises(SoundError, match=r"sox failed: .*header not found"):
        use_recording(tmp_path / "me.wav", Prompt.READY, Language.LV, folder, FEW)
    with pytest.raises(SoundError, match="there is no such file"):
        use_recording(tmp_path / "nobody.wav", Prompt.READY, Language.LV, folder, FEW)


# --- what a person at the command line sees ---


def test_without_the_voice_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_programs(monkeypatch, tmp_path)
    with pytest.raises(SystemExit, match=r"prompts: espeak-ng is not installed.* sudo apt install espeak-ng sox"):
        main(["--folder", str(tmp_path / "audio")])


def test_the_command_tells_what_it_did(spoken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "audio"
    shutil.copytree(spoken, folder)
    main(["--folder", str(folder)])
    main([*f"--folder {folder} --prompt ready --language lv --recording".split(), str(voice(tmp_path / "me.wav"))])
    main(["--folder", str(folder)])
    assert capsys.readouterr().out.splitlines() == [
        f"prompts: 0 rendered, {EVERY} unchanged, 0 recorded by a person",
        "prompts: lv/ready.wav is now your recording, 1.7 s",
        f"prompts: 0 rendered, {EVERY - 1} unchanged, 1 recorded by a person",
    ]
    (folder / "lv/ready.wav").write_bytes(b"torn")
    with pytest.raises(SystemExit, match=r"lv/ready\.wav has changed since it was made; put the recording in again"):
        main(["--folder", str(folder)])


@pytest.mark.parametrize("asked", ["--recording me.wav", "--prompt ready", "--language lv --prompt ready"])
def test_half_an_order_is_refused(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(asked.split())
    assert "--recording, --prompt and --language go together" in capsys.readouterr().err


def test_an_unknown_prompt_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SystemExit, match=r"there is no prompt redy; there are .*battery_low.*ready"):
        main(["--recording", "me.wav", "--prompt", "redy", "--language", "lv"])


# --- another program's words ---


def others(path: Path, said: str) -> Path:
    path.write_text("[welcome]\n" + "".join(f'{language} = "{said}"\n' for language in Language), encoding="utf-8")
    return path


def test_another_programs_words_are_rendered_into_a_folder_of_their_own(tmp_path: Path) -> None:
    said = "You have reached somebody. Please stay on the line."
    main(["--words", str(others(tmp_path / "words.toml", said)), "--folder", str(tmp_path / "audio")])
    assert files.load(tmp_path / "audio")["sv/welcome.wav"].words == said


def test_another_programs_words_never_go_into_the_units_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--words", str(others(tmp_path / "words.toml", "Hello."))])
    assert "a --folder of their own" in capsys.readouterr().err
