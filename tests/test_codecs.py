"""Source codecs of pictures: budgets, quality, and what a viewer sees of a file that breaks off."""

import io
import pickle
from functools import cache
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile, features
from pydantic import TypeAdapter

from semcom.codecs import CODECS, KINDS, Avif, Codec, Jpeg, Jpeg2000, Pcm, Webp, jpeg2000_stream, picture_files
from semcom.codecs.file_codec import FileCodec
from semcom.codecs.pcm import INDEX_BITS, LADDER
from semcom.errors import UserError
from semcom.sources import Digits, Photographs

FILES: tuple[FileCodec, ...] = (Jpeg(), Webp(), Jpeg2000(), Avif(speed=9))
CODED = [*FILES, Pcm()]
BUDGETS = (0, 100, 2000, 6000, 12_001, 30_000, 100_000)  # bits


def name(value: object) -> str:
    return value.kind if isinstance(value, Codec) else str(value)


@cache
def photograph(colours: int = 3) -> Any:
    picture = Photographs().draw(1, None)[1].data[0, 96:192, 200:328]
    return picture if colours == 3 else picture[..., 1:2]


@cache
def digit() -> Any:
    return Digits().draw(1, np.random.default_rng(7))[0].data[0]


def square_error(picture: Any, other: Any) -> float:
    return float(np.sum(np.square(picture - other), dtype=np.float64))


def opened(data: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(data)))


def finest_file(codec: FileCodec, colours: int = 3) -> bytes:
    bits = codec.compress(photograph(colours), 40_000)
    assert bits is not None
    return picture_files.bytes_of(bits)


@pytest.mark.parametrize("colours", [1, 3])
@pytest.mark.parametrize("codec", CODED, ids=name)
def test_no_codec_passes_its_budget_and_more_budget_never_looks_worse(codec: Codec, colours: int) -> None:
    picture = photograph(colours)
    coded = [codec.compress(picture, budget) for budget in BUDGETS]
    assert coded[0] is None
    assert coded[-1] is not None
    fits = [bits is not None for bits in coded]
    assert fits == sorted(fits)
    pairs = [(bits, budget) for bits, budget in zip(coded, BUDGETS, strict=True) if bits is not None]
    assert all(len(bits) <= budget for bits, budget in pairs)
    errors = [square_error(picture, codec.restore(bits, picture.shape)) for bits, _ in pairs]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0]


def pictures(rng: np.random.Generator) -> list[Any]:
    """A photograph's tile, a digit, and what is grey but for less than a step of 8 bits."""
    return [photograph()[:32, :32], digit(), rng.uniform(0.499, 0.5, (32, 32, 3)).astype(np.float32)]


@pytest.mark.parametrize("codec", CODED, ids=name)
def test_nothing_is_sent_that_looks_worse_than_mid_grey(codec: Codec, rng: np.random.Generator) -> None:
    for picture in pictures(rng):
        for budget in (12, 100, 256, 600, 1500, 3000, 8000):
            sent, fits = codec.compress(picture, budget), codec.fitting(picture, budget)
            if sent is not None:
                assert square_error(picture, codec.restore(sent, picture.shape)) < square_error(picture, 0.5)
                np.testing.assert_array_equal(sent, fits)
            elif fits is not None:
                assert square_error(picture, codec.restore(fits, picture.shape)) >= square_error(picture, 0.5)
    almost_grey = pictures(rng)[-1]
    assert codec.fitting(almost_grey, 8000) is not None
    assert codec.compress(almost_grey, 8000) is None


def test_one_bit_a_square_is_worse_than_mid_grey_for_a_tile_of_a_photograph() -> None:
    tile = photograph()[:32, :32]
    budget = INDEX_BITS + tile.size // 16
    worse = Pcm().restore(Pcm().fitting(tile, budget), tile.shape)
    assert square_error(tile, worse) > square_error(tile, 0.5)
    assert Pcm().compress(tile, budget) is None
    assert Pcm().compress(tile, 10 * budget) is not None


