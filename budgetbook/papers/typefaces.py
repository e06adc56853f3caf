"""Which typefaces official papers are set in, and what stands in for those that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface under the names that systems know it by; the first is written into the papers."""

    name: str
    also: tuple[str, ...] = ()

    def among(self, installed: frozenset[str]) -> bool:
        """Whether one of its names is installed."""
        return any(name.casefold() in installed for name in (self.name, *self.also))


@dataclass(frozen=True, slots=True)
class Fonts:
    """One typeface for each use."""

    title: str
    head: str
    kai: str
    fang: str
    song: str
    latin: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A typeface that this machine lacks, and what is used for it; nothing if no stand-in is there either."""

    use: str
    wanted: str
    stand_in: str

    def __str__(self) -> str:
        if not self.stand_in:
            return f"本机没有“{self.wanted}”字体（用于{self.use}），也没有可替代的字体，版面会走样。请安装后重新生成。"
        return (
            f"本机没有“{self.wanted}”字体（用于{self.use}），已改用“{self.stand_in}”。"
            "正式付印前请安装该字体后重新生成，或在装有该字体的电脑上打印。"
        )


_SERIF = (
    Face("Noto Serif CJK SC", ("Noto Serif SC",)),
    Face("思源宋体", ("Source Han Serif SC", "Source Han Serif CN")),
    Face("AR PL UMing CN"),
)
_SANS = (
    Face("Noto Sans CJK SC", ("Noto Sans SC",)),
    Face("思源黑体", ("Source Han Sans SC", "Source Han Sans CN")),
    Face("微软雅黑", ("Microsoft YaHei", "msyh")),
    Face("文泉驿正黑", ("WenQuanYi Zen Hei", "WenQuanYi Micro Hei")),
)
_SONG = Face("宋体", ("SimSun", "NSimSun", "新宋体"))
_KAI = (
    Face("楷体", ("KaiTi", "simkai")),
    Face("楷体_GB2312", ("KaiTi_GB2312",)),
    Face("华文楷体", ("STKaiti", "Kaiti SC")),
)
_FANG = (
    Face("仿宋", ("FangSong", "simfang")),
    Face("仿宋_GB2312", ("FangSong_GB2312",)),
    Face("华文仿宋", ("STFangsong",)),
)
_TITLE = (
    Face("方正小标宋简体", ("FZXiaoBiaoSong-B05S", "FZXBSJW", "FZXiaoBiaoSong-B05")),
    Face("方正小标宋_GBK", ("FZXiaoBiaoSong-B05", "FZXBSK")),
    Face("华文中宋", ("STZhongsong",)),
)
_CHAINS: dict[str, tuple[str, tuple[Face, ...]]] = {
    "title": ("标题", (*_TITLE, _SONG, *_SERIF, *_SANS)),
    "head": ("表头和合计", (Face("黑体", ("SimHei", "STHeiti", "Heiti SC")), *_SANS, _SONG, *_SERIF)),
    "kai": ("其中项和表注", (*_KAI, Face("AR PL UKai CN"), _SONG, *_SERIF, *_SANS)),
    "fang": ("表内文字", (*_FANG, _SONG, *_SERIF, *_SANS)),
    "song": ("页码", (_SONG, *_SERIF, *_SANS)),
    "latin": ("数字", (Face("Times New Roman"), Face("Liberation Serif"), Face("Tinos"), Face("DejaVu Serif"))),
}
OFFICIAL = Fonts(**{role: chain[0].name for role, (_, chain) in _CHAINS.items()})


def second_choices() -> dict[str, str]:
    """Official typeface → the next in its chain, for word processors on machines that lack the first."""
    return {chain[0].name: chain[1].name for _, chain in _CHAINS.values()}


def fitting(installed: Iterable[str]) -> tuple[Fonts, tuple[Missing, ...]]:
    """The best typefaces among the *installed* ones, and what is missing."""
    names = frozenset(name.casefold() for name in installed)
    chosen: dict[str, str] = {}
    missing: list[Missing] = []
    for role, (use, chain) in _CHAINS.items():
        found = next((face.name for face in chain if face.among(names)), "")
        chosen[role] = found or chain[0].name
        if found != chain[0].name:
            missing.append(Missing(use, chain[0].name, found))
    return Fonts(**chosen), tuple(missing)
