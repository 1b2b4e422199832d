"""What is sent."""

import io
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from near import assert_law, assert_mean, assert_rate
from semcom.errors import UserError
from semcom.sources import KINDS, Digits, Folder, Photographs, RandomBits, Source
from semcom.sources.digits import examples
from semcom.sources.photographs import SCENES, halved
from semcom.sources.pictures import GRID, whole

SOURCES: list[Source] = [
    RandomBits(packet_bits=123),
    Photographs(),
    Photographs(view="tiles", tile=32),
    Photographs(split="train", view="tiles", tile=32),
    Digits(),
    Digits(split="train"),
]
every_source = pytest.mark.parametrize("source", SOURCES, ids=str)


@every_source
def test_the_same_generator_gives_the_same_units_of_the_stated_shapes(source: Source) -> None:
    first, again = (source.draw(5, np.random.default_rng(3)) for _ in range(2))
    assert tuple(batch.data.shape[1:] for batch in first) == source.units()
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.data, other.data)
        assert one.data.dtype == np.float32
        assert 0.0 <= one.data.min() <= one.data.max() <= 1.0
        assert one.labels is None or len(one.labels) == len(one.data)


def test_every_kind_of_source_is_tested_here() -> None:
    assert {type(source) for source in SOURCES} | {Folder} == set(KINDS)