@given(budget=st.integers(0, 80_000))
def test_any_budget_is_kept(budget: int) -> None:
    for codec in (Jpeg(), Jpeg2000()):
        bits = codec.compress(photograph(), budget)
        assert bits is None or len(bits) <= budget


@pytest.mark.parametrize("codec", [Jpeg(), Webp(), Avif(speed=9)], ids=name)
def test_one_step_of_quality_more_does_not_fit(codec: FileCodec) -> None:
    pixels = picture_files.pixels_of(photograph())
    budget = 3000
    for options in codec.variants(3):
        sizes = [
            len(picture_files.written(pixels, codec.file_format, (*options, ("quality", quality))))
            for quality in range(codec.qualities[0], 101)
        ]
        fitting = [size for size in sizes if size <= budget]
        bits = picture_files.finest(pixels, codec.file_format, (options,), codec.qualities, budget)
        assert bits is not None
        assert len(bits) == sizes[len(fitting) - 1]


@pytest.mark.parametrize("budget", [1500, 3000, 12_000, 40_000])
def test_of_the_ways_to_write_a_jpeg_the_best_is_sent(budget: int) -> None:
    pixels = picture_files.pixels_of(photograph())
    codec = Jpeg()
    errors = []
    for options in codec.variants(3):
        data = picture_files.finest(pixels, "JPEG", (options,), codec.qualities, budget)
        shown = codec.restore(picture_files.bits_of(data or b""), photograph().shape)
        errors.append(square_error(photograph(), shown))
    sent = codec.compress(photograph(), 8 * budget)
    assert sent is not None
    assert square_error(photograph(), codec.restore(sent, photograph().shape)) == min(errors) < max(errors)


@pytest.mark.parametrize("budget", range(300, 12_000, 777))
def test_jpeg2000_fills_its_budget(budget: int) -> None:
    bits = Jpeg2000().compress(photograph(), 8 * budget)
    assert bits is not None
    assert 0.9 * budget < len(bits) / 8 <= budget


@pytest.mark.parametrize("budget", [2782, 8737, 20_647])
def test_jpeg2000_fills_budgets_near_which_its_encoder_stays_above(budget: int) -> None:
    bits = Jpeg2000().compress(Photographs().draw(1, None)[1].data[0], 8 * budget)
    assert bits is not None
    assert 0.9 * budget < len(bits) / 8 <= budget


@pytest.mark.parametrize("colours", [1, 3])
@pytest.mark.parametrize("codec", FILES, ids=name)
def test_a_whole_file_shows_what_pillow_shows(codec: FileCodec, colours: int) -> None:
    data = finest_file(codec, colours)
    expected = opened(data)
    if colours == 1 and expected.ndim == 3:  # WebP has no grey
        expected = np.asarray(Image.fromarray(expected).convert("L"))
    expected = expected.reshape(photograph(colours).shape).astype(np.float32) / np.float32(255.0)
    followed = np.concatenate([picture_files.bits_of(data), np.zeros(1001, np.uint8)])
    np.testing.assert_array_equal(codec.restore(followed, expected.shape), expected)


@pytest.mark.parametrize("codec", FILES, ids=name)
def test_files_hold_no_metadata(codec: FileCodec) -> None:
    data = finest_file(codec)
    with Image.open(io.BytesIO(data)) as picture:
        assert not picture.getexif()
        assert not {"icc_profile", "xmp", "exif", "comment"} & picture.info.keys()
    assert b"Created by" not in data


@pytest.mark.parametrize("codec", FILES, ids=name)
def test_compressing_again_without_the_cache_gives_the_same_bits(codec: FileCodec) -> None:
    data = finest_file(codec)
    for kept in (picture_files.written, picture_files.finest, jpeg2000_stream.fitting):
        kept.cache_clear()
    assert finest_file(codec) == data


