"""`grantflow mail`: what is no report is refused, and nobody is unreached in a house where all is well."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Command


def test_what_is_no_report_is_refused(grantflow: Command, tmp_path: Path):
    (tmp_path / "report.eml").write_text("Subject: hello\n\nno report")
    ended = grantflow("mail", "bounce", str(tmp_path / "report.eml"), "--json")
    assert (ended.code, ended.json["refusals"][0]["code"]) == (1, "no_report")
    assert grantflow("mail", "bounce", str(tmp_path / "missing.eml")).code == 2
    assert grantflow("mail", "unreached", "--json").json == {"ok": True, "unreached": []}
