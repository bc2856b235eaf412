"""`python -m benchmarks NAME`, which is what `./run bench` runs in a checkout."""

import argparse
import sys
from dataclasses import replace

from amparo.cli.bench import add_arguments
from amparo.home import BadSettings
from benchmarks.bench import BENCHES, Effort, bench, say, sizes_in
from benchmarks.chart import bars
from benchmarks.clients import NoAnswer
from benchmarks.reports import NotTaken


def main() -> int:
    """Run one benchmark, or list them. Returns 1 only where --check is said and a bar does not hold."""
    parser = argparse.ArgumentParser(prog="amparo bench")
    add_arguments(parser)
    arguments = parser.parse_args()
    if not arguments.name:
        for name, (_, measures) in BENCHES.items():
            print(f"{name:<12} {measures}")
        return 0
    if arguments.name not in BENCHES:
        print(f"amparo bench: There is no {arguments.name!r}. There is: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    try:
        effort = Effort(arguments.seconds, arguments.repeats)
        if arguments.n:
            effort = replace(effort, sizes=sizes_in(arguments.n))
        result = bench(arguments.name).measure(effort, say)
    except (BadSettings, NoAnswer, NotTaken) as error:
        print(f"amparo bench: {error}", file=sys.stderr)
        return 2
    print(result.as_json() if arguments.json else result.as_text())
    if arguments.picture is not None:
        arguments.picture.write_text(bars(result))
    return 1 if arguments.check and any(row.holds is False for row in result.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