def test_a_jpeg_that_breaks_off_shows_its_top_over_grey() -> None:
    picture = photograph()
    data = picture_files.written(picture_files.pixels_of(picture), "JPEG", (("quality", 60), ("progressive", False)))
    bits = picture_files.bits_of(data)
    whole, half = (Jpeg().restore(bits[:count], picture.shape) for count in (len(bits), len(bits) * 3 // 4))
    top = 28  # two rows of blocks but for the border, which interpolates colours across
    np.testing.assert_array_equal(half[:top], whole[:top])
    assert square_error(whole[:top], picture[:top]) < square_error(0.5, picture[:top]) / 10
    np.testing.assert_array_equal(half[-8:], np.float32(128 / 255))


def packets(data: bytes) -> tuple[int, list[int]]:
    """Where the first packet begins, and the packets' lengths."""
    header = {segment.marker: segment for segment in jpeg2000_stream.segments(data)}
    lengths = list(jpeg2000_stream._packet_lengths(data, header[jpeg2000_stream.PACKET_LENGTHS]))
    return header[jpeg2000_stream.DATA].end, lengths


def test_a_jpeg2000_stream_that_breaks_off_shows_the_packets_that_arrived_whole() -> None:
    codec, picture = Jpeg2000(), photograph()
    data = finest_file(codec)
    begin, lengths = packets(data)
    assert begin + sum(lengths) + 2 == len(data)
    coarse = begin + sum(lengths[:-3])  # without the finest resolution of the three colours
    half_sizes = []
    for stream in (data, codec.mend(data[: coarse + lengths[-3] // 2])):
        image: Any = Image.open(io.BytesIO(stream))
        image.reduce = 1
        half_sizes.append(np.asarray(image))
    np.testing.assert_array_equal(half_sizes[0], half_sizes[1])
    bits = picture_files.bits_of(data)
    cuts = [begin, *(begin + np.cumsum(lengths)), len(data)]
    errors = [square_error(picture, codec.restore(bits[: 8 * cut], picture.shape)) for cut in cuts]
    assert errors[0] == pytest.approx(square_error(128 / 255, picture), rel=1e-3)
    assert errors[-1] == min(errors)
    inside = codec.restore(bits[: 8 * (coarse + lengths[-3] - 1)], picture.shape)
    np.testing.assert_array_equal(inside, codec.restore(bits[: 8 * coarse], picture.shape))


@pytest.mark.parametrize("codec", [Webp(), Avif(speed=9)], ids=name)
def test_a_file_that_cannot_be_opened_is_mid_grey(codec: FileCodec) -> None:
    bits = picture_files.bits_of(finest_file(codec))
    np.testing.assert_array_equal(codec.restore(bits[: len(bits) // 2], (96, 128, 3)), 0.5)


@pytest.mark.parametrize("codec", CODED, ids=name)
def test_what_never_arrived_is_mid_grey(codec: Codec) -> None:
    for bits in (np.zeros(0, np.uint8), np.zeros(3, np.uint8), np.zeros(5000, np.uint8)):
        np.testing.assert_array_equal(codec.restore(bits, (8, 8, 1)), 0.5)


@pytest.mark.parametrize("codec", FILES, ids=name)
def test_a_file_of_another_size_is_mid_grey(codec: FileCodec) -> None:
    bits = picture_files.bits_of(finest_file(codec))
    np.testing.assert_array_equal(codec.restore(bits, (128, 96, 3)), 0.5)


@pytest.mark.parametrize("codec", FILES, ids=name)
def test_no_wrong_bits_make_a_viewer_fail(codec: FileCodec, rng: np.random.Generator) -> None:
    bits = picture_files.bits_of(finest_file(codec))
    first = 8 * 148 if isinstance(codec, Jpeg2000) else 0  # its header may ask for a million tiles
    for _ in range(60):
        torn = bits[: rng.integers(first + 1, len(bits) + 1)].copy()
        torn[rng.integers(first, len(torn), size=rng.integers(8))] ^= 1
        seen = codec.restore(torn, (96, 128, 3))
        assert seen.shape == (96, 128, 3)
        assert seen.dtype == np.float32
        assert 0.0 <= seen.min() <= seen.max() <= 1.0


def test_elsewhere_truncated_pictures_stay_errors() -> None:
    data = finest_file(Jpeg())
    Jpeg().restore(picture_files.bits_of(data)[:9000], (96, 128, 3))
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    with pytest.raises(OSError, match="truncated"):
        opened(data[: len(data) // 2])


@pytest.mark.parametrize("codec", FILES, ids=name)
def test_a_pillow_without_the_format_is_said(codec: FileCodec, monkeypatch: pytest.MonkeyPatch) -> None:
    codec.check()
    monkeypatch.setattr(features, "check", lambda feature: feature != codec.feature)
    with pytest.raises(UserError, match=f"codec {codec.kind}: this Pillow was built without {codec.kind}"):
        codec.check()


def test_pcm_costs_its_index_and_its_samples() -> None:
    rates = [64 * depth // side**2 for side, depth in LADDER]
    assert rates == sorted(rates)
    assert len(LADDER) == 2**INDEX_BITS - 1
    coded = [Pcm().fitting(digit(), budget) for budget in range(600)]
    assert all(bits is None or len(bits) <= budget for budget, bits in enumerate(coded))
    lengths = {len(bits) for bits in coded if bits is not None}
    assert min(lengths) == INDEX_BITS + 4
    assert max(lengths) == INDEX_BITS + 512
    assert lengths <= {INDEX_BITS + rate for rate in rates}


def test_pcm_of_full_depth_is_exact_to_half_a_step() -> None:
    bits = Pcm().compress(digit(), 10_000)
    assert bits is not None
    assert np.abs(Pcm().restore(bits, (8, 8, 1)) - digit()).max() <= 0.5 / 255 + 1e-6


def test_pcm_chooses_the_step_with_the_least_error() -> None:
    budget = INDEX_BITS + 64  # eight pixels in eight bits or sixty-four in one, and all between
    halves = np.zeros((8, 8, 1), np.float32)
    halves[:, :, 0] = np.arange(8) % 2
    smooth = np.repeat(np.repeat(np.linspace(0.1, 0.9, 16, dtype=np.float32).reshape(4, 4, 1), 2, 0), 2, 1)
    for picture, step in ((halves, (1, 1)), (smooth, (2, 4))):
        bits = Pcm().compress(picture, budget)
        assert bits is not None
        index = int("".join(map(str, bits[:INDEX_BITS])), 2)
        assert LADDER[index - 1] == step


def test_pcm_that_breaks_off_shows_the_samples_that_arrived() -> None:
    bits = Pcm().compress(digit(), INDEX_BITS + 256)
    assert bits is not None
    whole = Pcm().restore(bits, (8, 8, 1)).ravel()
    part = Pcm().restore(bits[: INDEX_BITS + 4 * 20 + 3], (8, 8, 1)).ravel()
    np.testing.assert_array_equal(part[:20], whole[:20])
    np.testing.assert_array_equal(part[20:], 0.5)


def test_pcm_with_an_index_that_does_not_divide_the_picture_is_mid_grey() -> None:
    bits = np.ones(500, np.uint8)
    bits[:INDEX_BITS] = (0, 0, 0, 1)
    assert LADDER[0][0] == 4
    np.testing.assert_array_equal(Pcm().restore(bits, (6, 6, 1)), 0.5)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_codecs_are_read_by_name_and_pickle(kind: type[Codec]) -> None:
    reader: TypeAdapter[Codec] = TypeAdapter(Annotated[Codec, CODECS])
    codec = kind()  # type: ignore[call-arg]
    assert reader.validate_json(f'"{codec.kind}"') == codec
    assert kind.read(codec.plain()) == codec
    assert pickle.loads(pickle.dumps(codec)) == codec


@pytest.mark.parametrize("codec", FILES, ids=name)
def test_a_file_of_which_hardly_the_start_arrived_is_grey(codec: FileCodec) -> None:
    bits = picture_files.bits_of(finest_file(codec))
    for count in range(0, 8 * 150, 56):
        assert np.abs(codec.restore(bits[:count], (96, 128, 3)) - 0.5).max() <= 0.5 / 255 + 1e-6
