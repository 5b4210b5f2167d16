"""The kinds of probe, each in a file of its own; this table is all there is."""

from checklists.kinds import Kind
from checklists.probes import (
    browser,
    command,
    console,
    contract,
    evidence,
    explain,
    file,
    http,
    load,
    log,
    manual,
    promql,
    rules,
    sql,
    suite,
)

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        http.KIND,
        sql.KIND,
        explain.KIND,
        command.KIND,
        promql.KIND,
        rules.KIND,
        load.KIND,
        contract.KIND,
        evidence.KIND,
        suite.KIND,
        file.KIND,
        browser.KIND,
        console.KIND,
        log.KIND,
        manual.KIND,
    )
}