@pytest.mark.parametrize("packet_bits", [1, 7, 8, 1001])
def test_bits_are_equally_likely_and_independent(packet_bits: int, rng: np.random.Generator) -> None:
    (batch,) = RandomBits(packet_bits=packet_bits).draw(200_000 // packet_bits, rng)
    bits = batch.data
    assert set(np.unique(bits)) == {0.0, 1.0}
    assert_rate(int(bits.sum()), bits.size, 0.5)
    flat = bits.ravel()[: bits.size // 2 * 2].reshape(-1, 2)
    assert_rate(int((flat[:, 0] == flat[:, 1]).sum()), len(flat), 0.5)
    for position in range(min(packet_bits, 8)):
        assert_rate(int(bits[:, position].sum()), len(bits), 0.5)


def test_no_scene_stands_on_both_sides_of_the_split() -> None:
    names = {
        split: {name for scene in SCENES if scene.split == split for name in scene.files}
        for split in ("fit", "validation", "test")
    }
    assert names["test"] == {"chelsea.png", "coffee.png", "china.jpg"}
    assert sum(map(len, names.values())) == len(set.union(*names.values())) == sum(len(s.files) for s in SCENES)
    views = [scene for scene in SCENES if any(name.startswith("motorcycle") for name in scene.files)]
    assert [len(scene.files) for scene in views] == [2]  # the stereo pair is one scene


def test_no_picture_is_in_both_splits() -> None:
    train, test = (Photographs(split=split).pictures() for split in ("train", "test"))
    assert (len(train), len(test)) == (11, 3)
    for one, other in itertools.product(train, test):
        assert one.shape != other.shape or (one != other).any()


def test_fit_and_validation_make_up_the_training_scenes() -> None:
    def pictures(split: str) -> list[bytes]:
        return [picture.tobytes() for picture in Photographs.read({"kind": "photographs", "split": split}).pictures()]

    assert min(len(pictures("fit")), len(pictures("validation"))) >= 3
    assert sorted(pictures("fit") + pictures("validation")) == sorted(pictures("train"))


def test_scenes_are_equally_likely_whatever_the_number_of_their_pictures() -> None:
    weights = dict(
        zip(
            [name for s in SCENES if s.split != "test" for name in s.files],
            Photographs(split="train").weights(),
            strict=True,
        )
    )
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["motorcycle_left.png"] == pytest.approx(weights["rocket.jpg"] / 2.0)
    assert Photographs().weights() == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def found(tile: np.ndarray, pictures: tuple[np.ndarray, ...]) -> list[int]:
    """The numbers of the pictures that hold a tile, its colours in any order."""
    grey = tile.astype(np.int64).sum(axis=2)
    side = len(tile)
    holders = []
    for number, picture in enumerate(pictures):
        summed = picture.astype(np.int64).sum(axis=2)
        rows, columns = summed.shape
        corners = np.argwhere(summed[: rows - side + 1, : columns - side + 1] == grey[0, 0])
        if any((summed[top : top + side, left : left + side] == grey).all() for top, left in corners):
            holders.append(number)
    return holders


def pixels(batch_data: np.ndarray) -> np.ndarray:
    return np.round(batch_data * 255.0).astype(np.uint8)


def test_tiles_for_the_test_are_cut_from_its_pictures_and_no_others(rng: np.random.Generator) -> None:
    (batch,) = Photographs(view="tiles", tile=32).draw(6, rng)
    train, test = (Photographs(split=split).pictures() for split in ("train", "test"))
    for tile in pixels(batch.data):
        assert len(found(tile, test)) == 1
        assert not found(tile, train)


def ways(tile: np.ndarray) -> list[np.ndarray]:
    """A tile turned and mirrored in all eight ways."""
    return [np.rot90(side, turns) for side in (tile, tile[:, ::-1]) for turns in range(4)]


def test_tiles_for_training_are_cut_from_its_pictures_whole_or_halved(rng: np.random.Generator) -> None:
    (batch,) = Photographs(split="train", view="tiles", tile=32).draw(3, rng)
    train, test = (Photographs(split=split).pictures() for split in ("train", "test"))
    small = tuple(
        halved(picture[top:, left:][: (len(picture) - top) // 2 * 2, : (picture.shape[1] - left) // 2 * 2])
        for picture in train
        for top, left in itertools.product((0, 1), repeat=2)
    )
    for tile in pixels(batch.data):
        assert any(found(way, (*train, *small)) for way in ways(tile))
        assert not any(found(way, test) for way in ways(tile))


def test_tiles_fall_anywhere_in_a_picture(rng: np.random.Generator) -> None:
    """Rows and columns of the corner are uniform, the last ones included."""
    picture = np.arange(40 * 70 * 3).reshape(40, 70, 3)  # each value tells its place
    source = Photographs(view="tiles", tile=16)
    corners = np.array([source.cut(picture, rng)[0, 0, 0] // 3 for _ in range(4000)])
    rows, columns = corners // 70, corners % 70
    assert (rows.max(), columns.max()) == (24, 54)
    assert_mean(rows, 12.0)
    assert_mean(columns, 27.0)
    assert_law((rows + rng.random(4000)) / 25.0, "uniform")


def test_training_tiles_are_changed_as_often_as_is_said(rng: np.random.Generator) -> None:
    source = Photographs(split="train", view="tiles", tile=16)
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[..., 0], picture[..., 1], picture[..., 2] = 10, 20, 30
    picture += (np.arange(64) % 2 * 100).astype(np.uint8)[None, :, None]  # stripes, which halving greys out
    tiles = [source.cut(picture, rng) for _ in range(2000)]
    recoloured = sum(tuple(np.argsort(tile[0, 0])) != (0, 1, 2) for tile in tiles)
    assert_rate(recoloured, len(tiles), 0.5 * 5.0 / 6.0)
    plain = [tile for tile in tiles if len(np.unique(tile)) == 3]
    assert_rate(len(plain), len(tiles), 0.5)
    upright = [tile for tile in tiles if len(np.unique(tile)) == 6 and (tile[0] == tile[1]).all()]
    assert_rate(len(upright), len(tiles) - len(plain), 0.5)


def test_halving_takes_the_mean_of_four_pixels() -> None:
    picture = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    half = halved(picture)
    assert half.shape == (2, 3, 3)
    exact = (picture[::2, ::2].astype(float) + picture[1::2, ::2] + picture[::2, 1::2] + picture[1::2, 1::2]) / 4.0
    np.testing.assert_array_equal(half, np.round(exact))


def test_whole_pictures_are_the_pictures_cut_to_multiples_of_sixteen() -> None:
    batches = Photographs().draw(1, np.random.default_rng(0))
    for batch, picture in zip(batches, Photographs().pictures(), strict=True):
        _, rows, columns, _ = batch.data.shape
        assert rows % GRID == columns % GRID == 0
        assert picture.shape[0] - rows < GRID
        assert picture.shape[1] - columns < GRID
        np.testing.assert_array_equal(pixels(batch.data[0]), picture[:rows, :columns])
    assert Photographs().one_block
    assert not Photographs(view="tiles").one_block


def test_digits_are_split_by_their_place_in_the_file() -> None:
    from sklearn.datasets import load_digits

    (train, train_labels), (test, test_labels) = examples("train"), examples("test")
    assert (len(train), len(test)) == (1078, 719)
    together = np.concatenate([train, test])[..., 0] * 16.0
    np.testing.assert_array_equal(together, load_digits().images)
    np.testing.assert_array_equal(np.concatenate([train_labels, test_labels]), load_digits().target)
    assert set(test_labels) == set(train_labels) == set(range(10))


def test_digits_are_drawn_with_their_labels(rng: np.random.Generator) -> None:
    pictures, labels = examples("test")
    (batch,) = Digits().draw(50, rng)
    for picture, label in zip(batch.data, batch.labels, strict=True):
        same = (pictures == picture).all(axis=(1, 2, 3))
        assert label in labels[same]


def picture_file(path: Path, rows: int, columns: int, rng: np.random.Generator) -> np.ndarray:
    picture = rng.integers(256, size=(rows, columns, 3), dtype=np.uint8)
    Image.fromarray(picture).save(path)
    return picture


def test_a_folder_s_pictures_come_in_the_order_of_their_names(tmp_path: Path, rng: np.random.Generator) -> None:
    names = ["d.png", "a.PNG", "g.png", "c.bmp", "f.png", "b.tiff", "e.png"]
    made = {name: picture_file(tmp_path / name, 32 + number, 50, rng) for number, name in enumerate(names)}
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden").mkdir()
    source = Folder(path=str(tmp_path))
    assert source.units() == ((32, 48, 3),) * len(names)
    for batch, name in zip(source.draw(1, rng), sorted(names), strict=True):
        np.testing.assert_array_equal(pixels(batch.data[0]), whole(made[name]))
    (batch,) = Folder(path=str(tmp_path), view="tiles", tile=32).draw(7, rng)
    assert batch.data.shape == (7, 32, 32, 3)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "CMYK", "I;16"])
def test_a_folder_s_pictures_become_three_colours_of_eight_bits(mode: str, tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 255, 32).astype(np.uint8), (32, 1))
    deep = Image.fromarray(ramp.astype(np.uint16) * 257)
    picture = deep if mode == "I;16" else Image.fromarray(ramp).convert(mode)
    picture.save(tmp_path / ("picture.tif" if mode == "CMYK" else "picture.png"))
    (read,) = Folder(path=str(tmp_path)).pictures()
    assert (read.shape, read.dtype) == ((32, 32, 3), np.uint8)
    if mode != "1":
        assert np.abs(read.mean(axis=2) - ramp).max() <= 1.0


def nothing(folder: Path) -> None:
    (folder / "notes.txt").write_text("no picture")


def no_picture(folder: Path) -> None:
    (folder / "a.png").write_bytes(b"GIF? no.")


def truncated(folder: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(256, size=(64, 64, 3), dtype=np.uint8)).save(buffer, "PNG")
    (folder / "a.png").write_bytes(buffer.getvalue()[:2000])


def truncated_jpeg(folder: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(256, size=(64, 64, 3), dtype=np.uint8)).save(buffer, "JPEG")
    (folder / "a.jpg").write_bytes(buffer.getvalue()[:2000])


def too_small(folder: Path) -> None:
    Image.fromarray(np.zeros((15, 40, 3), np.uint8)).save(folder / "a.png")


def deep_floats(folder: Path) -> None:
    Image.fromarray(np.ones((40, 40), np.float32)).save(folder / "a.tif")


def a_folder_named_like_a_picture(folder: Path) -> None:
    (folder / "a.png").mkdir()


def an_animation(folder: Path) -> None:
    frames = [Image.fromarray(np.full((40, 40, 3), grey, np.uint8)) for grey in (0, 90, 180)]
    frames[0].save(folder / "a.webp", save_all=True, append_images=frames[1:])


def pages(folder: Path) -> None:
    page = Image.fromarray(np.zeros((40, 40, 3), np.uint8))
    page.save(folder / "a.tif", save_all=True, append_images=[page])


def a_transparent_corner(folder: Path) -> None:
    pixels = np.full((40, 40, 4), 255, np.uint8)
    pixels[:2, :2, 3] = 254
    Image.fromarray(pixels).save(folder / "a.png")


def a_transparent_colour(folder: Path) -> None:
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(folder / "a.png", transparency=(0, 0, 0))


def a_transparent_deep_grey(folder: Path) -> None:
    Image.fromarray(np.zeros((40, 40), np.uint16)).save(folder / "a.png", transparency=0)


def a_palette_with_a_hole(folder: Path) -> None:
    Image.fromarray(np.arange(1600, dtype=np.uint8).reshape(40, 40)).convert("P").save(folder / "a.png", transparency=3)


def postscript(folder: Path) -> None:
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(folder / "a.eps")
    (folder / "a.eps").rename(folder / "a.png")


def a_bomb(folder: Path) -> None:
    """A picture of 144 megapixels in a few kilobytes."""
    data = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(data, "PNG")
    (folder / "a.png").write_bytes(data.getvalue())


SEE_THROUGH = r"a\.png cannot be read as a picture: some of its pixels are transparent; expected opaque ones"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (an_animation, r"a\.webp cannot be read as a picture: it has 3 frames; expected one picture"),
        (pages, r"a\.tif cannot be read as a picture: it has 2 frames; expected one picture"),
        (a_transparent_corner, SEE_THROUGH),
        (a_transparent_colour, SEE_THROUGH),
        (a_transparent_deep_grey, SEE_THROUGH),
        (a_palette_with_a_hole, SEE_THROUGH),
        (postscript, r"a\.png cannot be read as a picture: cannot identify image file"),
        (a_bomb, r"a\.png cannot be read as a picture: it has 12000x12000 pixels; expected at most 134217728 in all"),
        (nothing, r"source\.path: .* holds no picture; expected files such as \.png, \.jpg"),
        (no_picture, r"source\.path: .*a\.png cannot be read as a picture: "),
        (truncated, r"source\.path: .*a\.png cannot be read as a picture: "),
        (truncated_jpeg, r"source\.path: .*a\.jpg cannot be read as a picture: "),
        (too_small, r"source\.path: .*a\.png has 40x15 pixels; expected at least 16 a side"),
        (deep_floats, r"a\.tif cannot be read as a picture: its pixels have 32 bits; expected 8 or 16 bits a colour"),
        (a_folder_named_like_a_picture, r"source\.path: .*a\.png cannot be read as a picture: "),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_folder_that_cannot_be_read_says_why_in_one_line(
    make: Callable[[Path], None], words: str, tmp_path: Path
) -> None:
    make(tmp_path)
    with pytest.raises(UserError, match=words) as caught:
        Folder(path=str(tmp_path)).units()
    assert "\n" not in str(caught.value)


def test_a_picture_smaller_than_a_tile_is_refused(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(tmp_path / "a.png")
    assert Folder(path=str(tmp_path)).units() == ((32, 32, 3),)
    with pytest.raises(UserError, match=r"a\.png has 40x40 pixels; expected at least 64 a side"):
        Folder(path=str(tmp_path), view="tiles", tile=64).draw(1, np.random.default_rng(0))


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"source\.path: .*nowhere cannot be read as a folder: no such file or directory$"
    ):
        Folder(path=str(tmp_path / "nowhere")).pictures()


def test_a_good_picture_beside_a_bad_one_does_not_hide_it(tmp_path: Path, rng: np.random.Generator) -> None:
    picture_file(tmp_path / "a.png", 40, 40, rng)
    an_animation(tmp_path)
    with pytest.raises(UserError, match=r"source\.path: .*a\.webp cannot be read as a picture: it has 3 frames"):
        Folder(path=str(tmp_path)).pictures()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_exif_says(orientation: int, tmp_path: Path, rng: np.random.Generator) -> None:
    """By the eight cases of EXIF's tag 0x112, written out as what the stored rows and columns are in the scene."""
    upright = rng.integers(256, size=(32, 48, 3), dtype=np.uint8)
    turned = upright if orientation < 5 else np.swapaxes(upright, 0, 1)
    down, right = {2: (1, -1), 3: (-1, -1), 4: (-1, 1), 6: (-1, 1), 7: (-1, -1), 8: (1, -1)}.get(orientation, (1, 1))
    exif = Image.Exif()
    exif[0x112] = orientation
    Image.fromarray(np.ascontiguousarray(turned[::down, ::right])).save(tmp_path / "a.png", exif=exif)
    (read,) = Folder(path=str(tmp_path)).pictures()
    np.testing.assert_array_equal(read, upright)


def test_pictures_that_are_cut_are_told_once_for_a_folder(tmp_path: Path, rng: np.random.Generator) -> None:
    for folder, name, size in (("even", "a", (32, 48)), ("odd", "a", (32, 48)), ("odd", "b", (203, 311))):
        (tmp_path / folder).mkdir(exist_ok=True)
        picture_file(tmp_path / folder / f"{name}.png", *size, rng)
    said = "1 of 2 pictures are cut at the right and bottom to multiples of 16 pixels, such as 311x203 to 304x192"
    assert Folder(path=str(tmp_path / "even")).cautions() == ()
    assert Folder(path=str(tmp_path / "odd")).cautions() == (said,)
    assert Folder(path=str(tmp_path / "odd"), view="tiles", tile=16).cautions() == ()
