"""Every type of signals keeps the contract, and each what it promises beside it."""

import json

from amparo.matching.frame_signals import Pdq, VideoFrames
from amparo.matching.signal import Md5, Opaque, PhotoDna, Sha256
from tests.matching.signal_contract import SignalContract

HASH = "0f" * 32


class TestSha256(SignalContract):
    signal = Sha256()


class TestMd5(SignalContract):
    signal = Md5()


class TestPdq(SignalContract):
    signal = Pdq()


class TestVideoFrames(SignalContract):
    signal = VideoFrames()


class TestPhotoDna(SignalContract):
    signal = PhotoDna()


class TestATypeOfSomebodyElse(SignalContract):
    signal = Opaque("their_type")


def test_pdq_hashes_match_up_to_the_distance_and_no_further() -> None:
    pdq = Pdq()
    away_31 = f"{int(HASH, 16) ^ (2**31 - 1):064x}"
    away_32 = f"{int(HASH, 16) ^ (2**32 - 1):064x}"
    assert pdq.compare(HASH, away_31, 31)
    assert not pdq.compare(HASH, away_32, 31)
    assert pdq.compare(HASH, away_32, 32)
    assert not pdq.compare(HASH, away_31, 0)


def test_the_pipeline_of_a_pdq_hash_is_kept() -> None:
    assert Pdq().normal(f" {HASH.upper()}@PDQ-full-1 ") == f"{HASH}@pdq-full-1"
    assert Pdq().frames(f"{HASH}@pdq-full-1")[0].hash.hex() == HASH


def test_frames_are_kept_in_the_order_of_their_seconds() -> None:
    frames = VideoFrames()
    normal = frames.normal(json.dumps([f"{HASH},80,7", f"{HASH},50,2.5"]))
    assert [(each.seconds, each.quality) for each in frames.frames(normal)] == [(2.5, 50), (7.0, 80)]


def test_two_videos_match_only_as_a_whole() -> None:
    frames = VideoFrames()
    hashes = [f"{number:02x}" * 32 for number in (0x00, 0x0F, 0x33, 0x55, 0xFF)]
    whole = frames.normal(json.dumps([f"{each},80,{number}" for number, each in enumerate(hashes)]))
    most = frames.normal(json.dumps([f"{each},80,{number}" for number, each in enumerate(hashes[:4])]))
    part = frames.normal(json.dumps([f"{each},80,{number}" for number, each in enumerate(hashes[:3])]))
    assert frames.compare(whole, most, 31)
    assert not frames.compare(whole, part, 31)
