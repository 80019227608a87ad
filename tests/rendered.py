"""Documents as LibreOffice prints them, with declared stand-ins for the Chinese fonts that no Linux machine has."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

# the real name → what is taken instead, the first that is installed
STAND_INS = {
    "仿宋_GB2312": ["AR PL SungtiL GB", "Noto Serif CJK SC"], "楷体_GB2312": ["AR PL KaitiM GB", "Noto Serif CJK SC"],
    "黑体": ["WenQuanYi Zen Hei", "Noto Sans CJK SC"], "宋体": ["AR PL SungtiL GB", "Noto Serif CJK SC"],
    "方正小标宋简体": ["Noto Serif CJK SC"], "Times New Roman": ["Liberation Serif", "Noto Serif CJK SC"],
}  # fmt: skip
WORD = re.compile(r'<word xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" yMax="([0-9.]+)">(.*?)</word>')
WRITER = [Path("/usr/lib/libreoffice/program/libswlo.so"), Path("/usr/lib64/libreoffice/program/libswlo.so")]
needs_office = pytest.mark.skipif(
    not all(map(shutil.which, ("soffice", "pdftotext"))) or not any(path.exists() for path in WRITER),
    reason="LibreOffice Writer and poppler draw the pages (Debian: libreoffice-writer poppler-utils)",
)


def fonts_file(folder: Path) -> Path:
    """A fontconfig file of the tests' own."""
    matches = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test><edit name="family" mode="assign" binding="strong">'
        + "".join(f"<string>{each}</string>" for each in instead)
        + "</edit></match>"
        for name, instead in STAND_INS.items()
    )
    path = folder / "fonts.conf"
    path.write_text(f'<?xml version="1.0"?><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>{matches}</fontconfig>', encoding="utf-8")
    return path


def as_pdf(document: Path, folder: Path) -> Path:
    """The document printed to a PDF in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "FONTCONFIG_FILE": str(fonts_file(folder))}
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document)]
    subprocess.run(command, env=env, check=True, capture_output=True, timeout=180)
    return folder / f"{document.stem}.pdf"


def pages(pdf: Path) -> list[list[tuple[str, float, float, float, float]]]:
    """For each page its words with left, top, right and bottom in points."""
    told = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
    found = []
    for page in told.stdout.split("<page ")[1:]:
        found.append([(text, *map(float, box)) for *box, text in WORD.findall(page)])
    return found


def words(page) -> str:
    """The text of a page without blanks."""
    return "".join(word[0] for word in page).replace(" ", "")
