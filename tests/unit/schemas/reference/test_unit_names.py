"""Agency names of feeds: many spellings, one unit, no guessing."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from schemas.errors import ReferenceDataError, RejectError
from schemas.reference import UnitRegistry
from schemas.reference.vietnamese_text import without_diacritics, words_of

BEFORE = date(2024, 9, 1)
SINCE = date(2025, 8, 1)


@pytest.fixture(scope="module")
def units() -> UnitRegistry:
    return UnitRegistry.load()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Thành phố Hòa Bình", "148"),
        ("UBND TP. Hoà Bình", "148"),
        ("UBND TP.Hòa Bình", "148"),
        ("ủy ban nhân dân T.P Hòa Bình, tỉnh Hòa Bình", "148"),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HOÀ BÌNH", "148"),
        ("Uỷ ban nhân dân tỉnh Hoà Bình", "17"),
        ("UBND tỉnh", "17"),
        ("UBND huyện Tân Lạc", "155"),
        ("H. Tân Lạc", "155"),
        ("uy ban nhan dan huyen tan lac", "155"),
        ("P. Dân Chủ", "04819"),
        ("UBND P.Dân Chủ - TP Hòa Bình", "04819"),
        ("TT. Bo", "04978"),
        ("Ủy ban nhân dân thị trấn Bo huyện Kim Bôi", "04978"),
        ("X. Cao Sơn - H. Lương Sơn", "04957"),
        ("UBND xã Cao Sơn, huyện Đà Bắc, tỉnh Hòa Bình", "04876"),
        ("UBND xã Cao Sơn thuộc tỉnh Phú Thọ", "04876-2025"),
        ("Bộ phận Một cửa xã Pà Cò", "05209"),
        ("Bộ phận tiếp nhận và trả kết quả UBND xã Pà Cò", "05209"),
        ("HĐND & UBND xã Pà Cò", "05209"),
        ("Trung tâm Phục vụ hành chính công xã Lương Sơn", "04924-2025"),
        ("Trung tâm Phục vụ hành chính công tỉnh Phú Thọ", "25-TTPVHCC"),
        ("TT Phục vụ hành chính công tỉnh", "17-TTPVHCC"),
        ("Xã Văn Sơn", "05284"),
        ("Xã Vân Sơn", "05176"),
        ("Phường Kì Sơn, TP Hòa Bình", "04894"),
        ("Sở Tư pháp", "17-STP"),
        ("Sở Tư pháp tỉnh Phú Thọ", "25-STP"),
        ("Sở GD&ĐT", "17-SGDDT"),
        ("Sở Giáo dục & Đào tạo", "17-SGDDT"),
        ("Sở LĐ - TB & XH", "17-SLDTBXH"),
        ("SỞ TN&MT TỈNH HÒA BÌNH", "17-STNMT"),
    ],
)
def test_spellings_of_real_feeds(units: UnitRegistry, name: str, code: str, form: str) -> None:
    assert units.by_name(unicodedata.normalize(form, name)).code == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "meanings"),
    [
        ("Hòa Bình", ["17", "148", "04825"]),
        ("UBND Cao Phong", ["05089", "154"]),
        ("Xã Cao Sơn", ["04876", "04957"]),
        ("xa van son", ["05176", "05284"]),  # Vân Sơn or Văn Sơn
        ("xa my hoa", ["05083", "05143"]),  # Mỵ Hòa or Mỹ Hòa
        ("Xã Thanh Sơn", ["05041", "08542"]),  # no successor of each other
    ],
)
def test_what_may_mean_several_is_refused(
    units: UnitRegistry, name: str, meanings: list[str]
) -> None:
    with pytest.raises(RejectError) as caught:
        units.by_name(name)
    assert caught.value.code == "ambiguous_unit"
    for code in meanings:
        assert f"({code})" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["", "UBND", "Phường Không Có", "Xã", "Xã Cao Sơn, huyện Tân Lạc", "Sở Tư pháp Kim Bôi", "…"],
)
def test_unknown_names_are_refused(units: UnitRegistry, name: str) -> None:
    with pytest.raises(RejectError) as caught:
        units.by_name(name)
    assert caught.value.code == "unknown_unit"


def test_of_the_same_name_the_earliest_that_leads_to_the_others(units: UnitRegistry) -> None:
    unit = units.by_name("Xã Kim Bôi")
    assert unit.code == "05065"
    assert units.resolve(unit.code, SINCE).code == "04978-2025"


def test_a_day_decides_between_official_names_only(units: UnitRegistry) -> None:
    assert units.by_name("UBND xã Thanh Sơn", day=BEFORE).code == "05041"
    assert units.by_name("UBND xã Thanh Sơn", day=SINCE).code == "08542"
    assert units.by_name("X. Cao Sơn", day=SINCE).code == "04876-2025"
    # Feeds go on using short and old names: after the merger, "Hòa Bình" is not the new ward.
    for name in ("Hòa Bình", "xa cao son"):
        with pytest.raises(RejectError, match="may mean"):
            units.by_name(name, day=SINCE)
    assert units.by_name("UBND huyện Tân Lạc", day=SINCE).code == "155"


def test_every_unit_is_found_by_its_full_name_on_its_day(units: UnitRegistry) -> None:
    for unit in units:
        above = [parent.name for parent in units.ancestors(unit.code, unit.valid_from)]
        full = ", ".join([unit.name, *above])
        assert units.by_name(full, day=unit.valid_from) is unit
        upper = unicodedata.normalize("NFD", full.upper())
        assert units.by_name(upper, day=unit.valid_from) is unit


def test_a_feeds_own_alias_wins(tmp_path: Path) -> None:
    aliases = tmp_path / "unit_aliases.csv"
    aliases.write_text(
        'source,name,code\ndesk-a,"Hòa Bình",148\ndesk-a,UBND xã,04801\n,Thành phố,148\n'
    )
    units = UnitRegistry.load(aliases_path=aliases)
    assert units.by_name("HOÀ BÌNH", source="desk-a").code == "148"
    assert units.by_name("ubnd xa", source="desk-a").code == "04801"
    assert units.by_name("UBND TP", source="desk-b").code == "148"
    with pytest.raises(RejectError):
        units.by_name("Hòa Bình", source="desk-b")
    with pytest.raises(RejectError):
        units.by_name("UBND xã", source="desk-b")


def test_an_alias_of_an_unknown_unit_points_to_its_line(tmp_path: Path) -> None:
    aliases = tmp_path / "unit_aliases.csv"
    aliases.write_text("# ours\nsource,name,code\n,Thành phố,148\n,Phố,149\n")
    with pytest.raises(ReferenceDataError, match=r'unit "149"') as caught:
        UnitRegistry.load(aliases_path=aliases)
    assert (caught.value.path, caught.value.line) == (str(aliases), 4)


def test_words_keep_letters_and_forget_the_place_of_tones() -> None:
    assert words_of("Hoà") == words_of("hòa") == words_of(unicodedata.normalize("NFD", "HÒA"))
    assert words_of("Thuỷ") == words_of("Thủy")
    assert words_of("Văn") != words_of("Vân")
    assert words_of("Đà") != words_of("Da")
    bare = [without_diacritics(w) for w in words_of("Đường Nguyễn Huệ, Kỳ Sơn")]
    assert bare == ["duong", "nguyen", "hue", "ki", "son"]
