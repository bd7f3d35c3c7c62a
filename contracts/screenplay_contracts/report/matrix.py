"""Runs of clients as one HTML file that asks nobody for anything: cases by clients, a picture of what went wrong."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from screenplay_contracts.report import cells, picture
from screenplay_contracts.report.data import data
from screenplay_contracts.report.html import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from screenplay_contracts.report import Report
    from screenplay_contracts.report.cells import Cell, Run

MARKS = {
    "failed": "✗",
    "error": "!!",
    "inconclusive": "?",
    "warned": "!",
    "accepted": "≈",
    "passed": "✓",
    "skipped": "-",
}
MEANINGS = {
    "failed": "a MUST is broken",
    "warned": "a SHOULD or MAY is broken",
    "inconclusive": "its trigger was never met: no pass",
    "error": "the harness went wrong",
    "accepted": "broken, and excused",
    "passed": "kept",
    "skipped": "not judged",
}
FILTERS = {"all": "everything", "wrong": "all that is wrong"} | {name: name for name in cells.ORDER}
LEGEND = (
    "Time runs from left to right. Green: answered with 2xx; brown: with another status; red: not answered. A diamond:"
    " the fake struck it on purpose. A dashed line: the deadline of the job. Rest the pointer on a bar to be told more."
)
MOST_EVIDENCE = 4  # requests that are shown of a finding
MOST_NAMED = {"case": 2, "check": 1}  # what a cell names: checks, which are short, or cases

MATRIX_STYLE = """
body { max-width: 100rem; }
:root { --accepted: #5b6472; } @media (prefers-color-scheme: dark) { :root { --accepted: #a0a9b6; } }
.accepted { color: var(--accepted); }
table { border-collapse: separate; border-spacing: 0; font-size: .875rem; }
.wide { width: fit-content; max-width: 100%; overflow: auto; max-height: 85vh; border: 1px solid var(--line);
  border-radius: .4rem; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: var(--box); z-index: 2; max-width: 14rem;
  overflow-wrap: break-word; }
tbody th { position: sticky; left: 0; background: var(--page); font-weight: 400; max-width: 24rem; z-index: 1; }
thead th:first-child { left: 0; z-index: 3; }
td a, th code { white-space: nowrap; } td a { color: inherit; } .of-check tbody th { min-width: 22rem; }
td .mark { display: inline-block; min-width: 1.4em; font-weight: 700; }
td .pays { display: block; font-weight: 700; color: var(--failed); white-space: nowrap; }
fieldset { border: 0; padding: 0; margin: 1rem 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
legend { float: left; margin-right: 1rem; color: var(--soft); } label { cursor: pointer; white-space: nowrap; }
article { border: 1px solid var(--line); border-radius: .4rem; margin: .8rem 0; padding: .3rem 1rem 1rem;
  scroll-margin-top: 1rem; }
article:target { outline: 2px solid var(--inconclusive); }
article h3 { font-size: 1rem; margin: .6rem 0; } article h4 { font-size: .95rem; margin: .9rem 0 .2rem; }
article h4 .soft { font-weight: 400; } article p { margin: .3rem 0; } article details { border: 0; padding: 0; }
"""


def rendered(report: Report) -> str:
    """The page of one run."""
    return page([data(report)])


def page(runs: Sequence[Run]) -> str:
    """The page of several runs, each a report as JSON, side by side in their order."""
    names = cells.titles(runs)
    body = [
        f"<h1>screenplay-check client: {_headline(runs)}</h1>",
        *(_facts(name, run) for name, run in zip(names, runs, strict=True)),
        _filters("wrong" if any(cell.wrong for run in runs for cell in cells.by_case(run).values()) else "all"),
        "<h2>Cases</h2>",
        _table("case", names, [cells.by_case(run) for run in runs]),
        f'<h2>What went wrong</h2><p class="soft">{LEGEND}</p>',
        *(part for number, run in enumerate(runs) for part in _details(number, names[number], run)),
        "<h2>Checks</h2>",
        _table("check", names, [cells.by_check(run) for run in runs]),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>screenplay-check client</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n"""
        f'<link rel="icon" href="data:,">\n<style>{STYLE}{MATRIX_STYLE}{picture.STYLE}{_filter_style()}</style>\n'
        "</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _headline(runs: Sequence[Run]) -> str:
    good = sum(run["exit_code"] == 0 for run in runs)
    if len(runs) == 1:
        return "it keeps all it must" if good else "not all is as it must be"
    return f"{good} of {len(runs)} keep all they must"


def _facts(name: str, run: Run) -> str:
    counted = " ".join(
        f'<span class="{verdict}"><b>{count}</b> {verdict}</span>' for verdict, count in run["tally"].items() if count
    )
    told = run["settings"] | {"began": run["started_at"], "took": f"{run['seconds']:.1f} s"}
    told |= {"exit code": str(run["exit_code"]), "again": run["again"]}
    rows = "".join(f"<dt>{escape(key)}</dt><dd><code>{escape(value)}</code></dd>" for key, value in told.items())
    said = [*run["stale"], *run["notes"]]
    said += [] if run["complete"] else ["The run was interrupted: what had been recorded by then is judged."]
    notes = "".join(f"<p>{escape(one)}</p>" for one in said)
    return f"<details><summary><code>{escape(name)}</code> {counted}</summary><dl>{rows}</dl>{notes}</details>"


# Filters: a row is shown if it has in it what is chosen. Without a script, by :has().


def _filters(chosen: str) -> str:
    """*chosen* is what the page begins with."""
    choices = "".join(
        f'<label title="{MEANINGS.get(name, "")}"><input type="radio" name="show" id="show-{name}"'
        f"{' checked' if name == chosen else ''}> "
        f'<span class="{name}">{MARKS.get(name, "")} {text}</span></label>'
        for name, text in FILTERS.items()
    )
    return f"<fieldset><legend>Show</legend>{choices}</fieldset>"


def _filter_style() -> str:
    return "".join(
        f"body:has(#show-{name}:checked) .filtered:not(.has-{name}) {{ display: none; }}\n"
        for name in FILTERS
        if name != "all"
    )


def _classes(verdicts: Iterable[str]) -> str:
    found = set(verdicts)
    wrong = ["has-wrong"] if found & cells.WRONG else []
    return " ".join(["filtered", *wrong, *(f"has-{name}" for name in cells.ORDER if name in found)])


# The tables


def _table(what: str, names: Sequence[str], columns: Sequence[Mapping[str, Cell]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (what, *names))
    rows = "".join(_table_row(what, name, row) for name, row in cells.rows(columns))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide of-{what}" tabindex="0">{table}</div>'


def _table_row(what: str, name: str, row: Sequence[Cell | None]) -> str:
    kinds = _classes(cells.verdict(one) for cell in row if cell is not None for one in cell.checks)
    told = f"<code>{escape(name)}</code>"
    if what == "check":
        first = next(cell.checks[0] for cell in row if cell is not None)
        told += f' <span class="soft">{first["severity"].upper()}</span> {escape(first["promise"])}'
    content = "".join(_table_cell(what, number, cell) for number, cell in enumerate(row))
    return f'<tr class="{kinds}"><th scope="row">{told}</th>{content}</tr>'


def _table_cell(what: str, number: int, cell: Cell | None) -> str:
    if cell is None:
        return '<td class="skipped" title="not played">·</td>'
    other = "name" if what == "case" else "case"
    counted = ", ".join(
        f"{count} {kind}" for kind in cells.ORDER if (count := sum(cells.verdict(one) == kind for one in cell.checks))
    )
    bad = cell.wrong
    text = ", ".join(str(one[other]) for one in bad[: MOST_NAMED[what]])
    text += f" +{len(bad) - MOST_NAMED[what]}" if len(bad) > MOST_NAMED[what] else ""
    if bad:
        text = f'<a href="#{_anchor(number, str(bad[0]["case"]))}">{escape(text)}</a>'
    pays = f'<span class="pays">{cell.pays}</span>' if cell.pays else ""
    mark = f'<span class="mark">{MARKS[cell.verdict]}</span>'
    return f'<td class="{cell.verdict}" title="{escape(counted)}">{mark}{text}{pays}</td>'


def _anchor(number: int, case: str) -> str:
    return f"client-{number + 1}-{escape(case).replace('/', '-')}"


# What went wrong


def _details(number: int, name: str, run: Run) -> Iterator[str]:
    stories = {one["name"]: one for one in run.get("cases", ())}
    wrong = {case: cell for case, cell in cells.by_case(run).items() if cell.wrong}
    yield f"<h3><code>{escape(name)}</code>: {_counted(len(wrong), 'case')}</h3>" if wrong else ""
    for case, cell in wrong.items():
        yield _article(_anchor(number, case), case, cell, stories.get(case))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _article(anchor: str, case: str, cell: Cell, story: Mapping[str, Any] | None) -> str:
    pays = f', <span class="failed">{cell.pays}</span>' if cell.pays else ""
    drawn = "" if story is None else picture.picture(story)
    left_out = 0 if story is None else story["left_out"]
    more = f'<p class="soft">Not drawn: {_counted(left_out, "happening")} more.</p>' if left_out else ""
    again = f"<p>again: <code>{escape(cell.wrong[0]['again'])}</code></p>"
    kinds = _classes(cells.verdict(one) for one in cell.wrong)
    said = "".join(_wrong(one) for one in cell.wrong)
    return f'<article id="{anchor}" class="{kinds}"><h3>{escape(case)}{pays}</h3>{drawn}{more}{said}{again}</article>'


def _wrong(check: Mapping[str, Any]) -> str:
    found = cells.verdict(check)
    head = f'<h4><span class="{found}">{MARKS[found]} {found}</span> <code>{escape(check["name"])}</code> '
    source = f"{check['severity'].upper()}, {check['source']}"
    head += f'{escape(check["promise"])} <span class="soft">{escape(source)}</span></h4>'
    if not check["findings"]:
        return f"{head}<p>{escape(check['reason'] or '')}</p>"
    return head + "".join(_finding(one) for one in check["findings"][:MOST_EVIDENCE])


def _finding(finding: Mapping[str, Any]) -> str:
    said = f"<p><b>expected</b> {escape(finding['expected'])}<br><b>observed</b> {escape(finding['observed'])}</p>"
    shown = "\n\n".join(
        f"# {one.get('note', '')}\n{one['request']}\n{one['answer']}" for one in finding["evidence"][:MOST_EVIDENCE]
    )
    return f"{said}<details><summary>requests</summary><pre>{escape(shown)}</pre></details>" if shown else said
