"""Text, images, several labels and spoken sequences on small real data, as a person would use the nodes."""

from __future__ import annotations

import io
import wave
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from peephole.nodes.networks import convolution, inputs, layers, outputs, recurrent, training, using

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def real(path: str) -> Path:
    found = SHARED / path
    if not found.is_file():
        pytest.skip(f"the real data {path} are not there")
    return found


def measures(table: pd.DataFrame, network) -> dict[tuple[str, str], float]:
    found = using.evaluate_network(table, network).metrics
    return {(row.target, row.metric): row.value for row in found.itertuples()}


@pytest.mark.slow
def test_sentences_about_products_are_told_good_from_bad():
    """Guessing is right for half of them; logistic regression on words and pairs of words for 0.82 of them."""
    lines = real("sentiment/amazon_cells_labelled.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    rows = pd.DataFrame([line.rsplit("\t", 1) for line in lines], columns=["sentence", "label"])
    rows = rows.sample(frac=1, random_state=0)
    learn, test = rows[:800], rows[800:]
    drawn = layers.embedding(inputs.text_input(learn, column="sentence", steps=40, vocabulary=2000), size=16)
    drawn = layers.dropout(
        convolution.pooling(recurrent.gru(drawn, units=16, both_ways=True), how="max", whole=True), share=0.4
    )
    drawn = outputs.class_output(drawn, learn, target="label")
    network = training.train_network(drawn, learn, epochs=15, learning_rate=0.005, seed=1).network
    assert measures(test, network)["label", "accuracy"] > 0.7


def test_three_questions_at_once_about_handwritten_digits():
    rows = pd.read_csv(real("images/digits8x8.csv.gz"), header=None).rename(columns=str)
    pixels, digit = list(rows.columns[:64]), rows["64"]
    rows["even"], rows["large"], rows["round"] = digit % 2 == 0, digit > 4, digit.isin([0, 6, 8, 9])
    labels = ["even", "large", "round"]
    learn, test = rows[:1300], rows[1300:].reset_index(drop=True)
    drawn = inputs.image_input(learn, columns=pixels, height=8, width=8, brightest=16.0)
    drawn = convolution.pooling(convolution.convolution_2d(drawn, filters=16), whole=False)
    drawn = convolution.pooling(convolution.convolution_2d(drawn, filters=32), how="max", whole=True)
    drawn = outputs.label_output(drawn, learn, targets=labels)
    network = training.train_network(drawn, learn, epochs=15, learning_rate=0.005, seed=1).network
    found, said = measures(test, network), using.predict_network(test, network)
    for label in labels:
        assert found[label, "accuracy"] == pytest.approx((said[f"prediction {label}"] == test[label]).mean())
        assert found[label, "accuracy"] > 0.9


def loudness(samples: np.ndarray, rate: int = 8000, width: int = 400, step: int = 160, bands: int = 20) -> np.ndarray:
    """(T, bands): the logarithm of how loud each band of the spectrum is, every 20 ms; bands as wide as the ear has them."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, width)[::step] * np.hanning(width)
    power = np.abs(np.fft.rfft(frames)) ** 2
    mel = np.linspace(0, 2595 * np.log10(1 + rate / 2 / 700), bands + 2)
    at = 700 * (10 ** (mel / 2595) - 1) * width / rate
    bins = np.arange(power.shape[1])
    weights = [
        np.clip(np.minimum((bins - low) / (mid - low), (high - bins) / (high - mid)), 0, None)
        for low, mid, high in zip(at, at[1:], at[2:], strict=False)
    ]
    return np.log(power @ np.array(weights).T + 1e-6)


def spoken(speaker: str) -> dict[tuple[int, int], np.ndarray]:
    """By digit and number of the recording, what one speaker said: from -1 to 1."""
    found = {}
    with zipfile.ZipFile(real("speech/fsdd_4speakers.zip")) as archive:
        for name in archive.namelist():
            parts = Path(name).stem.split("_")
            if name.endswith(".wav") and parts[1] == speaker:
                with wave.open(io.BytesIO(archive.read(name))) as file:
                    samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
                found[int(parts[0]), int(parts[2])] = samples / 32768
    return found


@pytest.mark.slow
def test_spoken_digits_are_written_down_without_being_told_where_each_begins():
    """Two digits in a row, of one speaker; recordings 0 to 4 are the test, as their collection has it (CTC)."""
    said = spoken("jackson")
    draw = np.random.default_rng(0)

    def pairs(numbers: range, count: int) -> pd.DataFrame:
        rows = []
        for _ in range(count):
            digits, takes = draw.integers(0, 10, 2), draw.choice(numbers, 2)
            sound = np.concatenate([said[int(d), int(n)] for d, n in zip(digits, takes, strict=True)])
            bands = loudness(sound)
            row = {f"band {i}": bands[:, i].tolist() for i in range(bands.shape[1])}
            rows.append({**row, "digits": "".join(map(str, digits))})
        return pd.DataFrame(rows)

    learn, test = pairs(range(5, 50), 400), pairs(range(5), 60)
    columns = [name for name in learn if name.startswith("band")]
    drawn = convolution.convolution_1d(inputs.list_input(learn, columns=columns), filters=32, width=5, stride=2)
    drawn = recurrent.lstm(drawn, units=32, both_ways=True)
    drawn = outputs.label_sequence_output(drawn, learn, target="digits")
    network = training.train_network(
        drawn, learn, epochs=25, learning_rate=0.01, batch=16, clip_norm=1.0, seed=1
    ).network
    found, written = measures(test, network), using.predict_network(test, network)
    assert found["digits", "label error rate"] < 0.15
    assert found["digits", "exactly right"] == pytest.approx((written["prediction"] == written["digits"]).mean())
